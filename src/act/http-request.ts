import type { KeyObject } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { causeHeader, signCause } from '../core/cause.ts'
import { eventContext } from '../core/context.ts'
import { eventJson } from '../core/event-json.ts'
import type { Event } from '../core/event.ts'
import type { HttpAction, ReactionDefinition } from '../core/reaction.ts'
import { type Signer, standardWebhookSigner } from '../core/signing.ts'
import { SealError } from '../core/seal.ts'
import { type Confinement, SecretError } from '../core/secret.ts'
import { shapes } from '../core/template/shapes.ts'
import { isTemplate, TemplateError } from '../core/template/template.ts'
import type { OutgoingRequest } from './http/outgoing.ts'
import { noSecrets, type ReadableSecrets } from './secrets.ts'
import { compiled } from './templates.ts'

/** A request that could not be made; another try of the same version would end the same way. */
export class RenderError extends Error {
  override readonly name = 'RenderError'
  /** Into the definition: /action/url. */
  readonly path: string
  readonly code: string
  readonly line: number | undefined
  readonly column: number | undefined

  constructor(path: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.path = path
    this.code = codeOf(cause)
    this.line = cause instanceof TemplateError ? cause.line : undefined
    this.column = cause instanceof TemplateError ? cause.column : undefined
  }
}

function codeOf(cause: unknown): string {
  if (cause instanceof SealError) return cause.code
  if (!(cause instanceof TemplateError)) return 'action.unusable'
  return cause.cause instanceof SecretError ? cause.cause.code : cause.code
}

export interface RunIdentity {
  id: string
  attempt: number
}

const maxUrlBytes = 16 * 1024
const maxSigningSecretBytes = 16 * 1024
const maxHeaderBytes = 16 * 1024
const maxBodyBytes = 4 * 1024 * 1024

const signers = new LRUCache<string, Signer>({ max: 1000 })

/** The request of a reaction for an event, rendered and signed. Throws a RenderError that names the place. */
export function renderRequest(
  { name, action }: ReactionDefinition,
  { event, body }: { event: Event; body: Uint8Array },
  run: RunIdentity,
  keys: { causeKey: KeyObject; nowMs: number },
  secrets: ReadableSecrets = noSecrets,
): OutgoingRequest {
  const shape = shapes[action.language]
  const given = eventContext(event, body)
  const context = shape
    ? shape.context(event, body)
    : Object.assign(given, { reaction: { name }, run: { id: run.id, attempt: run.attempt } })
  const inRequest = new Map<string, Confinement>()
  const inProxy = new Map<string, Confinement>()
  const render = (path: string, source: string, maxOutputBytes: number, used = inRequest): string => {
    if (!isTemplate(action.language, source)) return source
    const read = (secret: string): string => {
      const { value, ...found } = secrets.find(secret)
      used.set(secret, found)
      return value
    }
    try {
      // In a body, what has no value stands out; anywhere else it would lead astray.
      const isStrict = path !== '/action/body'
      const options = { maxOutputBytes, nowMs: keys.nowMs, secrets: read, isStrict }
      return compiled(action, source).render(context, options)
    } catch (error) {
      throw new RenderError(path, error)
    }
  }
  const isExact = action.exactHeaders === true
  const url = isExact ? action.url : render('/action/url', action.url, maxUrlBytes).trim()
  const headers = action.headers.map(({ name, value }, at): [string, string] => [
    name,
    isExact ? value : render(`/action/headers/${at}/value`, value, maxHeaderBytes),
  ])
  const content = contentOf(
    action,
    () => (shape ? shape.json(event, body) : eventJson(event, given)),
    body,
    event,
    () =>
      action.sendUnreadable && !compiles(action)
        ? action.body
        : render('/action/body', action.body, maxBodyBytes),
  )
  const signingSecrets = action.signingSecrets.map((source, at) =>
    render(`/action/signingSecrets/${at}`, source, maxSigningSecretBytes).trim(),
  )
  const proxyUrl =
    action.proxyUrl === null || isExact
      ? action.proxyUrl
      : render('/action/proxyUrl', action.proxyUrl, maxUrlBytes, inProxy).trim()
  const own = ownHeaders(signingSecrets, event, run, content.body, keys)
  return {
    method: methodOf(action),
    url,
    headers: [...withContentType(action, headers, content.type, own), ...own],
    body: content.body,
    timeoutMs: action.timeoutMs,
    followRedirects: action.followRedirects,
    insecure: action.insecure,
    proxyUrl,
    ...(action.userAgent === undefined ? {} : { userAgent: action.userAgent }),
    confined: [...inRequest.values()],
    confinedInProxy: [...inProxy.values()],
    maxAnswerBytes: 64 * 1024,
  }
}

