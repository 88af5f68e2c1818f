/** BSON values as tsuru keeps custom data: read from JSON or from bytes, written as MongoDB's Go driver writes them. */
import { fail } from '../go/failure.ts'
import { formatFloat } from '../go/float.ts'

/** Codes of BSON's own. Kinds that nobody puts into custom data (regular expressions, code …) are not read. */
export const bsonNames = {
  0: '',
  1: 'double',
  2: 'string',
  3: 'embedded document',
  4: 'array',
  7: 'objectID',
  8: 'boolean',
  9: 'UTC datetime',
  10: 'null',
  16: '32-bit integer',
  18: '64-bit integer',
} as const

export type Bson =
  /** Nothing is there. */
  | { code: 0 }
  | { code: 1; value: number }
  | { code: 2; value: string }
  | { code: 3; members: [key: string, value: Bson][] }
  | { code: 4; elements: Bson[] }
  | { code: 7; hex: string }
  | { code: 8; value: boolean }
  | { code: 9; milliseconds: bigint }
  | { code: 10 }
  | { code: 16; value: bigint }
  | { code: 18; value: bigint }

const maxDepth = 200
const deeper = (depth: number): number =>
  depth < maxDepth ? depth + 1 : fail(`custom data is nested deeper than ${maxDepth}`)

// From JSON

/** `{"Kind": 3, "Data": base64}` is how Go writes such a value; all else is plain or extended JSON. */
export function readCustomData(given: unknown): Bson {
  if (given === undefined || given === null) return { code: 0 }
  if (isMap(given)) {
    const { Kind, Data } = given
    if (typeof Kind === 'number' && (typeof Data === 'string' || Data === null)) {
      return Data === null || Kind === 0 ? { code: 0 } : readBytes(Buffer.from(Data, 'base64'), Kind)
    }
  }
  return fromJson(given, 0)
}

type Fields = Record<string, unknown>
const isMap = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function fromJson(value: unknown, depth: number): Bson {
  if (typeof value === 'string') return { code: 2, value }
  if (typeof value === 'boolean') return { code: 8, value }
  if (typeof value === 'number') return fromNumber(value)
  if (Array.isArray(value)) {
    return { code: 4, elements: value.map(element => fromJson(element, deeper(depth))) }
  }
  if (!isMap(value)) return { code: 10 }
  const members = Object.entries(value)
  const extended = members.length === 1 ? fromExtended(members[0] as [string, unknown]) : null
  return (
    extended ?? {
      code: 3,
      members: members.map(([key, member]): [string, Bson] => [key, fromJson(member, deeper(depth))]),
    }
  )
}

function fromNumber(value: number): Bson {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return { code: 1, value }
  return { code: value === (value | 0) ? 16 : 18, value: BigInt(value) }
}

/** `{"$numberInt": "3"}` and its kin. */
function fromExtended([key, value]: [string, unknown]): Bson | null {
  if (key === '$date') return fromDate(value)
  if (typeof value !== 'string') return null
  if (key === '$oid') return /^[0-9a-f]{24}$/i.test(value) ? { code: 7, hex: value.toLowerCase() } : null
  if (key === '$numberDouble') return { code: 1, value: Number(value) }
  if (!/^-?\d{1,19}$/.test(value)) return null
  if (key === '$numberInt') return { code: 16, value: BigInt.asIntN(32, BigInt(value)) }
  return key === '$numberLong' ? { code: 18, value: BigInt.asIntN(64, BigInt(value)) } : null
}

function fromDate(value: unknown): Bson | null {
  if (isMap(value)) {
    const inner = fromJson(value, 0)
    return inner.code === 18 ? { code: 9, milliseconds: inner.value } : null
  }
  const milliseconds = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(milliseconds) ? null : { code: 9, milliseconds: BigInt(milliseconds) }
}

// From bytes

function readBytes(bytes: Buffer, code: number): Bson {
  try {
    return new Reader(bytes).value(code, 0)
  } catch (error) {
    if (error instanceof RangeError) return fail('custom data ends too early')
    throw error
  }
}

