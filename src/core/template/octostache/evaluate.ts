import { Failure, fail, failLimit } from '../go/failure.ts'
import type { SecretReader } from '../language.ts'
import { parseDouble } from './digits.ts'
import { echo, echoName } from './echo.ts'
import { filters } from './filters.ts'
import type { FilterContext } from './filter.ts'
import { entriesOf, parseJson, printJson } from './json-value.ts'
import type { Condition, Conditional, Each, Expression, Name, Side, Step, Sum, Token } from './nodes.ts'
import { formatDouble } from './number-format.ts'
import { parse } from './parse.ts'
import { Binding, raw, stepInto, type Value } from './variables.ts'

/** A token that stays as it is, since something in it has no value. */
export interface Unresolved {
  token: string
  reason?: string
}

export interface Limits {
  maxLength: number
  maxSteps: number
  nowMs: number | undefined
  secrets: SecretReader | undefined
}

/** Names of an `each` hide those outside. */
interface Scope {
  root: Binding
  outer: Scope | null
}

type LiteralStep = Exclude<Step, { kind: 'indexBy' }>

const maxDepth = 100

/** One render: what it may still use, and what it could not evaluate. */
export class Evaluation implements FilterContext {
  readonly unresolved: Unresolved[] = []
  /** `#{ | null}` was met in the template itself. */
  isNull = false
  readonly #limits: Limits
  #steps: number
  /** The values that are being evaluated, the outermost first. */
  readonly #stack: { name: string; text: string }[] = []
  readonly #parsed = new Map<string, Token[] | null>()
  #reason: string | undefined

  constructor(limits: Limits) {
    this.#limits = limits
    this.#steps = limits.maxSteps
  }

  charge(steps: number): void {
    this.#steps -= steps
    if (this.#steps < 0)
      failLimit('the template takes too many steps', -1, 'it loops too often or works on too much text')
  }

  checkLength(length: number): void {
    if (length > this.#limits.maxLength)
      failLimit(`the output is longer than ${this.#limits.maxLength} bytes`)
  }

  nowMs(): number {
    return this.#limits.nowMs ?? fail('the time is not available here')
  }

  because(reason: string): null {
    this.#reason = reason
    return null
  }

  run(tokens: readonly Token[], root: Binding): string {
    return this.#all(tokens, { root, outer: null })
  }

  #all(tokens: readonly Token[], scope: Scope): string {
    let text = ''
    for (const token of tokens) {
      this.charge(1)
      text += token.kind === 'text' ? token.text : this.#at(token, scope)
      this.checkLength(text.length)
    }
    return text
  }

  #at(token: Exclude<Token, { kind: 'text' }>, scope: Scope): string {
    try {
      return this.#token(token, scope)
    } catch (error) {
      // What fails in the value of a variable is told where the template asks for it.
      if (error instanceof Failure && this.#stack.length === 0) error.at = token.at
      throw error
    }
  }

  #token(token: Exclude<Token, { kind: 'text' }>, scope: Scope): string {
    switch (token.kind) {
      case 'substitution':
        return this.#substitution(token, scope)
      case 'conditional':
        return this.#conditional(token, scope)
      case 'each':
        return this.#each(token, scope)
      case 'calculation': {
        const value = this.#sum(token.sum, scope)
        return value === null ? this.#echo(token) : formatDouble(value)
      }
    }
  }

