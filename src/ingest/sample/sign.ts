import { createHmac, randomUUID } from 'node:crypto'
import type {
  AuthenticationScheme,
  SchemeOf,
  SchemeType,
  TimestampFormat,
} from '../../core/authentication.ts'
import { readFields } from '../../core/form.ts'
import { signStandardWebhook } from '../../core/signing.ts'

/** A request of ours that is about to be signed as its provider does it. */
export interface Unsigned {
  path: string
  query: string
  headers: Record<string, string>
  body: string
}

export interface Signing {
  atMs: number
  baseUrl: string
}

/** Nothing here can sign for the sender: its private key is not ours. */
export class CannotSign extends Error {}

type Sign<T extends SchemeType> = (scheme: SchemeOf<T>, request: Unsigned, signing: Signing) => Proof
interface Proof {
  headers?: Record<string, string>
  query?: string
}

type Hash = 'sha1' | 'sha256' | 'sha512'
const hmac = (hash: Hash, secret: string, text: string, encoding: 'hex' | 'base64') =>
  createHmac(hash, secret).update(text).digest(encoding)

/** With the first secret: the one that is in use where others are kept for rotation. */
const first = (secrets: readonly string[] | undefined): string => secrets?.[0] ?? ''

const inHeader =
  (header: string, prefix: string, encoding: 'hex' | 'base64') =>
  ({ secrets }: { secrets: string[] }, { body }: Unsigned): Proof => ({
    headers: { [header]: prefix + hmac('sha256', first(secrets), body, encoding) },
  })

const withTime =
  (header: string, timeHeader: string) =>
  ({ secrets }: { secrets: string[] }, { body }: Unsigned, { atMs }: Signing): Proof => {
    const time = secondsOf(atMs)
    const signature = hmac('sha256', first(secrets), `v0:${time}:${body}`, 'hex')
    return { headers: { [timeHeader]: time, [header]: `v0=${signature}` } }
  }

const secondsOf = (atMs: number): string => String(Math.floor(atMs / 1000))
const bearer = ({ secrets }: { secrets: string[] }): Proof => ({
  headers: { authorization: `Bearer ${first(secrets)}` },
})

const signers: { [T in SchemeType]: Sign<T> } = {
  none: () => ({}),
  bearer,
  alertmanager: bearer,
  basic: ({ username, passwords }) => ({
    headers: {
      authorization: `Basic ${Buffer.from(`${username}:${first(passwords)}`).toString('base64')}`,
    },
  }),
  'api-key': ({ in: where, name, keys }) =>
    where === 'header'
      ? { headers: { [name.toLowerCase()]: first(keys) } }
      : { query: new URLSearchParams({ [name]: first(keys) }).toString() },
  hmac: signHmac,
  github: inHeader('x-hub-signature-256', 'sha256=', 'hex'),
  bitbucket: inHeader('x-hub-signature', 'sha256=', 'hex'),
  gitea: inHeader('x-gitea-signature', '', 'hex'),
  shopify: inHeader('x-shopify-hmac-sha256', '', 'base64'),
  x: inHeader('x-twitter-webhooks-signature', 'sha256=', 'base64'),
  pagerduty: inHeader('x-pagerduty-signature', 'v1=', 'hex'),
  slack: withTime('x-slack-signature', 'x-slack-request-timestamp'),
  zoom: withTime('x-zm-signature', 'x-zm-request-timestamp'),
  gitlab: ({ tokens, signingTokens }, request, signing) =>
    signingTokens === undefined
      ? { headers: { 'x-gitlab-token': first(tokens) } }
      : signWebhook(signingTokens, request, signing),
  stripe: ({ secrets }, { body }, { atMs }) => {
    const time = secondsOf(atMs)
    const signature = hmac('sha256', first(secrets), `${time}.${body}`, 'hex')
    return { headers: { 'stripe-signature': `t=${time},v1=${signature}` } }
  },
  'standard-webhooks': ({ secrets }, request, signing) => signWebhook(secrets, request, signing),
  twilio: signTwilio,
}

function signWebhook(secrets: readonly string[], { body }: Unsigned, { atMs }: Signing): Proof {
  const secret = secrets.find(one => !one.startsWith('whpk_'))
  if (secret === undefined)
    throw new CannotSign('It holds only public keys (whpk_); only the sender has the private one')
  const input = { id: `msg_${randomUUID()}`, timestampSeconds: Math.floor(atMs / 1000), body }
  return { headers: { ...signStandardWebhook({ ...input, secrets: [secret] }) } }
}

function signHmac(scheme: SchemeOf<'hmac'>, { body }: Unsigned, { atMs }: Signing): Proof {
  const { header, algorithm = 'sha256', encoding = 'hex', prefix = '', timestamp } = scheme
  const headers: Record<string, string> = {}
  let text = body
  if (timestamp !== undefined) {
    const time = timeTexts[timestamp.format ?? 'unix-seconds'](atMs)
    headers[timestamp.header.toLowerCase()] = time
    const signed = timestamp.signed ?? '{timestamp}.{body}'
    text = signed.slice(0, -'{body}'.length).replace('{timestamp}', () => time) + body
  }
  headers[header.toLowerCase()] = prefix + hmac(algorithm, first(scheme.secrets), text, encoding)
  return { headers }
}

const timeTexts: Record<TimestampFormat, (atMs: number) => string> = {
  'unix-seconds': secondsOf,
  'unix-milliseconds': String,
  'iso-8601': atMs => new Date(atMs).toISOString(),
}

/** Over the URL that is entered at Twilio and the fields of the form, sorted by name. */
function signTwilio({ secrets, url }: SchemeOf<'twilio'>, request: Unsigned, { baseUrl }: Signing): Proof {
  const isWhole = url !== undefined && /^https?:\/\/[^/]+\/./i.test(url)
  const called = isWhole ? url : (url ?? baseUrl).replace(/\/$/, '') + request.path
  const query = request.query === '' ? '' : `?${request.query}`
  const fields = [...readFields(request.body)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, values]) => name + values.join(''))
    .join('')
  return {
    headers: { 'x-twilio-signature': hmac('sha1', first(secrets), called + query + fields, 'base64') },
  }
}

/** As all of the endpoint's schemes ask for it; those that sign the URL come last, when the query is whole. */
export function signSample(
  schemes: readonly AuthenticationScheme[],
  request: Unsigned,
  signing: Signing,
): Unsigned {
  const inOrder = schemes.toSorted((a, b) => Number(a.type === 'twilio') - Number(b.type === 'twilio'))
  return inOrder.reduce((signed, scheme) => {
    const { headers = {}, query = '' } = signWith(scheme.type, scheme, signed, signing)
    return {
      ...signed,
      headers: { ...signed.headers, ...headers },
      query: [signed.query, query].filter(Boolean).join('&'),
    }
  }, request)
}

type SchemeMap = { [T in SchemeType]: SchemeOf<T> & { type: T } }
const signWith = <T extends SchemeType>(
  type: T,
  scheme: SchemeMap[T],
  request: Unsigned,
  signing: Signing,
): Proof => signers[type](scheme, request, signing)
