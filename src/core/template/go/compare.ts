/** eq and lt, from which ne, le, gt and ge follow. */
import { compareText } from './bytes.ts'
import { fail } from './failure.ts'
import { chargeText, type Meter } from './meter.ts'
import { Byte, GoStruct, kindOf, typeName } from './values.ts'

type Basic = string | boolean | number | bigint

/** Null: not of a basic type. */
function basic(value: unknown): Basic | null {
  if (value instanceof Byte) return BigInt(value.value)
  if (value instanceof GoStruct) return value.type.integer?.(value.self) ?? null
  return typeof value === 'object' || value === undefined ? null : (value as Basic)
}

const isNumeric = (value: Basic | null): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'

export function equalsAny(first: unknown, others: readonly unknown[], meter: Meter): boolean {
  if (others.length === 0) fail('missing argument for comparison')
  return others.some(other => {
    chargeText(meter, first, other)
    return equals(first, other)
  })
}

export function equals(a: unknown, b: unknown): boolean {
  const x = basic(a)
  const y = basic(b)
  if (x === null && y === null) return equalsComposite(a, b)
  if (x === null || y === null) {
    if (kindOf(a) === 'invalid' || kindOf(b) === 'invalid') return false
    return incomparable(a, b)
  }
  // An int and a float64 are never ===.
  if (isNumeric(x) && isNumeric(y)) return x <= y && x >= y
  return typeof x === typeof y ? x === y : incomparable(a, b)
}

function equalsComposite(a: unknown, b: unknown): boolean {
  const kind = isNil(a) ? 'invalid' : kindOf(a)
  const other = isNil(b) ? 'invalid' : kindOf(b)
  if (kind === 'invalid' || other === 'invalid') return kind === other
  if (kind !== other) return incomparable(a, b)
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime()
  if (a instanceof GoStruct && b instanceof GoStruct) return equalsStruct(a, b)
  return fail(`non-comparable type ${typeName(a)}`, -1, 'compare their fields or elements instead')
}

const isNil = (value: unknown): boolean => value instanceof GoStruct && value.type.isNil === true

function equalsStruct(a: GoStruct, b: GoStruct): boolean {
  if (a.type !== b.type) return false
  return [...a.type.fields.values()].every(read => equals(read(a.self), read(b.self)))
}

function incomparable(a: unknown, b: unknown): never {
  fail(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`)
}

export function isLess(a: unknown, b: unknown): boolean {
  const x = basic(a)
  const y = basic(b)
  if (x === null || y === null) fail(`invalid type for comparison: ${typeName(x === null ? a : b)}`)
  if (isNumeric(x) && isNumeric(y)) return x < y
  if (typeof x !== typeof y) incomparable(a, b)
  return typeof x === 'string' ? compareText(x, y as string) < 0 : fail('invalid type for comparison: bool')
}
