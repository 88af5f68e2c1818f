/** The verbs and flags of fmt: one value as `%-8.3f` and its kin write it. */
import { byteLength } from './bytes.ts'
import { failLimit } from './failure.ts'
import { formatFloat } from './float.ts'
import type { Meter } from './meter.ts'
import { formatNumber, maxPrintDepth, sortedKeys } from './print.ts'
import { isPrintable, quoteCharacter, quoteText } from './quote.ts'
import { formatTime, goTime, sinceYearOne } from './time.ts'
import { Byte, Float, GoStruct, int64, isInt, mapEntry, typeName, uint64 } from './values.ts'

export interface Flags {
  plus: boolean
  minus: boolean
  sharp: boolean
  space: boolean
  zero: boolean
  /** `%+v` and `%#v`: not the plus and sharp of other verbs. */
  plusV: boolean
  sharpV: boolean
  /** -1: none. */
  width: number
  precision: number
}

export const noFlags = (): Flags => ({
  plus: false,
  minus: false,
  sharp: false,
  space: false,
  zero: false,
  plusV: false,
  sharpV: false,
  width: -1,
  precision: -1,
})

/** One value with one verb. */
export class Formatter {
  readonly #flags: Flags
  readonly #meter: Meter

  /** What a wrong verb complains of is shown without asking the value for its text. */
  #complaining = false

  constructor(flags: Flags, meter: Meter) {
    this.#flags = flags
    this.#meter = meter
  }

  argument(value: unknown, verb: string): string {
    if (value === null || value === undefined) {
      return verb === 'T' || verb === 'v' ? this.#pad('<nil>') : `%!${verb}(<nil>)`
    }
    if (verb === 'T') return this.#string(typeName(value, this.#meter), 's')
    return this.#value(value, verb, 0)
  }