/** Reading beyond the end throws a RangeError. */
class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  value(code: number, depth: number): Bson {
    switch (code) {
      case 1:
        return { code, value: this.#bytes.readDoubleLE(this.#skip(8)) }
      case 2:
        return { code, value: this.#text() }
      case 3:
        return { code, members: this.#members(deeper(depth)) }
      case 4:
        return { code, elements: this.#members(deeper(depth)).map(([, value]) => value) }
      case 7: {
        const at = this.#skip(12)
        return { code, hex: this.#bytes.toString('hex', at, at + 12) }
      }
      case 8:
        return { code, value: this.#bytes.readUInt8(this.#skip(1)) !== 0 }
      case 9:
        return { code, milliseconds: this.#bytes.readBigInt64LE(this.#skip(8)) }
      case 10:
        return { code }
      case 16:
        return { code, value: BigInt(this.#bytes.readInt32LE(this.#skip(4))) }
      case 18:
        return { code, value: this.#bytes.readBigInt64LE(this.#skip(8)) }
      default:
        return fail(`custom data has a value of the BSON type ${code}, which is not read here`)
    }
  }

  #members(depth: number): [string, Bson][] {
    const members: [string, Bson][] = []
    this.#skip(4)
    for (;;) {
      const code = this.#bytes.readUInt8(this.#skip(1))
      if (code === 0) return members
      const end = this.#bytes.indexOf(0, this.#at)
      if (end < 0) throw new RangeError()
      const key = this.#bytes.toString('utf8', this.#at, end)
      this.#at = end + 1
      members.push([key, this.value(code, depth)])
    }
  }

  #text(): string {
    const length = this.#bytes.readInt32LE(this.#skip(4))
    const at = this.#skip(length)
    return this.#bytes.toString('utf8', at, at + length - 1)
  }

  #skip(count: number): number {
    const at = this.#at
    if (count < 0 || at + count > this.#bytes.length) throw new RangeError()
    this.#at += count
    return at
  }
}

// As text

/** The driver writes extended JSON in two ways: a value with its own, an element with that of its encoder. */
interface Style {
  separator: string
  key: (key: string) => string
  text: (text: string) => string
}

const quoted = (text: string): string => JSON.stringify(text.toWellFormed())
const safe = (text: string, unsafe: RegExp): string =>
  quoted(text).replace(unsafe, found => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** A key stands as it is. */
const ofValue: Style = {
  separator: ': ',
  key: key => `"${key}"`,
  text: text => safe(text, /[<>&\u2028\u2029]/g),
}
const ofEncoder: Style = {
  separator: ':',
  key: key => ofEncoder.text(key),
  text: text => safe(text, /[\u2028\u2029]/g),
}

/** Canonical extended JSON. */
export const bsonText = (bson: Bson): string => write(bson, ofValue)

export const elementText = (member: [string, Bson]): string => `{${writeMember(member, ofEncoder)}}`

function write(bson: Bson, style: Style): string {
  switch (bson.code) {
    case 0:
      return ''
    case 1:
      return `{"$numberDouble":"${doubleText(bson.value)}"}`
    case 2:
      return style.text(bson.value)
    case 3:
      return `{${bson.members.map(member => writeMember(member, style)).join(',')}}`
    case 4:
      return `[${bson.elements.map(element => write(element, style)).join(',')}]`
    case 7:
      return `{"$oid":"${bson.hex}"}`
    case 8:
      return String(bson.value)
    case 9:
      return `{"$date":{"$numberLong":"${bson.milliseconds}"}}`
    case 10:
      return 'null'
    case 16:
      return `{"$numberInt":"${bson.value}"}`
    case 18:
      return `{"$numberLong":"${bson.value}"}`
  }
}

const writeMember = ([key, value]: [string, Bson], style: Style): string =>
  style.key(key) + style.separator + write(value, style)

function doubleText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
  const text = formatFloat(value, 'G', -1)
  return text.includes('.') ? text : `${text}.0`
}
