import { hash } from 'node:crypto'
import { headerText } from './verify/verdict.ts'
import type { ReceivedHeaders } from './verify/verdict.ts'

/** Where a request says something: an id, or what happened. */
export type ValueSource = { from: 'header'; name: string } | { from: 'json'; path: string }

export type ReadSource = (headers: ReceivedHeaders, json: () => unknown) => string | null

export const header = (name: string): ValueSource => ({ from: 'header', name })
export const json = (path: string): ValueSource => ({ from: 'json', path })

/**
 * The first source that holds something counts. `json` gives the parsed body, or undefined when it is no JSON; it is
 * called only when no header before it had one.
 * Throws a DeliveryIdPathError for a path that cannot be read: check it with parseJsonPath when it is saved.
 */
export function compileSources(sources: readonly ValueSource[]): ReadSource {
  const readers = sources.map(compileSource)
  return (headers, json) => {
    for (const read of readers) {
      const id = read(headers, json)
      if (id !== null) return id
    }
    return null
  }
}

function compileSource(source: ValueSource): ReadSource {
  if (source.from === 'header') {
    const name = source.name.toLowerCase()
    return headers => asId(headerText(headers, name))
  }
  const path = parseJsonPath(source.path)
  return (_, json) => asId(valueAt(json(), path))
}

const maxIdLength = 256

/** Texts that are not empty and numbers count; a longer text is known by its hash, so that none is cut to look equal. */
function asId(value: unknown): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null
  if (typeof value !== 'string' || value === '') return null
  return value.length <= maxIdLength ? value : `sha256-${hash('sha256', value)}`
}

export class DeliveryIdPathError extends Error {
  readonly code = 'delivery-id.bad-path'
}

type JsonPath = readonly (string | number)[]

const firstStep = /(?:([^.[\]"']+)|\[(\d{1,9})\]|\["([^"]+)"\]|\['([^']+)'\])/y
const nextStep = /(?:\.([^.[\]"']+)|\[(\d{1,9})\]|\["([^"]+)"\]|\['([^']+)'\])/y

/** `data.object.id`, `items[0].id`, `[0].id`, `headers["message.id"]`. */
export function parseJsonPath(text: string): JsonPath {
  const path: (string | number)[] = []
  let at = 0
  while (at < text.length || path.length === 0) {
    const step = path.length === 0 ? firstStep : nextStep
    step.lastIndex = at
    const match = step.exec(text)
    if (match === null) throw pathError(text, at)
    const [, name, index, doubleQuoted, quoted] = match
    path.push(index === undefined ? (name ?? doubleQuoted ?? quoted ?? '') : Number(index))
    at = step.lastIndex
  }
  return path
}

const pathError = (text: string, at: number): DeliveryIdPathError =>
  new DeliveryIdPathError(
    `The path of the delivery id cannot be read at character ${at + 1} of "${text.slice(0, 100)}". ` +
      'Write names with dots between, and places in a list in brackets: data.items[0].id',
  )

/** Own properties only: a body has no `constructor` unless the sender wrote one. */
function valueAt(value: unknown, path: JsonPath): unknown {
  let current = value
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return undefined
    if (typeof step === 'number' && !Array.isArray(current)) return undefined
    if (!Object.hasOwn(current, step)) return undefined
    current = Reflect.get(current, step)
  }
  return current
}
