/**
 * What a template works with, and which Go type it stands for:
 *
 *   string            string                  Map, plain object   map[string]any, keys in UTF-8 order
 *   boolean           bool                    array               []any
 *   number            of the context, below   Date                time.Time in UTC (time.ts)
 *   bigint            int: literals, len, range positions        GoStruct   a struct, or a named type such as int64
 *   Float             float64: literals, hours of a duration     Byte       uint8: one byte of a string
 *   null              nil inside an interface: a JSON null
 *   undefined         no value at all: a missing key
 *
 * Functions and symbols are no values: they read as undefined. Only own properties are fields.
 *
 * A number of the context (or of `fromJson`) is what the option `numbers` says. `float64`: Go's float64 and nothing
 * else; 1000000 prints as `1e+06`, `%d` of it as `%!d(float64=1e+06)`. `json`, for 5 and 5.0 are the same in JSON:
 *
 *   a safe integer    an int (%v %d %x %c %q %T, `%*d`, index, bound, count), and a float64 for %e %f %g
 *   any other         a float64, so `%d` of 5.5 is `%!d(float64=5.5)`
 *   %v of either      all digits below 1e21, as JSON.stringify: 123456789, 1234567.5; from 1e-4 down as Go: 1e-05
 *
 * JSON.parse reads what %v prints as the same number. Beyond 2^53 its digits may already differ from the sender's.
 *
 * Int and float64 together: Go refuses to compare them, to index, slice or range with a float64. With `json` they
 * compare by value (`eq .count 3`, `lt .ratio 1`), and a float64 without a fraction serves as index, bound and count.
 */
import type { Meter } from './meter.ts'

export class Byte {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** A float64 that the template made itself, Go's whatever the numbers of the context are. */
export class Float {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** How a method or function takes an argument: Go's parameter types, as far as there are any. */
export type ParameterType =
  | 'string'
  | 'int'
  | 'time'
  /** A time.Duration, or an int of nanoseconds; arrives as a bigint. */
  | 'duration'
  /** A string, or a number or boolean as it prints; for our own functions. */
  | 'text'
  /** Anything; no value arrives as null. */
  | 'any'
  /** Anything, no value too. */
  | 'value'

export interface GoMethod<Self> {
  parameters: readonly ParameterType[]
  /** Type of any further arguments; absent: there are none. */
  rest?: ParameterType
  /** May `fail` of failure.ts; anything else it throws becomes an execution error too. */
  call: (self: Self, ...parameters: never[]) => unknown
}

/** A type that templates may look into: exactly the fields and methods named here; any other name fails the render. */
export interface GoType<Self> {
  /** As `%T` shows it: `event.Target`. */
  name: string
  /** In the order in which `{a b}` prints them. Only plain values and further GoStructs come out. */
  fields: ReadonlyMap<string, (self: Self) => unknown>
  methods: ReadonlyMap<string, GoMethod<Self>>
  /** Go's String method: how the value prints. Without it: `{field field}`. */
  print?: (self: Self) => string
  /** A pointer to nothing, as `nilPointer` makes them: false, equal to nil, without fields. */
  isNil?: true
  /** For a named integer type such as time.Month, whose self is a bigint. */
  integer?: (self: Self) => bigint
}

export class GoStruct<Self = unknown> {
  readonly type: GoType<Self>
  readonly self: Self
  constructor(type: GoType<Self>, self: Self) {
    this.type = type
    this.self = self
  }
}

/** A nil pointer in a struct: prints `<nil>`, where a missing value prints `<no value>`. `name` as in `*event.Lock`. */
export const nilPointer = (name: string): GoStruct =>
  new GoStruct<unknown>(
    { name, fields: new Map(), methods: new Map(), print: () => '<nil>', isNil: true },
    null,
  )

const sizedInteger = (name: string): GoType<bigint> => ({
  name,
  fields: new Map(),
  methods: new Map(),
  integer: value => value,
})

/** A named integer type that prints as a word. */
export const namedInteger = (name: string, print: (value: bigint) => string): GoType<bigint> => ({
  ...sizedInteger(name),
  methods: new Map([['String', { parameters: [], call: print }]]),
  print,
})

const int32Type = sizedInteger('int32')
const int64Type = sizedInteger('int64')
const uint64Type = sizedInteger('uint64')

/** Integers of a size, which differ from int in their names alone. */
export const int32 = (value: bigint): GoStruct<bigint> => new GoStruct(int32Type, BigInt.asIntN(32, value))
export const int64 = (value: bigint): GoStruct<bigint> => new GoStruct(int64Type, BigInt.asIntN(64, value))
export const uint64 = (value: bigint): GoStruct<bigint> => new GoStruct(uint64Type, BigInt.asUintN(64, value))

export type Kind =
  | 'invalid'
  | 'bool'
  | 'int'
  | 'uint'
  | 'float'
  | 'string'
  | 'map'
  | 'list'
  | 'time'
  | 'struct'

export function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'number':
      return 'float'
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int'
    case 'object':
      return value === null ? 'invalid' : kindOfObject(value)
    default:
      return 'invalid'
  }
}

