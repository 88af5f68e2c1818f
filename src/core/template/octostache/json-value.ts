/** JSON as Newtonsoft reads it: names without quotes, single quotes, comments and commas at the end are fine. */
import { failLimit } from '../go/failure.ts'
import { formatDouble } from './number-format.ts'

/** A number keeps its own spelling for when it is written as JSON again. */
export class JsonNumber {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

export type JsonValue = null | boolean | string | JsonNumber | JsonValue[] | Map<string, JsonValue>

const maxDepth = 64

/** Undefined for what is no JSON. */
export function parseJson(text: string): JsonValue | undefined {
  if (!/^\s*(?:[[{"'\d+\-/.]|true|false|NaN|Infinity)/.test(text)) return undefined
  try {
    return new JsonReader(text).document()
  } catch (error) {
    if (error instanceof NotJson) return undefined
    throw error
  }
}

class NotJson extends Error {}

class JsonReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): JsonValue {
    const value = this.#value(0)
    this.#skip()
    return this.#at === this.#text.length ? value : this.#refuse()
  }

  #refuse(): never {
    throw new NotJson()
  }

  #read(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found === undefined) return null
    this.#at += found.length
    return found
  }

  #skip(): void {
    for (;;) {
      while (this.#read(space) !== null || this.#read(lineComment) !== null) continue
      if (!this.#text.startsWith('/*', this.#at)) return
      const end = this.#text.indexOf('*/', this.#at + 2)
      if (end === -1) this.#refuse()
      this.#at = end + 2
    }
  }

  #value(depth: number): JsonValue {
    if (depth > maxDepth) return this.#refuse()
    this.#skip()
    const first = this.#text[this.#at]
    if (first === '{') return this.#object(depth)
    if (first === '[') return this.#array(depth)
    if (first === '"' || first === "'") return this.#string(first)
    const word = this.#read(bareWord)
    if (word === null) return this.#refuse()
    if (word === 'true' || word === 'false') return word === 'true'
    if (word === 'null' || word === 'undefined') return null
    return numeral.test(word) ? new JsonNumber(word) : this.#refuse()
  }

  #array(depth: number): JsonValue[] {
    const values: JsonValue[] = []
    this.#at++
    for (;;) {
      this.#skip()
      if (this.#read(closeArray)) return values
      values.push(this.#value(depth + 1))
      this.#skip()
      if (!this.#read(comma) && this.#text[this.#at] !== ']') this.#refuse()
    }
  }

  #object(depth: number): Map<string, JsonValue> {
    const values = new Map<string, JsonValue>()
    this.#at++
    for (;;) {
      this.#skip()
      if (this.#read(closeObject)) return values
      const quote = this.#text[this.#at]
      const name = quote === '"' || quote === "'" ? this.#string(quote) : this.#read(bareName)
      this.#skip()
      if (name === null || !this.#read(colon)) this.#refuse()
      values.set(name, this.#value(depth + 1))
      this.#skip()
      if (!this.#read(comma) && this.#text[this.#at] !== '}') this.#refuse()
    }
  }

  #string(quote: string): string {
    const pattern = quote === '"' ? doubleQuoted : singleQuoted
    const source = this.#read(pattern)
    if (source === null) return this.#refuse()
    return source.slice(1, -1).replace(escape, (_, code: string) => {
      if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
      return escapes[code] ?? (/["'\\/]/.test(code) ? code : this.#refuse())
    })
  }
}

const space = /\s+/y
const lineComment = /\/\/[^\n\r]*/y
const comma = /,/y
const colon = /:/y
const closeArray = /\]/y
const closeObject = /\}/y
const bareWord = /[\w+.-]+/y
const bareName = /[\p{L}\p{Nd}_$]+/uy
const doubleQuoted = /"(?:[^"\\]|\\[^])*"/y
const singleQuoted = /'(?:[^'\\]|\\[^])*'/y
const numeral = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|0x[\da-f]+|NaN|Infinity)$/i
const escape = /\\(u[\da-fA-F]{4}|[^])/g
const escapes: Partial<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** How much may still be written. */
interface Budget {
  charge(steps: number): void
  checkLength(length: number): void
}

/** As a text: booleans `True` and `False`, null nothing, lists and objects JSON again. */
export function printJson(value: unknown, budget: Budget): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number' || typeof value === 'bigint') return printNumber(String(value))
  if (value instanceof JsonNumber) return printNumber(value.source)
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? compactJson(value, budget) : ''
}

const printNumber = (source: string): string =>
  /^-?\d+$/.test(source) ? String(BigInt(source)) : formatDouble(Number(source))

function compactJson(value: object, budget: Budget): string {
  const parts: string[] = []
  let length = 0
  const put = (text: string): void => {
    length += text.length
    budget.checkLength(length)
    parts.push(text)
  }
  const write = (inner: unknown, depth: number): void => {
    budget.charge(1)
    if (depth > 500) failLimit('the data is nested too deeply')
    if (Array.isArray(inner)) {
      put('[')
      inner.forEach((element: unknown, place) => {
        if (place > 0) put(',')
        write(element, depth + 1)
      })
      put(']')
    } else if (inner instanceof JsonNumber) put(inner.source)
    else if (typeof inner === 'object' && inner !== null && !(inner instanceof Date)) {
      put('{')
      entriesOf(inner).forEach(([name, element], place) => {
        put(`${place > 0 ? ',' : ''}${JSON.stringify(name)}:`)
        write(element, depth + 1)
      })
      put('}')
    } else put(inner === undefined ? 'null' : JSON.stringify(inner))
  }
  write(value, 0)
  return parts.join('')
}

/** Of an object of either kind; what it inherits is none of its own. */
export const entriesOf = (value: object): [string, unknown][] =>
  value instanceof Map ? [...(value as Map<string, unknown>)] : Object.entries(value)

/** Undefined where there is no such property. */
export function propertyOf(value: object, name: string): unknown {
  if (value instanceof Map) return (value as Map<string, unknown>).get(name)
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}
