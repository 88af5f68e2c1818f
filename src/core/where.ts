import { Environment } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'
import { LRUCache } from 'lru-cache'

/** A compiled `where`. It never throws: a type error is "does not match", with the reason. */
export type Where = (context: object) => WhereResult
export type WhereResult = { matches: true } | { matches: false; error: string | null }

export type CompiledWhere =
  | { ok: true; evaluate: Where }
  | { ok: false; message: string; line: number; column: number }

const patterns = new LRUCache<string, RE2JS>({ max: 500 })

/** RE2 takes time linear in the text, whatever the pattern: CEL's own `matches` uses the host's backtracking one. */
function matchesPattern(text: string, source: string): boolean {
  let pattern = patterns.get(source)
  if (pattern === undefined) {
    pattern = RE2JS.compile(source)
    patterns.set(source, pattern)
  }
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
  for (const operator of ['+', '-', '*', '/']) {
    const calculate = arithmetic[operator]!
    environment.registerOperator(`double ${operator} int`, (a: number, b: bigint) => calculate(a, Number(b)))
    environment.registerOperator(`int ${operator} double`, (a: bigint, b: number) => calculate(Number(a), b))
  }
  environment.registerFunction('string.re(string): bool', matchesPattern)
  environment.registerFunction('re(string, string): bool', matchesPattern)
  return environment
}

const arithmetic: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
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
    return { ok: true, evaluate: context => evaluate(expression, context) }
  } catch (error) {
    return failure(source, error)
  }
}

function evaluate(expression: (context: object) => unknown, context: object): WhereResult {
  try {
    const value = expression(context)
    if (value === true) return { matches: true }
    if (value === false) return { matches: false, error: null }
    return { matches: false, error: `The expression gave ${describe(value)}, not true or false` }
  } catch (error) {
    return { matches: false, error: summary(error) }
  }
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
      RE2JS.compile(pattern.args)
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

function summary(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'summary' in error && typeof error.summary === 'string'
    ? error.summary
    : error.message.split('\n')[0]!
}
