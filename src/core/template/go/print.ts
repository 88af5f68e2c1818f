/** The `%v` of Go's fmt: what an action prints, and print, println and the escaping functions build on. */
import type { Numbers } from '../language.ts'
import { compareText } from './bytes.ts'
import { failLimit } from './failure.ts'
import { formatFloat } from './float.ts'
import { textSteps, type Meter } from './meter.ts'
import { formatTime } from './time.ts'
import { Byte, Float, GoStruct, kindOf, mapEntry, mapKeys } from './values.ts'

/** Data nested deeper than this, or in a circle, is not printed. */
export const maxPrintDepth = 500

/** As an action prints it: no value at all has its own words. */
export const printed = (value: unknown, meter: Meter): string =>
  kindOf(value) === 'invalid' ? '<no value>' : format(value, meter)

/** As `print` prints it. */
export function format(value: unknown, meter: Meter): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return formatNumber(value, meter.numbers)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'bigint':
      return String(value)
    case 'object':
      return value === null ? '<nil>' : formatNested(value, meter, 0)
    default:
      return '<nil>'
  }
}

/** The `%v` of a number of the context. Both languages write the same digits, and place the exponent elsewhere. */
export function formatNumber(value: number, numbers: Numbers): string {
  const magnitude = Math.abs(value)
  const end = numbers === 'json' ? Number.POSITIVE_INFINITY : 1e6
  if (magnitude >= 1e-4 && magnitude < end) return String(value)
  // An int has no -0.
  return value === 0 && numbers === 'json' ? '0' : formatFloat(value, 'g', -1)
}

function formatNested(value: unknown, meter: Meter, depth: number): string {
  meter.charge(1)
  if (typeof value !== 'object' || value === null) return format(value, meter)
  if (depth > maxPrintDepth) failLimit(`data nested deeper than ${maxPrintDepth} cannot be printed`)
  if (value instanceof Date) return formatTime(value)
  if (value instanceof Byte) return String(value.value)
  if (value instanceof Float) return formatNumber(value.value, 'float64')
  if (value instanceof GoStruct) return formatStruct(value, meter, depth)
  return Array.isArray(value) ? formatList(value, meter, depth) : formatMap(value, meter, depth)
}

function formatList(list: unknown[], meter: Meter, depth: number): string {
  let text = '['
  for (let index = 0; index < list.length; index++) {
    if (index > 0) text += ' '
    text += formatNested(list[index], meter, depth + 1)
    meter.checkLength(text.length)
  }
  return `${text}]`
}

function formatMap(map: object, meter: Meter, depth: number): string {
  let text = 'map['
  for (const key of sortedKeys(map, meter)) {
    if (text.length > 4) text += ' '
    text += `${key}:${formatNested(mapEntry(map, key), meter, depth + 1)}`
    meter.checkLength(text.length)
  }
  return `${text}]`
}

function formatStruct<Self>({ type, self }: GoStruct<Self>, meter: Meter, depth: number): string {
  if (type.print !== undefined) return type.print(self)
  if (type.integer !== undefined) return String(type.integer(self))
  const fields = [...type.fields.values()].map(read => formatNested(read(self), meter, depth + 1))
  return `{${fields.join(' ')}}`
}

/** A map's order everywhere: printing, range. */
export function sortedKeys(map: object, meter: Meter): string[] {
  const keys = mapKeys(map)
  meter.charge(keys.length)
  return keys.sort(compareText)
}

/** fmt.Sprint: a space between two operands when neither is a string. */
export function print(values: readonly unknown[], meter: Meter): string {
  let text = ''
  values.forEach((value, index) => {
    const apart = index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string'
    text += (apart ? ' ' : '') + format(value, meter)
    meter.checkLength(text.length)
  })
  meter.charge(textSteps(text.length))
  return text
}

/** fmt.Sprintln. */
export function println(values: readonly unknown[], meter: Meter): string {
  let text = ''
  values.forEach((value, index) => {
    text += (index > 0 ? ' ' : '') + format(value, meter)
    meter.checkLength(text.length)
  })
  meter.charge(textSteps(text.length))
  return `${text}\n`
}