  #echo(token: Token): string {
    const text = echo(token)
    this.charge(text.length >> 6)
    const reason = this.#reason
    this.unresolved.push(reason === undefined ? { token: text } : { token: text, reason })
    this.#reason = undefined
    return text
  }

  #substitution(token: Token & { kind: 'substitution' }, scope: Scope): string {
    const { expression } = token
    const isNull =
      expression.kind === 'filter' &&
      expression.filter === 'null' &&
      expression.options.length === 0 &&
      this.#stack.length === 0
    if (isNull) {
      this.isNull = true
      return ''
    }
    return this.#expression(expression, scope) ?? this.#echo(token)
  }

  #expression(expression: Expression, scope: Scope): string | null {
    if (expression.kind === 'name') return this.#text(expression, scope)
    const input = this.#expression(expression.input, scope)
    const options = expression.options.map(option =>
      option.kind === 'text' ? option.text : this.#at(option, scope),
    )
    const filter = filters.get(expression.filter.toLowerCase())
    if (!filter) return this.because(`there is no filter ${expression.filter}`)
    this.charge(1 + ((input?.length ?? 0) >> 5))
    const result = filter(input, options, this)
    if (result !== null) this.checkLength(result.length)
    return result
  }

  // Names

  #text(name: Name, scope: Scope): string | null {
    if (name.steps.length === 0) return null
    const steps = this.#literal(name, scope)
    if (steps === null) return null
    const value = this.#find(steps, scope)?.value
    return value ? this.#textOf(value, steps, scope) : null
  }

  /** Null where an index has no value. */
  #literal({ steps }: Name, scope: Scope): LiteralStep[] | null {
    const literal: LiteralStep[] = []
    for (const step of steps) {
      if (step.kind !== 'indexBy') literal.push(step)
      else {
        if (isSecrets(literal[0])) fail('which secret is meant has to stand in the template itself')
        const text = this.#text(step.name, scope)
        if (text === null) return null
        literal.push({ kind: 'index', text })
      }
    }
    return literal
  }

  #find(steps: readonly LiteralStep[], scope: Scope): Binding | undefined {
    for (let at: Scope | null = scope; at; at = at.outer) {
      const found = this.#walk(steps, at.root, scope)
      if (found) return found
    }
    if (isSecrets(steps[0]) && steps.length === 2) return this.#secret(steps[1]!.text)
    return undefined
  }

  #walk(steps: readonly LiteralStep[], root: Binding, scope: Scope): Binding | undefined {
    let found: Binding | undefined = root
    for (let place = 0; found && place < steps.length; place++) {
      this.charge(1)
      const step: LiteralStep = steps[place]!
      const exact: Binding | undefined =
        step.kind === 'child' ? found.child(step.text) : found.index(step.text)
      found = exact ?? this.#below(found, step, steps.slice(0, place), scope)
    }
    return found
  }

  #below(binding: Binding, step: LiteralStep, path: LiteralStep[], scope: Scope): Binding | undefined {
    const json = binding.value === null ? undefined : this.#json(binding.value, path, scope)
    const found = json && stepInto(json.value, step.text)
    return found && new Binding({ kind: json.kind, value: found.value })
  }

  /** What a value is as JSON. What the author wrote as JSON keeps its templates; what is made by them is raw. */
  #json(value: Value, path: LiteralStep[], scope: Scope): Value | undefined {
    if (typeof value.value !== 'string') return value
    const own = this.#parseJson(value.value)
    if (own !== undefined) return { kind: value.kind, value: own }
    if (value.kind === 'raw' || !value.value.includes('#{')) return undefined
    const made = this.#parseJson(this.#textOf(value, path, scope))
    return made === undefined ? undefined : raw(made)
  }

  #parseJson(text: string): unknown {
    this.charge(1 + (text.length >> 4))
    return parseJson(text)
  }

  #secret(name: string): Binding {
    const read = this.#limits.secrets ?? fail('secrets are not available here')
    try {
      return new Binding(raw(read(name)))
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause)
      throw Object.assign(new Failure('template.execution', message), { cause })
    }
  }

  // Values

  #textOf(value: Value, path: readonly LiteralStep[], scope: Scope): string {
    const text = printJson(value.value, this)
    this.charge(text.length >> 6)
    if (value.kind === 'raw' || !text.includes('#{')) return text
    const name = echoName({ kind: 'name', steps: [...path] })
    const tokens = this.#parse(text)
    if (tokens === null) return text
    this.#checkLoop(name, text)
    this.#stack.push({ name, text })
    try {
      return this.#all(tokens, scope)
    } finally {
      this.#stack.pop()
    }
  }

  #checkLoop(name: string, text: string): void {
    const known = name.toLowerCase()
    if (this.#stack.some(other => other.text === text && other.name.toLowerCase() === known)) {
      const chain = [...this.#stack.map(other => other.name), name].join(' -> ')
      fail(
        `An attempt to parse the variable symbol "${name}" appears to have resulted in a self referencing loop (${chain}). Ensure that recursive loops do not exist in the variable values.`,
      )
    }
    if (this.#stack.length >= maxDepth)
      failLimit(`variables can stand for others ${maxDepth} deep`, -1, `the last is ${name}`)
  }

  /** Null for a value that is no template: it stands for itself. */
  #parse(text: string): Token[] | null {
    const known = this.#parsed.get(text)
    if (known !== undefined) return known
    this.charge(text.length >> 2)
    const tokens = parseOrNull(text)
    this.#parsed.set(text, tokens)
    return tokens
  }

  // Blocks

  #conditional(token: Conditional, scope: Scope): string {
    const isTrue = this.#condition(token.condition, scope)
    if (isTrue === null) return this.#echo(token)
    return this.#all(isTrue ? token.body : token.otherwise, scope)
  }

  /** Null where a filter has no result; a name without a value is an empty text. */
  #condition(condition: Condition, scope: Scope): boolean | null {
    if (condition.kind === 'truthy') {
      const text = this.#side(condition.expression, scope)
      return text === null ? null : isTruthy(text)
    }
    const left = this.#side(condition.left, scope)
    const right = this.#side(condition.right, scope)
    return left === null || right === null ? null : (left === right) === condition.isEqual
  }

  #side(side: Side, scope: Scope): string | null {
    if (side.kind === 'text') return side.text
    return this.#expression(side, scope) ?? (side.kind === 'name' ? '' : null)
  }

  #each(token: Each, scope: Scope): string {
    const items = this.#items(token.collection, scope)
    let text = ''
    items.forEach((item, place) => {
      this.charge(4)
      text += this.#all(token.body, {
        root: eachBinding(token.name, item, place, items.length),
        outer: scope,
      })
      this.checkLength(text.length)
    })
    return text
  }

  #items(collection: Name, scope: Scope): Binding[] {
    const steps = this.#literal(collection, scope)
    const found = steps && this.#find(steps, scope)
    if (!found) return []
    if (found.value === null) return found.indexed
    const json = this.#json(found.value, steps, scope)
    const { kind } = json ?? found.value
    const bind = (value: unknown): Binding => new Binding({ kind, value })
    if (Array.isArray(json?.value)) return json.value.map(bind)
    if (json && isObject(json.value))
      return entriesOf(json.value).map(([name, value]) => {
        const item = bind(name)
        item.setChild('Key', bind(name))
        item.setChild('Value', bind(value))
        return item
      })
    const text = this.#textOf(found.value, steps, scope)
    const parts = text.split(',')
    this.charge(parts.length)
    return parts.map(part => new Binding(raw(part)))
  }

  #sum(sum: Sum, scope: Scope): number | null {
    if (sum.kind === 'number') return sum.value
    if (sum.kind === 'variable') return parseDouble(this.#text(sum.name, scope) ?? '')
    const left = this.#sum(sum.left, scope)
    const right = this.#sum(sum.right, scope)
    return left === null || right === null ? null : calculate[sum.operator](left, right)
  }
}

