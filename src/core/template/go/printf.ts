/** fmt.Sprintf. */
import { failLimit } from './failure.ts'
import { textSteps, type Meter } from './meter.ts'
import { asInteger, Float, isInt, kindOf, typeName } from './values.ts'
import { Formatter, noFlags, type Flags } from './verbs.ts'

/** Go takes no width, precision or argument number beyond this. */
const largestNumber = 1_000_000

export function printf(layout: string, values: readonly unknown[], meter: Meter): string {
  const text = new Layout(layout, values, meter).format()
  meter.charge(textSteps(layout.length + text.length))
  return text
}

/** Walks the layout; argument numbers as in `%[2]d`, widths from arguments as in `%*d`. */
class Layout {
  readonly #layout: string
  readonly #values: readonly unknown[]
  readonly #meter: Meter
  #at = 0
  #argument = 0
  #goodArgument = true
  #reordered = false

  constructor(layout: string, values: readonly unknown[], meter: Meter) {
    this.#layout = layout
    this.#values = values
    this.#meter = meter
  }

  format(): string {
    let text = ''
    for (;;) {
      const percent = this.#layout.indexOf('%', this.#at)
      if (percent < 0) return text + this.#layout.slice(this.#at) + this.#extra()
      text += this.#layout.slice(this.#at, percent)
      this.#at = percent + 1
      text += this.#directive()
      this.#meter.checkLength(text.length)
      this.#meter.charge(1)
    }
  }

  #directive(): string {
    const flags = this.#flags()
    this.#goodArgument = true
    let afterIndex = this.#argumentNumber()
    let trouble = ''
    if (this.#take('*')) {
      const width = this.#starNumber()
      if (width === null) trouble += '%!(BADWIDTH)'
      else if (width < 0) Object.assign(flags, { width: -width, minus: true, zero: false })
      else flags.width = width
      afterIndex = false
    } else {
      flags.width = this.#number()
      if (afterIndex && flags.width >= 0) this.#goodArgument = false
    }
    if (this.#layout[this.#at] === '.' && this.#at + 1 < this.#layout.length) {
      this.#at++
      if (afterIndex) this.#goodArgument = false
      afterIndex = this.#argumentNumber()
      if (this.#take('*')) {
        const precision = this.#starNumber()
        if (precision === null || precision < 0) trouble += '%!(BADPREC)'
        else flags.precision = precision
        afterIndex = false
      } else {
        flags.precision = Math.max(this.#number(), 0)
      }
    }
    if (!afterIndex) this.#argumentNumber()
    return trouble + this.#verb(flags)
  }

  #verb(flags: Flags): string {
    const code = this.#layout.codePointAt(this.#at)
    if (code === undefined) return '%!(NOVERB)'
    const verb = String.fromCodePoint(code)
    this.#at += verb.length
    if (verb === '%') return '%'
    if (!this.#goodArgument) return `%!${verb}(BADINDEX)`
    if (this.#argument >= this.#values.length) return `%!${verb}(MISSING)`
    if (verb === 'v' || verb === 'w')
      Object.assign(flags, { plusV: flags.plus, sharpV: flags.sharp, plus: false, sharp: false })
    return new Formatter(flags, this.#meter).argument(this.#values[this.#argument++], verb)
  }

  #flags(): Flags {
    const flags = noFlags()
    for (; ; this.#at++) {
      const flag = flagNames[this.#layout[this.#at] ?? '']
      if (flag === undefined) return flags
      flags[flag] = true
    }
  }

  #take(character: string): boolean {
    if (this.#layout[this.#at] !== character) return false
    this.#at++
    return true
  }

  /** -1: there is none, or it is too large (then the rest of the layout is lost, as in Go). */
  #number(): number {
    const digits = /\d*/y
    digits.lastIndex = this.#at
    const text = digits.exec(this.#layout)?.[0] ?? ''
    if (text === '') return -1
    const value = Number(text)
    if (Number(text.slice(0, -1)) > largestNumber) {
      this.#at = this.#layout.length
      return -1
    }
    this.#at += text.length
    if (value > largestNumber) failLimit(`a width or precision of ${value} is too large`)
    return value
  }

  #starNumber(): number | null {
    if (this.#argument >= this.#values.length) return null
    const value = this.#values[this.#argument++]
    const counts = typeof value === 'number' ? isInt(value, this.#meter) : !(value instanceof Float)
    const number = counts ? asInteger(value, this.#meter) : null
    return number === null || Math.abs(number) > largestNumber ? null : number
  }

  /** `[3]`: the next argument is the third. True when a well-formed one was there. */
  #argumentNumber(): boolean {
    if (this.#layout[this.#at] !== '[') return false
    this.#reordered = true
    const close = this.#layout.indexOf(']', this.#at)
    if (close < 0) {
      this.#at++
      this.#goodArgument = false
      return false
    }
    const text = this.#layout.slice(this.#at + 1, close)
    this.#at = close + 1
    const wellFormed = /^\d+$/.test(text) && Number(text) <= largestNumber
    const index = Number(text) - 1
    if (wellFormed && index >= 0 && index < this.#values.length) this.#argument = index
    else this.#goodArgument = false
    return wellFormed
  }

  #extra(): string {
    if (this.#reordered || this.#argument >= this.#values.length) return ''
    const formatter = new Formatter(noFlags(), this.#meter)
    const extras = this.#values.slice(this.#argument).map(value => {
      if (kindOf(value) === 'invalid') return '<nil>'
      return `${typeName(value, this.#meter)}=${formatter.argument(value, 'v')}`
    })
    return `%!(EXTRA ${extras.join(', ')})`
  }
}

const flagNames: Record<string, 'plus' | 'minus' | 'sharp' | 'space' | 'zero'> = {
  '+': 'plus',
  '-': 'minus',
  '#': 'sharp',
  ' ': 'space',
  '0': 'zero',
}
