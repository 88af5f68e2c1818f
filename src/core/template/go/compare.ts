/** eq and lt, from which ne, le, gt and ge follow. */
import { compareText } from './bytes.ts'
import { fail } from './failure.ts'
import { chargeText, type Meter } from './meter.ts'
import { Byte, Float, GoStruct, kindOf, typeName } from './values.ts'

type Basic = string | boolean | number | bigint

/** Null: not of a basic type. */
function basic(value: unknown): Basic | null {
  if (value instanceof Byte || value instanceof Float) return value.value
  if (value instanceof GoStruct) return value.type.integer?.(value.self) ?? null
  return typeof value === 'object' || value === undefined ? null : (value as Basic)
}

const isNumeric = (value: Basic | null): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'

/** Go compares no int with a float64. */
function sameKind(a: unknown, b: unknown, meter: Meter): true {
  if (meter.numbers === 'float64' && (kindOf(a) === 'float') !== (kindOf(b) === 'float'))
    incomparable(a, b, meter)
  return true
}

export function equalsAny(first: unknown, others: readonly unknown[], meter: Meter): boolean {
  if (others.length === 0) fail('missing argument for comparison')
  return others.some(other => {
    chargeText(meter, first, other)
    return equals(first, other, meter)
  })
}

export function equals(a: unknown, b: unknown, meter: Meter): boolean {
  const x = basic(a)
  const y = basic(b)
  if (x === null && y === null) return equalsComposite(a, b, meter)
  if (x === null || y === null) {
    if (kindOf(a) === 'invalid' || kindOf(b) === 'invalid') return false
    return incomparable(a, b, meter)
  }
  // An int and a float64 are never ===.
  if (isNumeric(x) && isNumeric(y)) return sameKind(a, b, meter) && x <= y && x >= y
  return typeof x === typeof y ? x === y : incomparable(a, b, meter)
}

function equalsComposite(a: unknown, b: unknown, meter: Meter): boolean {
  const kind = isNil(a) ? 'invalid' : kindOf(a)
  const other = isNil(b) ? 'invalid' : kindOf(b)
  if (kind === 'invalid' || other === 'invalid') return kind === other
  if (kind !== other) return incomparable(a, b, meter)
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime()
  if (a instanceof GoStruct && b instanceof GoStruct) return equalsStruct(a, b, meter)
  return fail(`non-comparable type ${typeName(a, meter)}`, -1, 'compare their fields or elements instead')
}

const isNil = (value: unknown): boolean => value instanceof GoStruct && value.type.isNil === true

function equalsStruct(a: GoStruct, b: GoStruct, meter: Meter): boolean {
  if (a.type !== b.type) return false
  return [...a.type.fields.values()].every(read => equals(read(a.self), read(b.self), meter))
}

function incomparable(a: unknown, b: unknown, meter: Meter): never {
  fail(`incompatible types for comparison: ${typeName(a, meter)} and ${typeName(b, meter)}`)
}

export function isLess(a: unknown, b: unknown, meter: Meter): boolean {
  const x = basic(a)
  const y = basic(b)
  if (x === null || y === null) fail(`invalid type for comparison: ${typeName(x === null ? a : b, meter)}`)
  if (isNumeric(x) && isNumeric(y)) return sameKind(a, b, meter) && x < y
  if (typeof x !== typeof y) incomparable(a, b, meter)
  return typeof x === 'string' ? compareText(x, y as string) < 0 : fail('invalid type for comparison: bool')
}