function kindOfObject(value: object): Kind {
  if (Array.isArray(value)) return 'list'
  if (value instanceof Date) return 'time'
  if (value instanceof GoStruct) return 'struct'
  if (value instanceof Float) return 'float'
  return value instanceof Byte ? 'uint' : 'map'
}

const typeNames: Record<Exclude<Kind, 'struct'>, string> = {
  invalid: '<nil>',
  bool: 'bool',
  int: 'int',
  uint: 'uint8',
  float: 'float64',
  string: 'string',
  map: 'map[string]interface {}',
  list: '[]interface {}',
  time: 'time.Time',
}

/** Does this number of the context count as an int? */
export const isInt = (value: number, { numbers }: Meter): boolean =>
  numbers === 'json' && Number.isSafeInteger(value)

export function typeName(value: unknown, meter: Meter): string {
  if (typeof value === 'number' && isInt(value, meter)) return typeNames.int
  const kind = kindOf(value)
  return kind === 'struct' ? (value as GoStruct).type.name : typeNames[kind]
}

/** Is it not the zero of its type? */
export function isTrue(value: unknown, meter: Meter): boolean {
  switch (typeof value) {
    case 'string':
      return value !== ''
    case 'boolean':
      return value
    case 'number':
      return value !== 0
    case 'bigint':
      return value !== 0n
    case 'object':
      return value !== null && isTrueObject(value, meter)
    default:
      return false
  }
}

function isTrueObject(value: object, meter: Meter): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof Date) return true
  if (value instanceof GoStruct) return isTrueStruct(value)
  if (value instanceof Float || value instanceof Byte) return value.value !== 0
  return mapSize(value, meter) > 0
}

const isTrueStruct = ({ type, self }: GoStruct): boolean =>
  type.integer === undefined ? type.isNil !== true : type.integer(self) !== 0n

export function mapEntry(map: object, key: string): unknown {
  if (map instanceof Map) return (map as Map<unknown, unknown>).get(key)
  return Object.hasOwn(map, key) ? (map as Record<string, unknown>)[key] : undefined
}

export const mapHas = (map: object, key: string): boolean =>
  map instanceof Map ? map.has(key) : Object.hasOwn(map, key)

/** An object has to list its keys to know how many there are. */
export function mapSize(map: object, meter: Meter): number {
  if (map instanceof Map) return map.size
  const { length } = Object.keys(map)
  meter.charge(length >> 3)
  return length
}

/** Unsorted. */
export const mapKeys = (map: object): string[] =>
  map instanceof Map ? [...map.keys()].filter(key => typeof key === 'string') : Object.keys(map)

/** An int, or with the numbers of JSON a float64 that could be one; null for everything else. */
export function asInteger(value: unknown, { numbers }: Meter): number | null {
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Byte) return value.value
  if (value instanceof GoStruct)
    return value.type.integer === undefined ? null : Number(value.type.integer(value.self))
  const number = value instanceof Float ? value.value : value
  return numbers === 'json' && typeof number === 'number' && Number.isInteger(number) ? number : null
}
