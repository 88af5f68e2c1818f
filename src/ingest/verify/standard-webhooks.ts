import { verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { SchemeOf } from '../../core/authentication.ts'
import { decodeHmacSecret, decodePublicKey, webhookIdPattern } from '../../core/signing.ts'
import { hmacFormat, mismatchDetail } from './signature.ts'
import { defaultToleranceSeconds, judgeAge, parseTimestamp } from './timestamp.ts'
import { requireSecrets } from './token.ts'
import { acceptances, headerText, wrong } from './verdict.ts'
import type { Check, ReceivedHeaders, Rejected } from './verdict.ts'

/** Of each version. One ed25519 check costs some 60 µs, and each signature is tried with each key. */
const maxSignatures = 8

export interface StandardWebhooks {
  scheme: string
  /** For the verdict: `signature by secret`. */
  what: string
  /** `whsec_` for HMAC, `whpk_` for ed25519. */
  secrets: readonly string[]
  toleranceSeconds: number
}

export const compileStandardWebhooks = (scheme: SchemeOf<'standard-webhooks'>): Check =>
  compileSignedWebhook({
    scheme: 'standard-webhooks',
    what: 'signature by secret',
    secrets: scheme.secrets,
    toleranceSeconds: scheme.toleranceSeconds ?? defaultToleranceSeconds,
  })

/** Standard Webhooks 1.0.0; its signed text and keys are described in core/signing.ts. */
export function compileSignedWebhook({ scheme, what, secrets, toleranceSeconds }: StandardWebhooks): Check {
  requireSecrets(secrets)
  const accepted = acceptances(scheme, what, secrets.length)
  const matchers = [hmacMatcher(secrets), ed25519Matcher(secrets)].filter(matcher => matcher !== null)
  const expected = matchers.map(({ version, shape }) => `${version},<${shape}>`).join(' or ')

  return ({ headers, body, receivedAtMs }) => {
    const signed = readHead(scheme, headers)
    if ('ok' in signed) return signed
    const entries = signed.signatures.split(' ').filter(entry => entry !== '')
    let readable = 0
    for (const matcher of matchers) {
      const texts = entries.flatMap(entry =>
        entry.startsWith(`${matcher.version},`) ? entry.slice(matcher.version.length + 1) : [],
      )
      if (texts.length > maxSignatures) {
        const detail = `webhook-signature holds ${texts.length} signatures of one version; ${maxSignatures} are read.`
        return wrong(scheme, 'signature.malformed', detail)
      }
      const presented = texts.flatMap(text => matcher.parse(text) ?? [])
      readable += presented.length
      const known = presented.length === 0 ? undefined : accepted[matcher.match(signed.head, body, presented)]
      if (known !== undefined)
        return judgeAge(scheme, signed.signedAtMs, receivedAtMs, toleranceSeconds) ?? known
    }
    if (readable === 0) {
      return wrong(
        scheme,
        'signature.malformed',
        `webhook-signature should hold ${expected}; it holds none such.`,
      )
    }
    return wrong(scheme, 'signature.mismatch', mismatchDetail(body.length, secrets.length))
  }
}

interface SignedHead {
  signatures: string
  signedAtMs: number
  /** What is signed in front of the body. */
  head: string
}

function readHead(scheme: string, headers: ReceivedHeaders): SignedHead | Rejected {
  const signatures = headerText(headers, 'webhook-signature') ?? ''
  if (signatures === '') return missing(scheme, 'signature', 'webhook-signature')
  const id = headerText(headers, 'webhook-id') ?? ''
  if (id === '') return missing(scheme, 'id', 'webhook-id')
  const time = headerText(headers, 'webhook-timestamp') ?? ''
  if (time === '') return missing(scheme, 'timestamp', 'webhook-timestamp')
  if (!webhookIdPattern.test(id)) {
    const why = 'a dot in it would let the signed text be read in two ways'
    return wrong(
      scheme,
      'id.malformed',
      `webhook-id should be visible ASCII without a dot, up to 256; ${why}.`,
    )
  }
  const signedAtMs = parseTimestamp(time, 'unix-seconds')
  if (signedAtMs === null) {
    return wrong(scheme, 'timestamp.malformed', 'webhook-timestamp should be whole seconds since 1970.')
  }
  return { signatures, signedAtMs, head: `${id}.${time}.` }
}

const missing = (scheme: string, what: 'signature' | 'id' | 'timestamp', header: string): Rejected =>
  wrong(scheme, `${what}.missing`, `Expected the header ${header}; none came.`)

interface Matcher {
  version: string
  shape: string
  parse: (text: string) => Buffer | null
  /** The index of the matching secret among all that are configured, or -1. */
  match: (head: string, body: Buffer, presented: readonly Buffer[]) => number
}

const isPublicKey = (secret: string): boolean => secret.startsWith('whpk_')

function hmacMatcher(secrets: readonly string[]): Matcher | null {
  const { keys, places } = keysOf(secrets, secret => !isPublicKey(secret), decodeHmacSecret)
  if (keys.length === 0) return null
  const { parse, match, description } = hmacFormat('sha256', 'base64')
  return {
    version: 'v1',
    shape: description,
    parse,
    match: (head, body, presented) => places[match(keys, head, body, presented)] ?? -1,
  }
}

function ed25519Matcher(secrets: readonly string[]): Matcher | null {
  const { keys, places } = keysOf(secrets, isPublicKey, decodePublicKey)
  if (keys.length === 0) return null
  return {
    version: 'v1a',
    shape: '88 characters of base64',
    parse: text => (/^[A-Za-z0-9+/]{86}==$/.test(text) ? Buffer.from(text, 'base64') : null),
    match: (head, body, presented) => {
      const signed = Buffer.concat([Buffer.from(head), body])
      const found = keys.findIndex(key => presented.some(signature => verify(null, signed, key, signature)))
      return places[found] ?? -1
    },
  }
}

function keysOf(
  secrets: readonly string[],
  chosen: (secret: string) => boolean,
  decode: (secret: string) => KeyObject,
): { keys: KeyObject[]; places: number[] } {
  const places = secrets.flatMap((secret, index) => (chosen(secret) ? index : []))
  return { keys: places.map(index => decode(secrets[index] ?? '')), places }
}