  #value(value: unknown, verb: string, depth: number): string {
    this.#meter.charge(1)
    if (depth > maxPrintDepth) failLimit(`data nested deeper than ${maxPrintDepth} cannot be printed`)
    switch (typeof value) {
      case 'string':
        return this.#string(value, verb)
      case 'boolean':
        return verb === 't' || verb === 'v' ? this.#pad(String(value)) : this.#bad(value, verb)
      case 'bigint':
        return this.#integer(value, value, verb)
      case 'number':
        return this.#number(value, verb)
      case 'object':
        return value === null ? this.#nil() : this.#object(value, verb, depth)
      default:
        return this.#nil()
    }
  }

  /** Inside a map or list. */
  #nil(): string {
    return this.#flags.sharpV ? 'interface {}(nil)' : '<nil>'
  }

  #object(value: object, verb: string, depth: number): string {
    if (value instanceof Byte) return this.#integer(BigInt(value.value), value, verb)
    if (value instanceof Float) return this.#float(value.value, value, verb)
    if (verb === 'w') return this.#bad(value, verb)
    if (value instanceof Date) return this.#time(value, verb)
    if (value instanceof GoStruct) return this.#struct(value, verb, depth)
    return Array.isArray(value) ? this.#list(value, verb, depth) : this.#map(value, verb, depth)
  }

  /** A verb on a list or map goes to each of its elements. */
  #list(list: unknown[], verb: string, depth: number): string {
    const { sharpV } = this.#flags
    let text = sharpV ? '[]interface {}{' : '['
    for (let index = 0; index < list.length; index++) {
      if (index > 0) text += sharpV ? ', ' : ' '
      text += this.#value(list[index], verb, depth + 1)
      this.#meter.checkLength(text.length)
    }
    return text + (sharpV ? '}' : ']')
  }

  #map(map: object, verb: string, depth: number): string {
    const { sharpV } = this.#flags
    let text = sharpV ? 'map[string]interface {}{' : 'map['
    sortedKeys(map, this.#meter).forEach((key, index) => {
      if (index > 0) text += sharpV ? ', ' : ' '
      text += `${this.#string(key, verb)}:${this.#value(mapEntry(map, key), verb, depth + 1)}`
      this.#meter.checkLength(text.length)
    })
    return text + (sharpV ? '}' : ']')
  }

  #struct<Self>(struct: GoStruct<Self>, verb: string, depth: number): string {
    const { type, self } = struct
    // What a nil pointer is asked for in vain goes out as it is: no width, no quotes.
    if (type.isNil === true && stringVerbs.has(verb))
      return this.#flags.sharpV ? `(${type.name})(nil)` : '<nil>'
    if (type.print !== undefined && stringVerbs.has(verb) && !this.#flags.sharpV && !this.#complaining)
      return this.#stringer(struct, type.print(self), verb)
    if (type.integer !== undefined) return this.#integer(type.integer(self), struct, verb)
    const { plusV, sharpV } = this.#flags
    const fields = [...type.fields].map(([name, read]) => {
      const text = this.#value(read(self), verb, depth + 1)
      return plusV || sharpV ? `${name}:${text}` : text
    })
    return `${sharpV ? type.name : ''}{${fields.join(sharpV ? ', ' : ' ')}}`
  }

  #time(time: Date, verb: string): string {
    const { sharpV, plusV } = this.#flags
    if (verb === 'p') return this.#bad(time, verb)
    if (stringVerbs.has(verb) && !this.#complaining) {
      return verb === 'v' && sharpV
        ? this.#pad(this.#truncated(goTime(time)))
        : this.#string(formatTime(time), verb)
    }
    const { nanoseconds, seconds } = sinceYearOne(time)
    const wall =
      verb === 'v' && sharpV ? `0x${nanoseconds.toString(16)}` : this.#struct(uint64(nanoseconds), verb, 0)
    const ext = this.#struct(int64(seconds), verb, 0)
    const loc = this.#nilLocation(verb)
    if (sharpV) return `time.Time{wall:${wall}, ext:${ext}, loc:${loc}}`
    return plusV ? `{wall:${wall} ext:${ext} loc:${loc}}` : `{${wall} ${ext} ${loc}}`
  }

  /** UTC has none. */
  #nilLocation(verb: string): string {
    if (verb === 'v') return this.#flags.sharpV ? '(*time.Location)(nil)' : this.#pad('<nil>')
    return 'bodxX'.includes(verb)
      ? this.#integer(0n, 0n, verb)
      : `%!${verb}(*time.Location=${this.#pad('<nil>')})`
  }

  #stringer(value: unknown, text: string, verb: string): string {
    return stringVerbs.has(verb) ? this.#string(text, verb) : this.#bad(value, verb)
  }

  #bad(value: unknown, verb: string): string {
    const outer = this.#complaining
    this.#complaining = true
    const text = this.#value(value, 'v', 0)
    this.#complaining = outer
    return `%!${verb}(${typeName(value, this.#meter)}=${text})`
  }

  // Strings

  #string(text: string, verb: string): string {
    switch (verb) {
      case 'v':
        return this.#flags.sharpV ? this.#quoted(text) : this.#pad(this.#truncated(text))
      case 's':
        return this.#pad(this.#truncated(text))
      case 'q':
        return this.#quoted(text)
      case 'x':
        return this.#hex(text)
      case 'X':
        return this.#hex(text).toUpperCase()
      default:
        return this.#bad(text, verb)
    }
  }

  #truncated(text: string): string {
    const { precision } = this.#flags
    if (precision < 0 || text.length <= precision) return text
    let end = 0
    for (let count = 0; count < precision && end < text.length; count++) end += lengthOfCharacter(text, end)
    return text.slice(0, end)
  }

  #quoted(text: string): string {
    const truncated = this.#truncated(text)
    this.#meter.charge(truncated.length >> 3)
    if (this.#flags.sharp && canBackquote(truncated)) return this.#pad(`\`${truncated}\``)
    return this.#pad(quoteText(truncated, this.#flags.plus))
  }

  /** Of its bytes. */
  #hex(text: string): string {
    const { precision, space, sharp, width, minus, zero } = this.#flags
    this.#meter.charge(text.length >> 3)
    const bytes = Buffer.from(text)
    const digits = bytes.subarray(0, precision < 0 ? bytes.length : precision).toString('hex')
    const prefix = sharp ? '0x' : ''
    const pairs = space ? (digits.match(/../g) ?? []).map(pair => prefix + pair).join(' ') : digits
    const hex = space || digits === '' ? pairs : prefix + pairs
    if (width <= hex.length) return hex
    if (minus && hex !== '') return hex.padEnd(width)
    return hex.padStart(width, zero && !minus ? '0' : ' ')
  }

  // Numbers

  /** Of the context. */
  #number(value: number, verb: string): string {
    const isInteger = isInt(value, this.#meter) && !onlyFloatVerbs.has(verb)
    return isInteger ? this.#integer(BigInt(value), value, verb) : this.#float(value, value, verb)
  }

  #integer(value: bigint, original: unknown, verb: string): string {
    switch (verb) {
      case 'v':
        if (this.#flags.sharpV && original instanceof Byte) return `0x${value.toString(16)}`
        return this.#digits(value, 10, verb)
      case 'd':
        return this.#digits(value, 10, verb)
      case 'b':
        return this.#digits(value, 2, verb)
      case 'o':
      case 'O':
        return this.#digits(value, 8, verb)
      case 'x':
      case 'X':
        return this.#digits(value, 16, verb)
      case 'c':
        return this.#pad(characterOf(value))
      case 'q':
        return this.#pad(quoteCharacter(characterOf(value), this.#flags.plus))
      case 'U':
        return this.#unicode(value)
      default:
        return this.#bad(original, verb)
    }
  }

  #digits(value: bigint, base: 2 | 8 | 10 | 16, verb: string): string {
    const { width, precision, zero, minus, plus, space, sharp } = this.#flags
    if (precision === 0 && value === 0n) return ' '.repeat(Math.max(width, 0))
    const negative = value < 0n
    const sign = negative ? '-' : plus ? '+' : space ? ' ' : ''
    let length = Math.max(precision, 0)
    if (precision < 0 && zero && !minus && width >= 0) length = width - (sign === '' ? 0 : 1)
    let digits = (negative ? -value : value).toString(base).padStart(length, '0')
    if (sharp && base === 2) digits = `0b${digits}`
    if (sharp && base === 8 && !digits.startsWith('0')) digits = `0${digits}`
    if (sharp && base === 16) digits = `0x${digits}`
    if (verb === 'O') digits = `0o${digits}`
    return this.#padSpaces(sign + (verb === 'X' ? digits.toUpperCase() : digits))
  }

  #unicode(value: bigint): string {
    const { precision, sharp } = this.#flags
    const code = BigInt.asUintN(64, value)
    const hex = code.toString(16).toUpperCase().padStart(Math.max(precision, 4), '0')
    const shown =
      sharp && code <= 0x10ffffn && isPrintable(characterOf(code)) ? ` '${characterOf(code)}'` : ''
    return this.#padSpaces(`U+${hex}${shown}`)
  }

  #float(value: number, original: number | Float, verb: string): string {
    const base = floatVerbs[verb]
    if (base === undefined) return this.#bad(original, verb)
    const { precision, plus, space, sharp, zero, minus, width } = this.#flags
    const places = precision >= 0 ? precision : 'eEf'.includes(base) ? 6 : -1
    const isPlain = verb === 'v' && places < 0 && value === original
    const text = isPlain ? formatNumber(value, this.#meter.numbers) : formatFloat(value, base, places)
    const unsigned = /^[+-]/.test(text) ? text.slice(1) : text
    const negative = text.startsWith('-')
    const sign = negative ? '-' : plus ? '+' : space ? ' ' : ''
    if (!Number.isFinite(value)) {
      const bare = Number.isNaN(value) || negative || plus || space ? '' : '+'
      return this.#padSpaces(sign + bare + unsigned)
    }
    const digits = sharp && base !== 'b' ? withPoint(unsigned, base, places) : unsigned
    if (sign !== '' && zero && !minus && width > digits.length) return sign + digits.padStart(width - 1, '0')
    return this.#pad(sign + digits)
  }

  // Padding

  #padSpaces(text: string): string {
    const { width, minus } = this.#flags
    const missing = width - characterCount(text)
    if (missing <= 0) return text
    return minus ? text + ' '.repeat(missing) : ' '.repeat(missing) + text
  }

  #pad(text: string): string {
    const { width, minus, zero } = this.#flags
    if (!zero || minus) return this.#padSpaces(text)
    return '0'.repeat(Math.max(width - characterCount(text), 0)) + text
  }
}