export const methodOf = ({ method }: HttpAction): string => (method === '' ? 'POST' : method.toUpperCase())

function withContentType(
  { exactHeaders, bodyFrom }: HttpAction,
  given: [string, string][],
  type: string | null,
  own: readonly [string, string][],
): [string, string][] {
  // Sent twice, a receiver may read the other one, and find the signature wrong.
  const headers = given.filter(([name]) => !has(own, name.toLowerCase()))
  if (type === null) return headers
  if (exactHeaders !== true)
    return has(headers, 'content-type') ? headers : [...headers, ['Content-Type', type]]
  if (bodyFrom === 'template') return headers
  return [...headers.filter(([name]) => name !== 'Content-Type'), ['Content-Type', type]]
}

function compiles(action: HttpAction): boolean {
  try {
    compiled(action, action.body)
    return true
  } catch (error) {
    if (error instanceof TemplateError && error.code === 'template.syntax') return false
    throw new RenderError('/action/body', error)
  }
}

interface Content {
  body: Buffer | string | null
  type: string | null
}

const withBodyByDefault = new Set(['POST', 'PUT', 'PATCH'])

function contentOf(
  action: HttpAction,
  asJson: () => string,
  original: Uint8Array,
  event: Event,
  fromTemplate: () => string,
): Content {
  if (action.bodyFrom === 'template') {
    const body = fromTemplate()
    return body === ''
      ? { body: null, type: null }
      : { body, type: looksLikeJson(body) ? json : 'text/plain; charset=utf-8' }
  }
  if (!withBodyByDefault.has(methodOf(action))) return { body: null, type: null }
  if (action.bodyFrom === 'original') {
    return {
      body: Buffer.from(original.buffer, original.byteOffset, original.byteLength),
      type: event.contentType ?? 'application/octet-stream',
    }
  }
  try {
    return { body: asJson(), type: json }
  } catch (cause) {
    const why =
      'What was received is nested too deeply to be written as JSON; send the original bytes instead'
    throw new RenderError('/action/bodyFrom', new Error(why, { cause }))
  }
}

const json = 'application/json'
const looksLikeJson = (text: string): boolean => /^\s*[{["]/.test(text)
const has = (headers: readonly [string, string][], name: string): boolean =>
  headers.some(([other]) => other.toLowerCase() === name)

/** `webhook-id` is the run's, the same in each attempt: what receivers deduplicate by. */
function ownHeaders(
  signingSecrets: readonly string[],
  event: Event,
  run: RunIdentity,
  body: Buffer | string | null,
  { causeKey, nowMs }: { causeKey: KeyObject; nowMs: number },
): [string, string][] {
  const cause: [string, string] = [
    causeHeader,
    signCause(causeKey, { runId: run.id, eventId: event.id }, event.hops),
  ]
  if (signingSecrets.length === 0) return [['webhook-id', run.id], cause]
  try {
    const signed = signer(signingSecrets)({
      id: run.id,
      timestampSeconds: Math.floor(nowMs / 1000),
      body: body ?? '',
    })
    return [...Object.entries(signed), cause]
  } catch (error) {
    throw new RenderError('/action/signingSecrets', error)
  }
}

function signer(secrets: readonly string[]): Signer {
  const key = secrets.join('\n')
  let made = signers.get(key)
  if (!made) signers.set(key, (made = standardWebhookSigner(secrets)))
  return made
}
