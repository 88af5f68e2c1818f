import { Environment } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'
import { LRUCache } from 'lru-cache'
import { createMeter, measure } from './where-cost.ts'

/** A compiled `where`. It never throws: a type error is "does not match", with the reason. */
export type Where = (context: object) => WhereResult
export type WhereResult = { matches: true } | { matches: false; error: string | null }

export type CompiledWhere =
  | { ok: true; evaluate: Where }
  | { ok: false; message: string; line: number; column: number }

const meter = createMeter()
const patterns = new LRUCache<string, RE2JS>({ max: 500 })
const longestPattern = 1000
const largestPattern = 5000

/** Throws for what is no pattern, and for one that would take too long on any text. */
function compilePattern(source: string): RE2JS {
  if (source.length > longestPattern)
    throw new Error(`A pattern has at most ${longestPattern} characters; this one has ${source.length}`)
  const pattern = RE2JS.compile(source)
  if (pattern.programSize() > largestPattern)
    throw new Error(
      'The pattern is too large: its repetitions multiply to more than can be searched for in time',
    )
  return pattern
}

/**
 * RE2 takes time linear in the text, whatever the pattern: CEL's own `matches` uses the host's backtracking one.
 * At worst it looks at each character with each instruction of the pattern, 30 ns each.
 */
function matchesPattern(text: string, source: string): boolean {
  let pattern = patterns.get(source)
  if (pattern === undefined) {
    pattern = compilePattern(source)
    patterns.set(source, pattern)
  }
  meter.charge((text.length * pattern.programSize()) / 4)
  return pattern.matcher(text).find()
}

/** What an expression may name. `body` and `data` are the same value under the two names that people look for. */
const names = {
  event: 'map',
  body: 'dyn',
  data: 'dyn',
  headers: 'map',
  query: 'map',
  params: 'map',
  endpoint: 'dyn',
}

function createEnvironment(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    limits: {
      maxAstNodes: 2000,
      maxDepth: 60,
      maxListElements: 500,
      maxMapEntries: 200,
      maxCallArguments: 10,
    },
  })
  for (const [name, type] of Object.entries(names)) environment.registerVariable(name, type)
  environment.registerVariable('raw', 'string')
  // JSON numbers are doubles and CEL literals integers: `body.count + 1` has to be sayable.
  for (const [operator, calculate] of Object.entries(arithmetic)) {
    const fromRight = (a: number, b: bigint) => calculate(a, Number(b))
    const fromLeft = (a: bigint, b: number) => calculate(Number(a), b)
    environment.registerOperator(`double ${operator} int: double`, fromRight)
    environment.registerOperator(`int ${operator} double: double`, fromLeft)
  }
  environment.registerOperator('double % double', arithmetic['%'])
  environment.registerOperator('int == double', (a: bigint, b: number) => Number(a) === b)
  environment.registerFunction('string.re(string): bool', matchesPattern)
  environment.registerFunction('re(string, string): bool', matchesPattern)
  return environment
}

const arithmetic = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => a % b,
}

const environment = createEnvironment()
const cache = new LRUCache<string, CompiledWhere>({ max: 5000 })

/** Compiles on first use and keeps the result, failures too. Line and column are 1-based. */
export function compileWhere(source: string): CompiledWhere {
  let compiled = cache.get(source)
  if (compiled === undefined) {
    compiled = compile(source)
    cache.set(source, compiled)
  }
  return compiled
}

function compile(source: string): CompiledWhere {
  try {
    const expression = environment.parse(source)
    refuseBacktracking(expression.ast)
    refuseLiteralPatternErrors(expression.ast)
    const check = expression.check()
    if (!check.valid) return failure(source, check.error)
    if (check.type !== 'bool' && check.type !== 'dyn') {
      return failure(source, new Error(`The expression gives a ${check.type}; it must give true or false`))
    }
    measure(expression.ast, meter)
    return { ok: true, evaluate: context => evaluate(expression, context) }
  } catch (error) {
    return failure(source, error)
  }
}

type Expression = (context: object) => unknown

function evaluate(expression: Expression, context: object): WhereResult {
  const { stackTraceLimit } = Error
  // An error in each round of a loop is caught at once: with a stack trace it costs 7 µs, without one 1.
  Error.stackTraceLimit = 0
  try {
    const value = valueOf(expression, context)
    if (value === true) return { matches: true }
    if (value === false) return { matches: false, error: null }
    return { matches: false, error: `The expression gave ${describe(value)}, not true or false` }
  } catch (error) {
    return { matches: false, error: summary(error) }
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** cel-js takes an object with a key `constructor` for one of a class that it does not know; a Map holds any key. */
function valueOf(expression: Expression, context: object): unknown {
  meter.reset()
  try {
    return expression(context)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'unsupported_type')) throw error
    return expression(
      Object.fromEntries(Object.entries(context).map(([name, value]) => [name, asMaps(value)])),
    )
  }
}

function asMaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asMaps)
  if (typeof value !== 'object' || value === null) return value
  return new Map(Object.entries(value).map(([key, inner]) => [key, asMaps(inner)]))
}

const describe = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'a list'
      : typeof value === 'object'
        ? 'a map'
        : typeof value

type Node = { op: string; args: unknown; start: number }
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value

function visit(value: unknown, seen: (node: Node) => void): void {
  if (Array.isArray(value)) for (const part of value) visit(part, seen)
  if (!isNode(value)) return
  seen(value)
  visit(value.args, seen)
}

function refuseBacktracking(ast: unknown): void {
  visit(ast, node => {
    if (node.op === 'rcall' && Array.isArray(node.args) && node.args[0] === 'matches') {
      throw Object.assign(
        new Error('matches() is not offered; write text.re("pattern"), which is RE2 and always ends in time'),
        {
          range: { start: node.start },
        },
      )
    }
  })
}

/** A pattern written as a literal is compiled now, so that its mistake shows when the reaction is saved. */
function refuseLiteralPatternErrors(ast: unknown): void {
  visit(ast, node => {
    if (!Array.isArray(node.args) || node.args[0] !== 're') return
    const pattern = [node.args.at(-1)].flat().at(-1)
    if (!isNode(pattern) || pattern.op !== 'value' || typeof pattern.args !== 'string') return
    try {
      compilePattern(pattern.args)
    } catch (error) {
      throw Object.assign(new Error(`The pattern is not valid: ${summary(error)}`), {
        range: { start: pattern.start },
      })
    }
  })
}

function failure(source: string, error: unknown): CompiledWhere {
  const start =
    error instanceof Error && 'range' in error
      ? (error.range as { start?: number } | undefined)?.start
      : undefined
  const before = source.slice(0, start ?? 0).split('\n')
  return { ok: false, message: summary(error), line: before.length, column: before.at(-1)!.length + 1 }
}

/** What an error quotes may have come from outside, and be long. */
const longestSummary = 300

function summary(error: unknown): string {
  const text =
    error instanceof Error && 'summary' in error && typeof error.summary === 'string'
      ? error.summary
      : error instanceof Error
        ? error.message.split('\n')[0]!
        : String(error)
  return text.length <= longestSummary ? text : `${text.slice(0, longestSummary)}…`
}
