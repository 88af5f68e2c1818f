/**
 * Pipelines → closures.
 *
 * `undefined` is Go's invalid value, `null` a nil inside an interface. Each command of a pipeline makes undefined of
 * null, as Go looks into the interface there; fields, elements and arguments keep it. So `{{.missing.x}}` is no value,
 * while `{{.null.x}}` fails.
 *
 * An error of an argument's type points at what Go evaluated last before it noticed; `lastOf…` knows that beforehand.
 */
import { atLastTouched, fail } from './failure.ts'
import {
  callField,
  checkCount,
  convert,
  fieldOf,
  measured,
  placedError,
  type GivenArgument,
} from './fields.ts'
import type { TemplateFunction } from './functions.ts'
import { unset, type Command, type Operand, type Pipe, type Variable } from './nodes.ts'
import type { Render } from './render.ts'
import { isTrue, type ParameterType } from './values.ts'

export type Evaluate = (render: Render, dot: unknown) => unknown
export type Functions = ReadonlyMap<string, TemplateFunction>

/** `and` and `or` evaluate no more than they need, so no function could stand for them. */
export const shortCircuits: ReadonlySet<string> = new Set(['and', 'or'])

export function compilePipe(pipe: Pipe, functions: Functions): Evaluate {
  let evaluate: Evaluate | null = null
  let before = pipe.at
  for (const command of pipe.commands) {
    evaluate = looksInside(compileCommand(command, evaluate, before, functions))
    before = lastOfCommand(command)
  }
  const value = evaluate as Evaluate
  return pipe.variables.length === 0 ? value : storing(value, pipe.variables, before)
}

const looksInside =
  (evaluate: Evaluate): Evaluate =>
  (render, dot) => {
    const value = evaluate(render, dot)
    return value === null ? undefined : value
  }

function storing(evaluate: Evaluate, variables: Variable[], at: number): Evaluate {
  const slots = variables.map(variable => variable.slot)
  const unknown = variables.find(variable => variable.slot === unset)
  return (render, dot) => {
    const value = evaluate(render, dot)
    if (unknown !== undefined) fail(`undefined variable: ${unknown.name}`, at, 'declare it with := first')
    for (const slot of slots) render.frame[slot] = value
    return value
  }
}

/** `previous`: the command before it in the pipeline, whose value is the last argument. `before`: what that one touched last. */
function compileCommand(
  command: Command,
  previous: Evaluate | null,
  before: number,
  functions: Functions,
): Evaluate {
  const [first, ...others] = command.operands as [Operand, ...Operand[]]
  const isCall = others.length > 0 || previous !== null
  switch (first.kind) {
    case 'function':
      return compileCall(first, others, previous, functions)
    case 'field':
      if (!isCall) return compileOperand(first, functions)
      return compileMethod(first, readDot, others, previous, functions)
    case 'chain':
      if (!isCall) return compileOperand(first, functions)
      return compileMethod(
        { at: lastOf(first), callAt: first.at, names: first.names },
        compileOperand(first.operand, functions),
        others,
        previous,
        functions,
      )
    case 'variable':
      if (!isCall) return compileOperand(first, functions)
      if (first.names.length === 0) return notAFunction(first.at, previous)
      return compileMethod(first, readVariable(first), others, previous, functions)
    case 'pipe':
      return isCall ? notAFunction(before, previous) : compilePipe(first, functions)
    case 'nil':
      return () => fail('nil is not a command', first.at)
    default:
      return isCall ? notAFunction(first.at, previous) : compileOperand(first, functions)
  }
}

const notAFunction =
  (at: number, previous: Evaluate | null): Evaluate =>
  (render, dot) => {
    previous?.(render, dot)
    return fail("can't give an argument to something that is not a function", at)
  }

// Operands

const readDot: Evaluate = (_render, dot) => dot

function compileOperand(operand: Operand, functions: Functions): Evaluate {
  switch (operand.kind) {
    case 'dot':
      return readDot
    case 'nil':
      return () => null
    case 'constant': {
      const { value } = operand
      return () => value
    }
    case 'overflow':
      return () => fail(`${operand.text} overflows int`, operand.at)
    case 'field':
      return readFields(readDot, operand.names, operand.at)
    case 'variable':
      return readFields(readVariable(operand), operand.names, operand.at)
    case 'chain':
      return readFields(
        compileOperand(operand.operand, functions),
        operand.names,
        lastOf(operand),
        operand.at,
      )
    case 'function':
      return compileCall(operand, [], null, functions)
    case 'pipe':
      return compilePipe(operand, functions)
  }
}

function readVariable({ name, slot, at }: Variable): Evaluate {
  if (slot === unset) return () => fail(`undefined variable: ${name}`, at)
  return render => render.frame[slot]
}

