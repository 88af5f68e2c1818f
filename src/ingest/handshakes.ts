import { createHmac } from 'node:crypto'
import type { AuthenticationScheme, SchemeOf } from '../core/authentication.ts'
import type { EndpointDefinition } from '../core/endpoint.ts'
import { compileAuthentication } from './verify/schemes.ts'
import { type Accepted, headerText, type ReceivedRequest } from './verify/verdict.ts'

/**
 * Some senders ask first whether an endpoint wants them. What they ask is answered and counted for the owner; it is no
 * event, so that no reaction fires on it.
 */
export interface Handshakes {
  /** What comes without a proof or a body, at the endpoint's path. Null: it is a request like any other. */
  unproven(request: ReceivedRequest): HandshakeAnswer | null
  /** What comes as a request that has passed. */
  proven(verdict: Accepted, json: () => unknown): HandshakeAnswer | null
}

export interface HandshakeAnswer {
  name: string
  /** 403: the endpoint's settings do not grant it. */
  status: 200 | 403
  headers: Record<string, string>
  body: string
  /** For the owner: what was asked and answered. */
  detail: string
}

type Unproven = Handshakes['unproven']
type Proven = (verdict: Accepted, body: unknown) => HandshakeAnswer | null

/** Null where nothing is to be looked for. */
export function compileHandshakes(
  definition: Pick<EndpointDefinition, 'allowedOrigins' | 'allowedRate' | 'methods'>,
  schemes: readonly AuthenticationScheme[],
  baseUrl: () => string,
): Handshakes | null {
  const unproven: Unproven[] = []
  const proven: Proven[] = []
  if (definition.allowedOrigins.length > 0) unproven.push(grantOrigin(definition))
  for (const scheme of schemes) {
    const others = schemes.filter(other => other !== scheme)
    if (scheme.type === 'x') unproven.push(behind(others, baseUrl, answerCrc(scheme)))
    if (scheme.type === 'slack') proven.push(answerSlack)
    if (scheme.type === 'zoom') proven.push(answerZoom(scheme, others.length === 0))
  }
  if (unproven.length + proven.length === 0) return null
  return {
    unproven: request => firstOf(unproven, ask => ask(request)),
    proven(verdict, json) {
      if (proven.length === 0) return null
      const body = json()
      return firstOf(proven, ask => ask(verdict, body))
    },
  }
}

function firstOf<T>(all: readonly T[], ask: (one: T) => HandshakeAnswer | null): HandshakeAnswer | null {
  for (const one of all) {
    const answer = ask(one)
    if (answer !== null) return answer
  }
  return null
}

/** The schemes beside the one whose handshake it is have to pass as ever. */
function behind(others: readonly AuthenticationScheme[], baseUrl: () => string, ask: Unproven): Unproven {
  if (others.length === 0) return ask
  const check = compileAuthentication(others, baseUrl)
  return request => (check(request).ok ? ask(request) : null)
}

const json = (name: string, value: object, detail: string): HandshakeAnswer => ({
  name,
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
  detail,
})

/**
 * developer.x.com, "Securing webhooks": GET with crc_token, answered by its HMAC under the consumer secret. That is how
 * X signs bodies too: a token that could be a JSON body would have a forger's request signed here, so none is taken.
 */
function answerCrc({ secrets }: SchemeOf<'x'>): Unproven {
  return ({ method, query }) => {
    if (method !== 'GET') return null
    const token = new URLSearchParams(query).get('crc_token')
    if (token === null || !/^[A-Za-z0-9+/=_.~-]{1,256}$/.test(token)) return null
    const digest = createHmac('sha256', secrets[0] ?? '')
      .update(token)
      .digest('base64')
    return json('crc', { response_token: `sha256=${digest}` }, 'X asked for a challenge response (crc_token)')
  }
}

/** docs.slack.dev, "url_verification": the challenge comes back as it is. */
const answerSlack: Proven = (_verdict, body) => {
  if (textAt(body, 'type') !== 'url_verification') return null
  const challenge = textAt(body, 'challenge')
  return challenge === null
    ? null
    : json('url-verification', { challenge }, 'Slack verified the URL (url_verification)')
}

/** developers.zoom.us, "Validate your webhook endpoint": the token, and its HMAC under the secret that signed. */
const answerZoom =
  ({ secrets }: SchemeOf<'zoom'>, isAlone: boolean): Proven =>
  ({ secretIndex }, body) => {
    if (textAt(body, 'event') !== 'endpoint.url_validation') return null
    const plainToken = textAt(valueAt(body, 'payload'), 'plainToken')
    if (plainToken === null) return null
    const secret = secrets[isAlone ? (secretIndex ?? 0) : 0] ?? ''
    const encryptedToken = createHmac('sha256', secret).update(plainToken).digest('hex')
    const detail = 'Zoom validated the URL (endpoint.url_validation)'
    return json('url-validation', { plainToken, encryptedToken }, detail)
  }

const valueAt = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined

function textAt(value: unknown, name: string): string | null {
  const text = valueAt(value, name)
  return typeof text === 'string' ? text : null
}

/** CloudEvents 1.0, "HTTP 1.1 Web Hooks", section 4, abuse protection. Callbacks are not called. */
function grantOrigin({
  allowedOrigins,
  allowedRate,
  methods,
}: Parameters<typeof compileHandshakes>[0]): Unproven {
  const allowed = new Set(allowedOrigins.map(origin => origin.toLowerCase()))
  const allow = (methods.includes('ANY') ? ['POST', 'OPTIONS'] : [...new Set([...methods, 'OPTIONS'])]).join(
    ', ',
  )
  return ({ method, headers }) => {
    const origin = method === 'OPTIONS' ? headerText(headers, 'webhook-request-origin') : undefined
    if (origin === undefined) return null
    const shown = origin.slice(0, 200)
    const grants = /^[!-~]+$/.test(origin) && (allowed.has('*') || allowed.has(origin.toLowerCase()))
    if (!grants) {
      const detail = `The origin ${shown} is not among those that the endpoint allows`
      return { name: 'origin.not-allowed', status: 403, headers: {}, body: '', detail }
    }
    const rate = headerText(headers, 'webhook-request-rate')
    return {
      name: 'cloudevents',
      status: 200,
      headers: {
        allow,
        'webhook-allowed-origin': origin,
        'webhook-allowed-rate': allowedRate === null ? '*' : String(allowedRate),
      },
      body: '',
      detail: `${shown} may send${rate === undefined ? '' : `; it asked for ${rate.slice(0, 20)} a minute`}`,
    }
  }
}
