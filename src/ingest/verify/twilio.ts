import { createSecretKey, hash, timingSafeEqual } from 'node:crypto'
import type { SchemeOf } from '../../core/authentication.ts'
import { readFields } from '../../core/form.ts'
import { hmacFormat } from './signature.ts'
import type { HmacFormat } from './signature.ts'
import { requireSecrets } from './token.ts'
import { acceptances, headerText, wrong } from './verdict.ts'
import type { Check, ReceivedRequest } from './verdict.ts'

const nothing = Buffer.alloc(0)

/**
 * twilio.com/docs/usage/webhooks/webhooks-security: the URL as Twilio called it, and behind it the names and values of
 * the form, sorted by name, without anything between. A body that is no form is covered by its SHA-256 in the query.
 * HMAC-SHA1 with the auth token; where a webhook rule names a shared key, its header says so: HMAC-SHA256.
 */
export function compileTwilio({ secrets, url }: SchemeOf<'twilio'>, baseUrl: () => string): Check {
  requireSecrets(secrets)
  const keys = secrets.map(secret => createSecretKey(secret, 'utf8'))
  const formats = { sha1: hmacFormat('sha1', 'base64'), sha256: hmacFormat('sha256', 'base64') }
  const accepted = acceptances('twilio', 'signature by auth token', keys.length)
  return request => {
    const text = headerText(request.headers, 'x-twilio-signature') ?? ''
    if (text === '') {
      return wrong('twilio', 'signature.missing', 'Expected the header X-Twilio-Signature; none came.')
    }
    const format: HmacFormat = formats[algorithmOf(request)]
    const signature = format.parse(text)
    if (signature === null) {
      return wrong('twilio', 'signature.malformed', `X-Twilio-Signature should be ${format.description}.`)
    }
    const called = calledUrl(url, baseUrl, request)
    const fields = signedFields(request)
    if (fields === null) {
      return wrong(
        'twilio',
        'signature.mismatch',
        'The body is not the one that bodySHA256 in the URL stands for.',
      )
    }
    const known = spellings(called)
      .map(spelling => accepted[format.match(keys, spelling + fields, nothing, [signature])])
      .find(verdict => verdict !== undefined)
    return known ?? wrong('twilio', 'signature.mismatch', mismatch(called))
  }
}

const mismatch = (called: string): string =>
  `The signature is not that of ${called.slice(0, 200)} with this body. Compare the auth token, and the URL: ` +
  'it has to be the one that is entered at Twilio, letter by letter; if that is another one, set it as the URL here.'

function algorithmOf({ headers }: ReceivedRequest): 'sha1' | 'sha256' {
  const settings = headerText(headers, 'x-twilio-webhooks-signature-settings') ?? ''
  return /(?:^|,)\s*algorithm=HMAC_SHA256\s*(?:,|$)/i.test(settings) ? 'sha256' : 'sha1'
}

/** A URL of its own with a path stands for the whole; otherwise the request's path goes behind it. */
function calledUrl(url: string | undefined, baseUrl: () => string, { path, query }: ReceivedRequest): string {
  const isWhole = url !== undefined && /^https?:\/\/[^/]+\/./i.test(url)
  const called = isWhole ? url : (url ?? baseUrl()).replace(/\/$/, '') + path
  return query === '' ? called : `${called}?${query}`
}

/** Twilio writes the port of some calls and leaves out that of others, so both count, as in its own libraries. */
function spellings(url: string): string[] {
  const [, scheme = '', authority = '', rest = ''] = /^(https?):\/\/([^/?]+)(.*)$/is.exec(url) ?? []
  const withoutPort = authority.replace(/:\d+$/, '')
  const withPort =
    withoutPort === authority ? `${authority}:${scheme.toLowerCase() === 'http' ? 80 : 443}` : authority
  return [withoutPort, withPort].map(one => `${scheme}://${one}${rest}`)
}

/** Null for a body that its hash in the query does not stand for. A name that repeats has each of its values once. */
function signedFields({ query, body }: ReceivedRequest): string | null {
  const sha256 = new URLSearchParams(query).get('bodySHA256')
  if (sha256 !== null) {
    const expected = hash('sha256', body, 'buffer')
    const given = Buffer.from(/^[0-9a-f]{64}$/i.test(sha256) ? sha256 : '', 'hex')
    return given.length === expected.length && timingSafeEqual(given, expected) ? '' : null
  }
  const fields = readFields(body.toString('utf8'))
  return [...fields.keys()]
    .sort(byCodeUnits)
    .flatMap(name => [...new Set(fields.get(name))].sort(byCodeUnits).map(value => name + value))
    .join('')
}

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