const calculate = {
  '+': (left: number, right: number) => left + right,
  '-': (left: number, right: number) => left - right,
  '*': (left: number, right: number) => left * right,
  '/': (left: number, right: number) => left / right,
}

export const isTruthy = (text: string): boolean =>
  text !== '' && text !== '0' && !/^\s*(?:no|false)\s*$/i.test(text)

/** A name of the variables themselves comes first. */
export const isSecrets = (step: Step | undefined): boolean =>
  step?.kind === 'child' && step.text.toLowerCase() === 'secrets'

/** A list has items, a number of JSON has none. */
const isObject = (value: unknown): value is object =>
  value instanceof Map || (typeof value === 'object' && value !== null && isPlain(value))

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

function eachBinding(name: string, item: Binding, place: number, count: number): Binding {
  const root = new Binding()
  const octopus = new Binding(null, binding => {
    const specials = binding.at(['Template', 'Each'].map(text => ({ kind: 'child', text })))
    const special = (key: string, text: string) => specials.setChild(key, new Binding(raw(text)))
    special('Index', String(place))
    special('First', place === 0 ? 'True' : 'False')
    special('Last', place === count - 1 ? 'True' : 'False')
  })
  root.setChild('Octopus', octopus)
  root.setChild(name, item)
  return root
}

function parseOrNull(text: string): Token[] | null {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof Failure && error.code === 'template.syntax') return null
    throw error
  }
}
