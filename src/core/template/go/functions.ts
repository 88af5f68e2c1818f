/** The functions that Go's text/template has by itself, except `and` and `or`, which the compiler knows. */
import { byteAt, byteLength, sliceBytes } from './bytes.ts'
import { equals, equalsAny, isLess } from './compare.ts'
import { escapeHtml, escapeJs, escapeQuery } from './escape.ts'
import { fail } from './failure.ts'
import { chargeText, type Meter } from './meter.ts'
import { format, print, println, printed } from './print.ts'
import { printf } from './printf.ts'
import {
  asInteger,
  Byte,
  isTrue,
  kindOf,
  mapEntry,
  mapHas,
  mapSize,
  typeName,
  type ParameterType,
} from './values.ts'

export interface TemplateFunction {
  parameters: readonly ParameterType[]
  /** Type of any further arguments; absent: there are none. */
  rest?: ParameterType
  /** Throws Failure. */
  call: (values: readonly unknown[], meter: Meter) => unknown
}

const comparison = (compare: (a: unknown, b: unknown, meter: Meter) => boolean): TemplateFunction => ({
  parameters: ['value', 'value'],
  call: ([a, b], meter) => {
    chargeText(meter, a, b)
    return compare(a, b, meter)
  },
})

const escaper = (escape: (text: string) => string): TemplateFunction => ({
  parameters: [],
  rest: 'any',
  call: (values, meter) => {
    const text = textOf(values, meter)
    // Up to 100 ns a character.
    meter.charge(text.length >> 3)
    return escape(text)
  },
})

export const builtinFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['print', { parameters: [], rest: 'any', call: print }],
  ['println', { parameters: [], rest: 'any', call: println }],
  [
    'printf',
    {
      parameters: ['string'],
      rest: 'any',
      call: ([layout, ...values], meter) => printf(layout as string, values, meter),
    },
  ],
  ['not', { parameters: ['value'], call: ([value], meter) => !isTrue(value, meter) }],
  ['len', { parameters: ['value'], call: ([value], meter) => length(value, meter) }],
  [
    'index',
    { parameters: ['value'], rest: 'value', call: ([item, ...keys], meter) => index(item, keys, meter) },
  ],
  [
    'slice',
    { parameters: ['value'], rest: 'value', call: ([item, ...bounds], meter) => slice(item, bounds, meter) },
  ],
  ['call', { parameters: ['value'], rest: 'value', call: ([value], meter) => notCallable(value, meter) }],
  ['html', escaper(escapeHtml)],
  ['js', escaper(escapeJs)],
  ['urlquery', escaper(escapeQuery)],
  [
    'eq',
    {
      parameters: ['value'],
      rest: 'value',
      call: ([first, ...others], meter) => equalsAny(first, others, meter),
    },
  ],
  ['ne', comparison((a, b, meter) => !equals(a, b, meter))],
  ['lt', comparison(isLess)],
  ['le', comparison((a, b, meter) => isLess(a, b, meter) || equals(a, b, meter))],
  ['gt', comparison((a, b, meter) => !(isLess(a, b, meter) || equals(a, b, meter)))],
  ['ge', comparison((a, b, meter) => !isLess(a, b, meter))],
])

function textOf(values: readonly unknown[], meter: Meter): string {
  if (values.length === 1 && typeof values[0] === 'string') return values[0]
  return print(
    values.map(value => (kindOf(value) === 'invalid' ? printed(value, meter) : value)),
    meter,
  )
}

function notCallable(value: unknown, meter: Meter): never {
  if (kindOf(value) === 'invalid') fail('call of nil')
  fail(`cannot call a value of type ${typeName(value, meter)}`, -1, 'nothing in the context is a function')
}

// Length and parts

function length(value: unknown, meter: Meter): bigint {
  chargeText(meter, value)
  if (typeof value === 'string') return BigInt(byteLength(value))
  if (Array.isArray(value)) return BigInt(value.length)
  if (kindOf(value) !== 'map') fail(`len of type ${typeName(value, meter)}`)
  return BigInt(mapSize(value as object, meter))
}

function index(item: unknown, keys: readonly unknown[], meter: Meter): unknown {
  let found = item
  if (kindOf(found) === 'invalid') fail('index of untyped nil')
  for (const key of keys) found = indexOnce(found, key, meter)
  return found
}

function indexOnce(item: unknown, key: unknown, meter: Meter): unknown {
  if (typeof item === 'string') {
    chargeText(meter, item)
    const size = byteLength(item)
    const position = boundary(key, size, meter)
    return position < size ? new Byte(byteAt(item, position)) : fail('string index out of range')
  }
  if (Array.isArray(item)) {
    const position = boundary(key, item.length, meter)
    return position < item.length ? (item[position] ?? null) : fail(`index out of range: ${position}`)
  }
  if (item === null || item === undefined) fail('index of nil pointer')
  if (kindOf(item) !== 'map') fail(`can't index item of type ${typeName(item, meter)}`)
  if (typeof key !== 'string') fail(`value has type ${typeName(key, meter)}; should be string`)
  // A missing key is the zero value of `any`: nil, not "no value".
  return mapHas(item, key) ? (mapEntry(item, key) ?? null) : null
}

function slice(item: unknown, bounds: readonly unknown[], meter: Meter): unknown {
  if (kindOf(item) === 'invalid') fail('slice of untyped nil')
  if (bounds.length > 3) fail(`too many slice indexes: ${bounds.length}`)
  if (typeof item !== 'string' && !Array.isArray(item))
    fail(`can't slice item of type ${typeName(item, meter)}`)
  if (typeof item === 'string' && bounds.length === 3) fail('cannot 3-index slice a string')
  chargeText(meter, item)
  const size = typeof item === 'string' ? byteLength(item) : item.length
  const [from = 0, to = size, capacity = size] = bounds.map(bound => boundary(bound, size, meter))
  if (from > to) fail(`invalid slice index: ${from} > ${to}`)
  if (to > capacity) fail(`invalid slice index: ${to} > ${capacity}`)
  if (typeof item === 'string') return sliceBytes(item, from, to)
  meter.charge((to - from) >> 3)
  return item.slice(from, to)
}

function boundary(value: unknown, size: number, meter: Meter): number {
  const position = asInteger(value, meter)
  if (position === null) {
    const kind = kindOf(value)
    fail(
      kind === 'invalid'
        ? 'cannot index slice/array with nil'
        : `cannot index slice/array with ${describe(value, meter)}`,
    )
  }
  return position >= 0 && position <= size ? position : fail(`index out of range: ${position}`)
}

const describe = (value: unknown, meter: Meter): string =>
  kindOf(value) === 'float' ? `the fraction ${format(value, meter)}` : `type ${typeName(value, meter)}`