/** `at`: where an error of reading points; `callAt`: one of a method that is called. */
function readFields(receiver: Evaluate, names: string[], at: number, callAt = at): Evaluate {
  const [first, second] = names
  if (first === undefined) return receiver
  if (names.length === 1) {
    if (receiver === readDot) return (render, dot) => fieldOf(dot, first, at, render)
    return (render, dot) => fieldOf(receiver(render, dot), first, at, render, callAt)
  }
  if (second !== undefined && names.length === 2) {
    return (render, dot) =>
      fieldOf(fieldOf(receiver(render, dot), first, at, render, callAt), second, at, render, callAt)
  }
  return (render, dot) => {
    let value = receiver(render, dot)
    for (const name of names) value = fieldOf(value, name, at, render, callAt)
    return value
  }
}

// Calls

interface Argument {
  evaluate: Evaluate
  at: number
}

const compileArgument = (operand: Operand, functions: Functions): Argument => ({
  evaluate: compileOperand(operand, functions),
  at: lastOf(operand),
})

function compileMethod(
  node: { at: number; callAt?: number; names: string[] },
  from: Evaluate,
  operands: Operand[],
  previous: Evaluate | null,
  functions: Functions,
): Evaluate {
  const { at, callAt = at } = node
  const name = node.names.at(-1) as string
  const holder = readFields(from, node.names.slice(0, -1), at, callAt)
  const given = operands.map(operand => compileArgument(operand, functions))
  const lastAt = given.at(-1)?.at ?? at
  const count = given.length + (previous === null ? 0 : 1)
  return (render, dot) => {
    const final = previous?.(render, dot)
    const argument = (index: number): GivenArgument => {
      const one = given[index]
      if (one === undefined) return { value: final, at: lastAt }
      const value = one.evaluate(render, dot)
      if (one.at !== atLastTouched) render.lastTouched = one.at
      return { value, at: one.at }
    }
    const receiver = holder(render, dot)
    render.lastTouched = at
    return callField(receiver, name, count, argument, at, render, callAt)
  }
}

function compileCall(
  node: { at: number; name: string },
  operands: Operand[],
  previous: Evaluate | null,
  functions: Functions,
): Evaluate {
  const { at, name } = node
  const given = operands.map(operand => compileArgument(operand, functions))
  // The value from the pipeline is there before the arguments are evaluated, and checked after them.
  if (previous !== null) given.push({ evaluate: readFinal, at: given.at(-1)?.at ?? at })
  const call = shortCircuits.has(name)
    ? compileShortCircuit(name, given, at)
    : compileFunction(node, given, functions.get(name) as TemplateFunction)
  if (previous === null) return call
  return (render, dot) => {
    const outer = render.final
    const final = previous(render, dot)
    render.final = final
    const value = call(render, dot)
    render.final = outer
    return value
  }
}

const readFinal: Evaluate = render => render.final

function compileShortCircuit(name: string, given: Argument[], at: number): Evaluate {
  const stopsAt = name === 'or'
  if (given.length === 0) return () => fail(`wrong number of args for ${name}: want at least 1 got 0`, at)
  return (render, dot) => {
    render.charge(1)
    let value: unknown
    for (const argument of given) {
      value = argument.evaluate(render, dot)
      if (argument.at !== atLastTouched) render.lastTouched = argument.at
      if (isTrue(value, render) === stopsAt) break
    }
    return value
  }
}

function compileFunction(
  node: { at: number; name: string },
  given: Argument[],
  called: TemplateFunction,
): Evaluate {
  const { at, name } = node
  const { parameters, rest, call } = called
  if (given.length < parameters.length || (rest === undefined && given.length > parameters.length)) {
    return () => checkCount(name, called, given.length, at)
  }
  const typed = given.map(({ evaluate, at: argumentAt }, index) =>
    converting(evaluate, parameters[index] ?? (rest as ParameterType), argumentAt),
  )
  return (render, dot) => {
    const values: unknown[] = []
    for (const argument of typed) values.push(argument(render, dot))
    try {
      render.charge(1)
      return measured(call(values, render), render)
    } catch (error) {
      throw placedError(error, name, at)
    }
  }
}

function converting(evaluate: Evaluate, type: ParameterType, at: number): Evaluate {
  if (type === 'value') return evaluate
  return (render, dot) => convert(evaluate(render, dot), type, at, render)
}

// Positions

function lastOf(operand: Operand): number {
  if (operand.kind === 'pipe') return lastOfPipe(operand)
  return operand.kind === 'chain' ? lastOf(operand.operand) : operand.at
}

export const lastOfPipe = (pipe: Pipe): number => lastOfCommand(pipe.commands.at(-1) as Command)

function lastOfCommand({ operands }: Command): number {
  const [first] = operands
  const mayStopEarly = first?.kind === 'function' ? shortCircuits.has(first.name) : true
  return operands.length > 1 && mayStopEarly ? atLastTouched : lastOf(operands.at(-1) as Operand)
}
