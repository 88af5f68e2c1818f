/** .NET's custom number formats: `#,##0.00;(0);zero`. */
import { exponentText, pointOf, roundDigits, shifted, type Digits } from './digits.ts'

interface Part {
  kind: 'digit' | 'zero' | 'point' | 'comma' | 'percent' | 'permille' | 'exponent' | 'text'
  text: string
}

export function formatCustom(number: Digits, format: string): string {
  const sections = sectionsOf(format)
  const zero = sectionOf(sections, 2)
  const chosen = number.digits === '' ? zero : sectionOf(sections, number.isNegative ? 1 : 0)
  const layout = layoutOf(chosen)
  const rounded = roundFor(number, layout)
  // What is rounded to nothing is shown as nothing is.
  if (rounded.digits === '' && zero !== sections[0]) return write(rounded, layoutOf(zero), false)
  return write(rounded, layout, chosen === sections[0])
}

/** The first one where the author left it out. */
const sectionOf = (sections: readonly Part[][], place: number): Part[] =>
  (sections[place]?.length ?? 0) > 0 ? sections[place]! : sections[0]!

function sectionsOf(format: string): Part[][] {
  const sections: Part[][] = [[]]
  const pattern =
    /'(?<single>[^']*)'?|"(?<double>[^"]*)"?|\\(?<escaped>[^]?)|(?<exponent>[Ee][+-]?0+)|(?<one>[^])/g
  for (const { groups = {}, 0: text } of format.matchAll(pattern)) {
    const section = sections.at(-1)!
    if (groups.one === ';') sections.push([])
    else if (groups.one !== undefined) section.push({ kind: kinds[text] ?? 'text', text })
    else if (groups.exponent !== undefined) section.push({ kind: 'exponent', text })
    else section.push({ kind: 'text', text: groups.single ?? groups.double ?? groups.escaped ?? '' })
  }
  return sections
}

const kinds: Partial<Record<string, Part['kind']>> = {
  '#': 'digit',
  '0': 'zero',
  '.': 'point',
  ',': 'comma',
  '%': 'percent',
  '‰': 'permille',
}

interface Layout {
  parts: readonly Part[]
  /** Of digits before the point, and in all. */
  before: number
  count: number
  /** From the point to the left, and to the right, how many digits are always there. */
  minBefore: number
  minAfter: number
  isGrouped: boolean
  isScientific: boolean
  shift: number
}

function layoutOf(parts: readonly Part[]): Layout {
  let count = 0
  let before = -1
  let firstZero = -1
  let lastZero = 0
  let isGrouped = false
  let commasAt = -1
  let commas = 0
  let shift = 0
  for (const { kind } of parts) {
    if (kind === 'digit') count++
    else if (kind === 'zero') {
      if (firstZero < 0) firstZero = count
      lastZero = ++count
    } else if (kind === 'point') {
      if (before < 0) before = count
    } else if (kind === 'comma' && count > 0 && before < 0) {
      if (commasAt === count) commas++
      else {
        if (commasAt >= 0) isGrouped = true
        commasAt = count
        commas = 1
      }
    } else if (kind === 'percent') shift += 2
    else if (kind === 'permille') shift += 3
  }
  if (before < 0) before = count
  if (commasAt === before) shift -= commas * 3
  else if (commasAt >= 0) isGrouped = true
  return {
    parts,
    before,
    count,
    minBefore: firstZero >= 0 && firstZero < before ? before - firstZero : 0,
    minAfter: lastZero > before ? lastZero - before : 0,
    isGrouped,
    isScientific: parts.some(({ kind }) => kind === 'exponent'),
    shift,
  }
}

function roundFor(number: Digits, { count, before, isScientific, shift }: Layout): Digits {
  const moved = shifted(number, shift)
  return roundDigits(moved, isScientific ? count : pointOf(moved) + count - before)
}

function write(number: Digits, layout: Layout, hasSign: boolean): string {
  const { parts, before, count, minBefore, minAfter, isGrouped, isScientific } = layout
  const point = number.digits === '' ? 0 : pointOf(number)
  const digits = number.digits.replace(/0+$/, '')
  let place = isScientific ? before : Math.max(point, before)
  /** Digits before the point that the format has no places for; negative: places without digits. */
  let surplus = isScientific ? 0 : point - before
  let next = 0
  let isPointWritten = false
  let isExponentWritten = false
  let output = hasSign && number.isNegative && digits !== '' ? '-' : ''

  const put = (digit: string): void => {
    output += digit
    if (isGrouped && place > 1 && (place - 1) % 3 === 0) output += ','
  }
  const take = (): string => digits[next++] ?? ''

  for (const { kind, text } of parts) {
    if (kind === 'digit' || kind === 'zero' || kind === 'point') {
      for (; surplus > 0; surplus--, place--) put(take() || '0')
    }
    if (kind === 'digit' || kind === 'zero') {
      let digit: string
      if (surplus < 0) {
        surplus++
        digit = place <= minBefore ? '0' : ''
      } else digit = take() || (place > -minAfter ? '0' : '')
      if (digit !== '') put(digit)
      place--
    } else if (kind === 'point') {
      if (place === 0 && !isPointWritten && (minAfter > 0 || (before < count && next < digits.length))) {
        output += '.'
        isPointWritten = true
      }
    } else if (kind === 'exponent' && !isExponentWritten) {
      const zeros = Math.min(text.replace(/[^0]/g, '').length, 10)
      output += exponentText(digits === '' ? 0 : point - before, text[0]!, zeros, text[1] === '+')
      isExponentWritten = true
    } else if (kind !== 'comma') output += text
  }
  return output
}
