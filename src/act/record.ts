import { isUtf8 } from 'node:buffer'
import { createMasker, isSecretHeader, mask, maskUrl } from '../core/mask.ts'
import { type ReactionDefinition, secretHeaderOf } from '../core/reaction.ts'
import type { OutgoingRequest, OutgoingResult } from './http/outgoing.ts'
import { isTemplate } from '../core/template/language.ts'

/** An attempt as it is kept: request and answer, secrets masked, bodies as bytes up to a cap. */
export interface AttemptRecord {
  record: string
  request: Uint8Array
  response: Uint8Array
}

const maxKeptBytes = 64 * 1024
const nothing = new Uint8Array()

export interface Rendered {
  definition: ReactionDefinition
  request: OutgoingRequest
  /** Of the definition, and of the values that its templates took. */
  hide: Hide
}

export function recordOf(rendered: Rendered | null, result: OutgoingResult | null): AttemptRecord {
  if (rendered === null) return { record: '{}', request: nothing, response: nothing }
  const { definition, request, hide } = rendered
  const sent = Buffer.from(request.body ?? '')
  const came = result?.ok ? result : null
  const record = {
    request: {
      method: request.method,
      url: hide(maskUrl(request.url)),
      headers: hiddenOf(definition, request.headers, hide),
      bodyBytes: sent.length,
    },
    response: came && {
      status: came.status,
      headers: hidden(came.headers, hide),
      bodyBytes: came.bodyBytes ?? came.body.length,
      bodyTruncated: came.bodyTruncated,
      remoteAddress: came.remoteAddress,
    },
    timings: result?.timings ?? null,
    redirects: (result?.redirects ?? []).map(one => ({ ...one, location: hide(one.location) })),
    cause: result && !result.ok ? hide(result.error.cause) : null,
  }
  return {
    record: JSON.stringify(record),
    request: kept(sent, hide),
    response: came ? kept(came.body, hide) : nothing,
  }
}

/** Of `Bearer <token>` the token alone is secret too. */
const scheme = /^[A-Za-z-]+\s+/

export type Hide = (text: string) => string
export const asIs: Hide = text => text
const maskers = new WeakMap<ReactionDefinition, { values: string; hide: Hide }>()

/**
 * Hides the definition's secrets, which must be open, and the values of those that it names, in any text and in all
 * forms that they may take there.
 */
export function maskerOf(definition: ReactionDefinition, values: readonly string[] = []): Hide {
  const stamp = values.join('\0')
  const former = maskers.get(definition)
  if (former?.values === stamp) return former.hide
  const secrets = [...ownSecrets(definition), ...values].flatMap(writings)
  const hide = secrets.length === 0 ? asIs : createMasker(secrets)
  maskers.set(definition, { values: stamp, hide })
  return hide
}

const ownSecrets = ({ action }: ReactionDefinition): string[] => [
  ...action.signingSecrets.filter(secret => !isTemplate(action.language, secret)),
  ...action.headers
    .filter(secretHeaderOf(action))
    // Where each header is a secret, short ones may be mere words, and would be found in every text.
    .filter(({ name, value }) => isSecretHeader(name) || value.length >= shortestSecret)
    .map(({ value }) => value),
]

const shortestSecret = 8

/** Also as answers' headers have it, where a character is a byte. */
const writings = (secret: string): string[] => [
  secret,
  secret.trim(),
  secret.replace(scheme, ''),
  Buffer.from(secret).toString('latin1'),
]

/** The headers that left, the secrets among them hidden. */
export function hiddenOf(
  { action }: ReactionDefinition,
  headers: readonly [string, string][],
  hide: Hide,
): [string, string][] {
  const isSecret = secretHeaderOf(action)
  const own = new Set(action.exactHeaders ? action.headers.filter(isSecret).map(({ name }) => name) : [])
  return hidden(headers, hide).map(([name, value]) => [name, own.has(name) ? mask : value])
}

export const hidden = (headers: readonly [string, string][], hide: Hide): [string, string][] =>
  headers.map(([name, value]) => [name, isSecretHeader(name) ? mask : hide(value)])

function kept(bytes: Buffer, hide: Hide): Uint8Array {
  // Latin-1 keeps each byte of what is no text; in text, a secret may have letters beyond it.
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
  const masked = hide === asIs ? bytes : Buffer.from(hide(bytes.toString(encoding)), encoding)
  return new Uint8Array(masked.subarray(0, maxKeptBytes))
}
