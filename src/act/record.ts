import { isUtf8 } from 'node:buffer'
import { createMasker, isSecretHeader, mask, maskUrl } from '../core/mask.ts'
import { type ReactionDefinition, secretHeaderOf } from '../core/reaction.ts'
import type { OutgoingRequest, OutgoingResult } from './http/outgoing.ts'

/** An attempt as it is kept: request and answer, secrets masked, bodies as bytes up to a cap. */
export interface AttemptRecord {
  record: string
  request: Uint8Array
  response: Uint8Array
}

const maxKeptBytes = 64 * 1024
const nothing = new Uint8Array()

export interface Rendered {
  /** With its secrets opened, so that they can be hidden. */
  definition: ReactionDefinition
  request: OutgoingRequest
}

export function recordOf(rendered: Rendered | null, result: OutgoingResult | null): AttemptRecord {
  if (rendered === null) return { record: '{}', request: nothing, response: nothing }
  const { request } = rendered
  const hide = maskerOf(rendered.definition)
  const sent = Buffer.from(request.body ?? '')
  const came = result?.ok ? result : null
  const record = {
    request: {
      method: request.method,
      url: hide(maskUrl(request.url)),
      headers: hiddenOf(rendered.definition, request.headers),
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
    redirects: result?.redirects ?? [],
    cause: result && !result.ok ? result.error.cause : null,
  }
  return {
    record: JSON.stringify(record),
    request: kept(sent, hide),
    response: came ? kept(came.body, hide) : nothing,
  }
}

/** Of `Bearer <token>` the token alone is secret too. */
const scheme = /^[A-Za-z-]+\s+/

type Hide = (text: string) => string
const asIs: Hide = text => text
const maskers = new WeakMap<ReactionDefinition, Hide>()

/** Hides the definition's secrets in any text, in all forms that they may take there. */
export function maskerOf(definition: ReactionDefinition): Hide {
  let masker = maskers.get(definition)
  if (!masker) {
    const { action } = definition
    const secrets = [
      ...action.signingSecrets,
      ...action.headers
        .filter(secretHeaderOf(action))
        // Where each header is a secret, short ones may be mere words, and would be found in every text.
        .filter(({ name, value }) => isSecretHeader(name) || value.length >= shortestSecret)
        .flatMap(({ value }) => [value, value.replace(scheme, '')]),
    ]
    masker = secrets.length === 0 ? asIs : createMasker(secrets)
    maskers.set(definition, masker)
  }
  return masker
}

const shortestSecret = 8

/** The headers that left, the secrets among them hidden. */
export function hiddenOf(
  definition: ReactionDefinition,
  headers: readonly [string, string][],
): [string, string][] {
  const { action } = definition
  const isSecret = secretHeaderOf(action)
  const own = new Set(action.exactHeaders ? action.headers.filter(isSecret).map(({ name }) => name) : [])
  return hidden(headers, maskerOf(definition)).map(([name, value]) => [name, own.has(name) ? mask : value])
}

export const hidden = (headers: readonly [string, string][], hide: Hide): [string, string][] =>
  headers.map(([name, value]) => [name, isSecretHeader(name) ? mask : hide(value)])

function kept(bytes: Buffer, hide: Hide): Uint8Array {
  // Latin-1 keeps each byte of what is no text; in text, a secret may have letters beyond it.
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
  const masked = hide === asIs ? bytes : Buffer.from(hide(bytes.toString(encoding)), encoding)
  return new Uint8Array(masked.subarray(0, maxKeptBytes))
}
