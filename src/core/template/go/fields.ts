import { Failure, fail, unplaced } from './failure.ts'
import { isDuration } from './duration.ts'
import { textSteps, type Meter } from './meter.ts'
import { format } from './print.ts'
import type { Render } from './render.ts'
import { timeMethods } from './time-methods.ts'
import {
  asInteger,
  Byte,
  Float,
  GoStruct,
  kindOf,
  mapEntry,
  typeName,
  type GoMethod,
  type ParameterType,
} from './values.ts'

/** `value.name` without arguments. `callAt`: where an error of the method itself points. */
export function fieldOf(value: unknown, name: string, at: number, meter: Meter, callAt = at): unknown {
  if (typeof value === 'object' && value !== null) {
    const prototype: unknown = Object.getPrototypeOf(value)
    // The common case, without asking further what it could be.
    if (prototype === Object.prototype || prototype === null) {
      return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
    }
    if (kindOf(value) === 'map') return mapEntry(value, name)
    if (value instanceof GoStruct) return structField(value, name, at, meter, callAt)
    const method = methodOf(value, name)
    return method === undefined
      ? noSuchField(value, name, at, meter)
      : callMethod(value, name, method, [], at, callAt)
  }
  return value !== null && kindOf(value) === 'invalid' ? undefined : noSuchField(value, name, at, meter)
}

/** `value.name argument…`: only a method takes arguments, which are evaluated and checked one after the other. */
export function callField(
  value: unknown,
  name: string,
  count: number,
  argument: (index: number) => GivenArgument,
  at: number,
  render: Render,
  callAt: number,
): unknown {
  if (value !== null && kindOf(value) === 'invalid') return undefined
  const method = methodOf(value, name)
  if (method === undefined) {
    if (kindOf(value) !== 'map') fieldOf(value, name, at, render)
    return fail(`${name} is not a method but has arguments`, at)
  }
  const { parameters, rest } = method
  checkCount(name, method, count, at)
  const values: unknown[] = []
  for (let index = 0; index < count; index++) {
    const given = argument(index)
    values.push(convert(given.value, parameters[index] ?? (rest as ParameterType), given.at, render))
  }
  return placed(name, callAt, () => {
    // Format is the slowest: it looks at each character of its layout.
    for (const value of values) if (typeof value === 'string') render.charge(value.length >> 3)
    return measured(callMethod(value, name, method, values, at, callAt), render)
  })
}

/** What a function or method answered, when it is not too long. */
export function measured(value: unknown, render: Render): unknown {
  if (typeof value === 'string') {
    render.checkLength(value.length)
    render.charge(textSteps(value.length))
  }
  return value
}

export interface GivenArgument {
  value: unknown
  /** Where an error about it points. */
  at: number
}

type AnyMethod = GoMethod<unknown>

function methodOf(value: unknown, name: string): AnyMethod | undefined {
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? undefined : (timeMethods.get(name) as AnyMethod | undefined)
  return value instanceof GoStruct ? value.type.methods.get(name) : undefined
}

function structField(struct: GoStruct, name: string, at: number, meter: Meter, callAt: number): unknown {
  const method = struct.type.methods.get(name)
  if (method !== undefined) return callMethod(struct, name, method, [], at, callAt)
  const read = struct.type.fields.get(name)
  return read === undefined ? noSuchField(struct, name, at, meter) : placed(name, at, () => read(struct.self))
}

function callMethod(
  value: unknown,
  name: string,
  method: AnyMethod,
  values: unknown[],
  at: number,
  callAt: number,
): unknown {
  checkCount(name, method, values.length, at)
  const self = value instanceof GoStruct ? value.self : value
  return placed(name, callAt, () => method.call(self, ...(values as never[])))
}

export function checkCount(
  name: string,
  { parameters, rest }: { parameters: readonly unknown[]; rest?: unknown },
  count: number,
  at: number,
): void {
  if (count === parameters.length || (rest !== undefined && count > parameters.length)) return
  const want = rest === undefined ? parameters.length : `at least ${parameters.length}`
  fail(`wrong number of args for ${name}: want ${want} got ${count}`, at)
}

/** Runs a function of ours or of a type; whatever it throws gets a place in the source. */
function placed<T>(name: string, at: number, call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw placedError(error, name, at)
  }
}

export function placedError(error: unknown, name: string, at: number): unknown {
  if (error instanceof Failure) {
    if (error.at !== unplaced) return error
    error.at = at
    if (error.code === 'template.execution') error.message = `error calling ${name}: ${error.message}`
    return error
  }
  // A stack overflow is told apart at the very end.
  if (error instanceof RangeError) return error
  const failure = new Failure('template.execution', `error calling ${name}`, at)
  failure.cause = error
  return failure
}

function noSuchField(value: unknown, name: string, at: number, meter: Meter): never {
  if (value instanceof Date && Number.isNaN(value.getTime())) fail('the time is not valid', at)
  if (value instanceof GoStruct && value.type.isNil === true) {
    fail(`nil pointer evaluating ${value.type.name}.${name}`, at)
  }
  if (value === null)
    fail(
      `nil pointer evaluating interface {}.${name}`,
      at,
      'the value is null; guard it with {{if}} or {{with}}',
    )
  fail(`can't evaluate field ${name} in type ${typeName(value, meter)}`, at)
}

/** The value as a parameter of that type takes it. */
export function convert(value: unknown, type: ParameterType, at: number, render: Render): unknown {
  switch (type) {
    case 'value':
      return value
    case 'any':
      return value === undefined ? null : value
    case 'string':
      return typeof value === 'string' ? value : wrongType(value, 'string', at, render)
    case 'text':
      return isScalar(value) ? format(value, render) : wrongType(value, 'string', at, render)
    case 'int': {
      const integer = value instanceof GoStruct ? null : asInteger(value, render)
      return integer === null ? wrongType(value, 'int', at, render) : BigInt(integer)
    }
    case 'duration':
      if (typeof value === 'bigint') return value
      return isDuration(value) ? value.self : wrongType(value, 'time.Duration', at, render)
    case 'time':
      return value instanceof Date ? value : wrongType(value, 'time.Time', at, render)
  }
}

const isScalar = (value: unknown): boolean =>
  typeof value === 'object'
    ? value instanceof Byte ||
      value instanceof Float ||
      value instanceof Date ||
      (value instanceof GoStruct && value.type.integer !== undefined)
    : kindOf(value) !== 'invalid'

function wrongType(value: unknown, expected: string, at: number, meter: Meter): never {
  if (kindOf(value) === 'invalid')
    fail(`invalid value; expected ${expected}`, at, 'the value is missing or null')
  fail(`wrong type for value; expected ${expected}; got ${typeName(value, meter)}`, at)
}
