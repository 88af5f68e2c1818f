/** Statements → closures. What stands in the source is decided here, once; a render only calls. */
import { atLastTouched, Failure, fail, failLimit, unplaced } from './failure.ts'
import { compilePipe, lastOfPipe, type Evaluate, type Functions } from './compile-pipe.ts'
import type { Pipe, Statement, Tree } from './nodes.ts'
import { printed, sortedKeys } from './print.ts'
import type { Render } from './render.ts'
import { asInteger, Byte, GoStruct, isTrue, kindOf, mapEntry, typeName } from './values.ts'

/** Blocks that may be open at once, over all template calls. The stack holds 2,600 at worst; Go allows 100,000 calls. */
export const maxDepth = 1000

/** How a statement left: on to the next, out of the loop, or to the loop's next turn. */
type Signal = 0 | 1 | 2
const onward = 0
const broke = 1
const continued = 2

type Execute = (render: Render, dot: unknown) => Signal

export interface Program {
  run: Execute
  /** Size of its frame. */
  slots: number
  nesting: number
}

interface Compiler {
  functions: Functions
  programs: Map<string, Program>
}

/** The programs by name. */
export function compile(trees: Map<string, Tree>, functions: Functions): Map<string, Program> {
  const programs = new Map<string, Program>()
  const compiler = { functions, programs }
  for (const tree of trees.values()) {
    programs.set(tree.name, {
      run: compileBody(tree.body, compiler),
      slots: tree.slots,
      nesting: nestingOf(tree.body),
    })
  }
  return programs
}

function compileBody(body: Statement[], compiler: Compiler): Execute {
  const statements = body.map(statement => compileStatement(statement, compiler))
  const positions = body.map(statement => statement.at)
  const { length } = statements
  return (render, dot) => {
    let index = 0
    try {
      render.charge(length)
      for (; index < length; index++) {
        const signal = (statements[index] as Execute)(render, dot)
        if (signal !== onward) return signal
      }
      return onward
    } catch (error) {
      if (error instanceof Failure && error.at === unplaced) error.at = positions[index] ?? 0
      if (error instanceof Failure && error.at === atLastTouched) error.at = render.lastTouched
      throw error
    }
  }
}

function compileStatement(statement: Statement, compiler: Compiler): Execute {
  switch (statement.kind) {
    case 'text':
      return compileText(statement.text)
    case 'action':
      return compileAction(statement.pipe, compiler)
    case 'if':
    case 'with':
      return compileBranch(statement, compiler)
    case 'range':
      return compileRange(statement, compiler)
    case 'break':
      return () => broke
    case 'continue':
      return () => continued
    case 'template':
      return compileTemplateCall(statement, compiler)
  }
}

const compileText =
  (text: string): Execute =>
  render => {
    render.write(text)
    return onward
  }

/** An action that declares or assigns prints nothing. */
function compileAction(pipe: Pipe, { functions }: Compiler): Execute {
  const evaluate = compilePipe(pipe, functions)
  if (pipe.variables.length > 0) {
    return (render, dot) => {
      evaluate(render, dot)
      return onward
    }
  }
  return (render, dot) => {
    const value = evaluate(render, dot)
    render.write(typeof value === 'string' ? value : printed(value, render))
    return onward
  }
}

type Branch = Extract<Statement, { kind: 'if' | 'with' }>

function compileBranch({ kind, pipe, body, otherwise }: Branch, compiler: Compiler): Execute {
  const evaluate = compilePipe(pipe, compiler.functions)
  const whenTrue = compileBody(body, compiler)
  const whenFalse = compileBody(otherwise, compiler)
  return (render, dot) => {
    const value = evaluate(render, dot)
    if (!isTrue(value, render)) return whenFalse(render, dot)
    return whenTrue(render, kind === 'with' ? value : dot)
  }
}

type Call = Extract<Statement, { kind: 'template' }>

function compileTemplateCall({ at, name, pipe }: Call, { functions, programs }: Compiler): Execute {
  const evaluate: Evaluate = pipe === null ? () => undefined : compilePipe(pipe, functions)
  return (render, dot) => {
    const program = programs.get(name) ?? fail(`template ${JSON.stringify(name)} not defined`, at)
    const value = evaluate(render, dot)
    render.depth += program.nesting
    if (render.depth > maxDepth)
      failLimit('the templates call each other too deeply', at, 'does one call itself for ever?')
    const outer = render.frame
    render.frame = newFrame(program, value)
    program.run(render, value)
    render.frame = outer
    render.depth -= program.nesting
    return onward
  }
}

export function newFrame(program: Program, root: unknown): unknown[] {
  const frame = new Array<unknown>(program.slots).fill(undefined)
  frame[0] = root
  return frame
}

// Range

type Range = Extract<Statement, { kind: 'range' }>
/** One turn; false when the loop is left. */
type Turn = (render: Render, position: unknown, element: unknown) => boolean

function compileRange({ pipe, body, otherwise }: Range, compiler: Compiler): Execute {
  const evaluate = compilePipe(pipe, compiler.functions)
  const turn = compileTurn(pipe, compileBody(body, compiler))
  const whenEmpty = compileBody(otherwise, compiler)
  const at = lastOfPipe(pipe)
  const takesPosition = pipe.variables.length > 1
  return (render, dot) => {
    const value = evaluate(render, dot)
    const ran = Array.isArray(value)
      ? overList(render, value, turn)
      : kindOf(value) === 'map'
        ? overMap(render, value as object, turn)
        : overCount(render, value, turn, takesPosition, at)
    return ran ? onward : whenEmpty(render, dot)
  }
}

function compileTurn({ variables }: Pipe, run: Execute): Turn {
  const first = variables[0]?.slot
  const second = variables[1]?.slot
  return (render, position, element) => {
    render.charge(1)
    if (second !== undefined && first !== undefined) {
      render.frame[first] = position
      render.frame[second] = element
    } else if (first !== undefined) render.frame[first] = element
    return run(render, element) !== broke
  }
}

/** They answer whether there was anything to go through. */
function overList(render: Render, list: unknown[], turn: Turn): boolean {
  for (let index = 0; index < list.length; index++) {
    if (!turn(render, BigInt(index), list[index] ?? null)) break
  }
  return list.length > 0
}

function overMap(render: Render, map: object, turn: Turn): boolean {
  const keys = sortedKeys(map, render)
  for (const key of keys) if (!turn(render, key, mapEntry(map, key))) break
  return keys.length > 0
}

function overCount(render: Render, value: unknown, turn: Turn, takesPosition: boolean, at: number): boolean {
  if (value === undefined) return false
  const count =
    asInteger(value, render) ??
    fail(`range can't iterate over a value of type ${typeName(value, render)}`, at)
  if (takesPosition) fail(`can't use ${count} to iterate over more than one variable`, at)
  for (let index = 0; index < count; index++) {
    if (!turn(render, undefined, integerLike(value, BigInt(index)))) break
  }
  return count > 0
}

/** Of the type of the other. */
function integerLike(other: unknown, value: bigint): unknown {
  if (other instanceof GoStruct) return new GoStruct(other.type, value)
  return other instanceof Byte ? new Byte(Number(value)) : value
}

// Depth

function nestingOf(body: Statement[]): number {
  let deepest = 0
  for (const statement of body) {
    if (!('body' in statement)) continue
    deepest = Math.max(deepest, nestingOf(statement.body), nestingOf(statement.otherwise))
  }
  return deepest + 1
}
