import { isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import type { Event } from './event.ts'
import { readFields } from './form.ts'
import { type Part, readParts } from './multipart.ts'
import { parseXml } from './xml.ts'

/**
 * What templates and `where` can see: plain values, made once an event.
 *
 *   event     id, time, kind, kindType, targets, target, owner, error, hops
 *   body      what came, parsed: JSON as it is, forms and XML as maps, anything else as text. `data` is the same value
 *   raw       what came, as text
 *   headers   lower-case name → text;  query, params: name → text
 *   endpoint  id and name, or null
 */
export interface EventContext {
  event: Record<string, unknown>
  body: unknown
  data: unknown
  raw: string
  headers: Record<string, string>
  query: Record<string, string>
  params: Record<string, string>
  endpoint: { id: string; name: string } | null
}

export function eventContext(event: Event, body: Uint8Array): EventContext {
  const lazy = new LazyBody(event.contentType, body)
  const { request } = event
  let query: Record<string, string> | undefined
  return {
    event: {
      id: event.id,
      time: new Date(event.receivedAtMs).toISOString(),
      kind: event.kind.name,
      kindType: event.kind.type,
      targets: event.targets,
      target: event.targets[0] ?? null,
      owner: event.owner,
      error: event.error,
      hops: event.hops,
      method: request?.method ?? '',
      path: request?.path ?? '',
      sender: request?.sender ?? '',
    },
    get body() {
      return lazy.value
    },
    get data() {
      return lazy.value
    },
    get raw() {
      return lazy.text
    },
    headers: request ? singleValues(request.headers) : {},
    get query() {
      query ??= lastValues(new URLSearchParams(request?.query))
      return query
    },
    params: request?.params ?? {},
    endpoint: event.endpointId === null ? null : { id: event.endpointId, name: endpointName(event) },
  }
}

/** An event from an endpoint has that endpoint as its target, unless what came in is an event with others. */
const endpointName = (event: Event): string =>
  event.targets.find(({ type }) => type === 'endpoint')?.value ?? ''

/** A body is decoded and parsed when an expression first asks for it. */
class LazyBody {
  readonly #contentType: string | null
  readonly #bytes: Uint8Array
  #text: string | undefined
  #value: unknown

  constructor(contentType: string | null, bytes: Uint8Array) {
    this.#contentType = contentType
    this.#bytes = bytes
  }

  get text(): string {
    return (this.#text ??= decoderOf(this.#contentType).decode(this.#bytes))
  }

  get value(): unknown {
    if (this.#value === undefined) this.#value = this.#read()
    return this.#value
  }

  #read(): unknown {
    const parts = readParts(this.#contentType, this.#bytes)
    if (parts === null) return parseBody(this.#contentType, this.text)
    return mediaType(this.#contentType) === 'multipart/form-data' ? formOf(parts) : parts.map(fileOf)
  }
}

/** A field is what it says to be, a file is told of. */
function formOf(parts: readonly Part[]): Record<string, unknown> {
  const values = new Map<string, unknown[]>()
  for (const part of parts) {
    const value = part.filename === null ? fieldOf(part) : fileOf(part)
    const former = values.get(part.name ?? '')
    if (former) former.push(value)
    else values.set(part.name ?? '', [value])
  }
  return single(values)
}

function fieldOf({ contentType, bytes }: Part): unknown {
  const text = decoderOf(contentType).decode(bytes)
  return contentType === null ? text : parseBody(contentType, text)
}

const fileOf = ({ name, filename, contentType, bytes }: Part) => ({
  name,
  filename,
  contentType,
  bytes: bytes.length,
  text: isUtf8(bytes) ? bytes.toString('utf8') : null,
})

const utf8 = new TextDecoder('utf-8')
export const decodeText = (bytes: Uint8Array): string => utf8.decode(bytes)

/** UTF-8, unless the type names another that is known; what a type says of itself may be anything. */
function decoderOf(contentType: string | null): TextDecoder {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1]
  if (charset === undefined || /^utf-?8$/i.test(charset)) return utf8
  try {
    return new TextDecoder(charset)
  } catch {
    return utf8
  }
}

/**
 * JSON or XML when the type says so, or when no useful type was sent and the text begins like it (`curl -d` says "form"
 * of everything); forms as maps; anything else stays text.
 */
export function parseBody(contentType: string | null, text: string): unknown {
  const type = mediaType(contentType)
  const isForm = type === 'application/x-www-form-urlencoded'
  const saysNothing = type === '' || type === 'text/plain' || type === 'application/octet-stream'
  const json = type === 'application/json' || type.endsWith('+json')
  if (json || ((isForm || saysNothing) && startsLikeJson(text))) {
    const parsed = parseJson(text)
    if (parsed !== undefined) return parsed
  }
  const xml = type === 'text/xml' || type === 'application/xml' || type.endsWith('+xml')
  if (xml || ((isForm || saysNothing) && startsLikeXml(text))) {
    const parsed = parseXml(text)
    if (parsed !== undefined) return parsed
  }
  return isForm ? single(readFields(text)) : text
}

export const mediaType = (contentType: string | null): string =>
  (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase()

const startsLikeJson = (text: string): boolean => /^\s*[{[]/.test(text)
const startsLikeXml = (text: string): boolean => text.startsWith('<?xml ')

/** Undefined for what is no JSON; `null` is JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What has one value is that value, what has several is a list. */
function single<T>(values: ReadonlyMap<string, T[]>): Record<string, T | T[]> {
  const fields = emptyMap<T | T[]>()
  for (const [name, all] of values) fields[name] = all.length === 1 ? all[0]! : all
  return fields
}

function lastValues(parameters: URLSearchParams): Record<string, string> {
  const values = emptyMap<string>()
  for (const [name, value] of parameters) values[name] = value
  return values
}

function singleValues(headers: Record<string, string | string[]>): Record<string, string> {
  const values = emptyMap<string>()
  for (const name of Object.keys(headers)) {
    const value = headers[name]!
    values[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return values
}

/** Without a prototype, so that a header or field named `__proto__` is a name like any other. */
const emptyMap = <T>(): Record<string, T> => Object.create(null) as Record<string, T>