/** Verbs that ask a value with a String method for it. */
const stringVerbs = new Set(['v', 's', 'x', 'X', 'q'])

/** Verbs that make a float64 of an int of the context. */
const onlyFloatVerbs = new Set(['e', 'E', 'f', 'F', 'g', 'G'])

const floatVerbs: Record<string, string> = {
  v: 'g',
  b: 'b',
  g: 'g',
  G: 'G',
  x: 'x',
  X: 'X',
  f: 'f',
  F: 'f',
  e: 'e',
  E: 'E',
}

/** `%#g`: the point and the zeros that would have been dropped stay. */
function withPoint(text: string, base: string, places: number): string {
  const [, mantissa = '', tail = ''] =
    (base === 'x' || base === 'X' ? /^(.*?)([pP].*)?$/ : /^(.*?)([eE].*)?$/).exec(text) ?? []
  const wanted = 'gGx'.includes(base) ? (places < 0 ? 6 : places) : 0
  const significant = mantissa.replace('.', '').replace(/^0+/, '')
  const zeroDigit = mantissa === '0' ? 1 : 0
  const pointed = mantissa.includes('.') ? mantissa : `${mantissa}.`
  return pointed + '0'.repeat(Math.max(wanted - significant.length - zeroDigit, 0)) + tail
}

function characterOf(code: bigint): string {
  const valid = code >= 0n && code <= 0x10ffffn && (code < 0xd800n || code > 0xdfffn)
  return valid ? String.fromCodePoint(Number(code)) : '\ufffd'
}

/** One line, and nothing that would not show but tabs. */
function canBackquote(text: string): boolean {
  for (const character of text) {
    if ((character < ' ' && character !== '\t') || '`\x7f\ufeff'.includes(character)) return false
  }
  return true
}

const lengthOfCharacter = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1)

function characterCount(text: string): number {
  if (byteLength(text) === text.length) return text.length
  let count = 0
  for (let at = 0; at < text.length; at += lengthOfCharacter(text, at)) count++
  return count
}
