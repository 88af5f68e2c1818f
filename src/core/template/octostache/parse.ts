import type {
  Calculation,
  Condition,
  Conditional,
  Each,
  Expression,
  Filter,
  Name,
  Side,
  Step,
  Sum,
  Token,
} from './nodes.ts'
import { noInput } from './nodes.ts'
import { Reader, type Read } from './reader.ts'

export interface ParseOptions {
  /** What cannot be read stays as it is, and the rest is still evaluated. */
  isLenient?: boolean
}

/** Throws Failure. What is tried in several ways is read once at each place, so the time is linear. */
export function parse(source: string, { isLenient = false }: ParseOptions = {}): Token[] {
  if (!source.includes('#{')) return source === '' ? [] : [{ kind: 'text', text: source }]
  const parser = new Parser(source)
  const tokens: Token[] = []
  for (let at = 0; at < source.length; ) {
    const rest = parser.template(at)
    tokens.push(...tokensOf(rest))
    at = rest.end
    if (at >= source.length) break
    if (!isLenient) parser.reader.refuse(at)
    tokens.push({ kind: 'text', text: '#{' })
    at += 2
  }
  return tokens
}

/** The name of a variable; null where no template can write it. */
export function parseName(text: string): Name | null {
  const read = new Parser(text).name(0)
  const hasIndexBy = read?.node.steps.some(({ kind }) => kind === 'indexBy')
  return read?.end === text.length && !hasIndexBy ? read.node : null
}

/** A list of tokens that shares its end with those that begin later. */
interface Sequence {
  token: Token | null
  rest: Sequence | null
  end: number
}

function tokensOf(sequence: Sequence): Token[] {
  const tokens: Token[] = []
  for (let at: Sequence | null = sequence; at?.token; at = at.rest) tokens.push(at.token)
  return tokens
}

/** Each method reads what its name says at a place, or answers null. */
class Parser {
  readonly reader: Reader
  readonly #sequences = new Map<number, Sequence>()
  readonly #nested = new Map<number, Read<Token> | null>()
  readonly #expressions = new Map<number, Read<Expression> | null>()
  readonly #names = new Map<number, Read<Name> | null>()

  constructor(source: string) {
    this.reader = new Reader(source)
  }

  /** As many tokens as there are. */
  template(start: number): Sequence {
    const read: { at: number; token: Token }[] = []
    let at = start
    let sequence = this.#sequences.get(at)
    while (sequence === undefined) {
      const token = this.token(at)
      if (token === null) this.#sequences.set(at, (sequence = { token: null, rest: null, end: at }))
      else {
        read.push({ at, token: token.node })
        at = token.end
        sequence = this.#sequences.get(at)
      }
    }
    for (const { at: place, token } of read.toReversed()) {
      sequence = { token, rest: sequence, end: sequence.end }
      this.#sequences.set(place, sequence)
    }
    return sequence
  }

  token(at: number): Read<Token> | null {
    const block = this.nested(at)
    if (block) return block
    const text = this.reader.text(at)
    return text && { node: { kind: 'text', text: text.node }, end: text.end }
  }

  /** Whatever stands in `#{…}`. */
  nested(at: number): Read<Token> | null {
    return once(this.#nested, at, () => {
      const inner = this.reader.open(at)
      if (inner === null) return null
      return this.reader.nested(
        at,
        () =>
          this.conditional(at, inner) ??
          this.calculation(at, inner) ??
          this.each(at, inner) ??
          this.substitution(at, inner),
      )
    })
  }

  substitution(at: number, inner: number): Read<Token> | null {
    const expression = this.expression(this.reader.skipSpace(inner))
    const end = expression && this.close(expression.end)
    return end === null ? null : { node: { kind: 'substitution', expression: expression!.node, at }, end }
  }

  close(at: number): number | null {
    return this.reader.expect('}', this.reader.skipSpace(at))
  }

  conditional(at: number, inner: number): Read<Conditional> | null {
    const word = this.reader.keyword(['if', 'unless'], inner)
    const branch = word && this.branch(at, word.end, word.node)
    if (!branch || word.node === 'if') return branch
    const { body, otherwise } = branch.node
    return { node: { ...branch.node, body: otherwise, otherwise: body }, end: branch.end }
  }

  /** From the condition to the end of the block: an `elseif` is what else there is. */
  branch(at: number, start: number, word: 'if' | 'unless'): Read<Conditional> | null {
    const { reader } = this
    const condition = this.condition(start)
    const opened = condition && this.close(condition.end)
    if (opened === null) return null
    const body = this.template(opened)
    let end: number | null = body.end
    let otherwise: Token[] = []
    if (word === 'if' && reader.isElseIf(end)) {
      const place = end
      const next = reader.nested(place, () => this.branch(place, reader.skipSpace(place + 8), word))
      if (!next) return null
      otherwise = [next.node]
      end = next.end
    } else {
      if (reader.source.startsWith('#{else}', end)) {
        const tail: Sequence = this.template(end + 7)
        otherwise = tokensOf(tail)
        end = tail.end
      }
      end = reader.expect(`#{/${word}}`, end)
    }
    if (end === null) return null
    return {
      node: { kind: 'conditional', condition: condition!.node, body: tokensOf(body), otherwise, at },
      end,
    }
  }

  condition(start: number): Read<Condition> | null {
    const at = this.reader.skipSpace(start)
    return (
      this.comparison(
        this.expression(at),
        place => this.expression(place),
        place => this.text(place),
      ) ??
      this.comparison(this.text(at), place => this.expression(place)) ??
      truthy(this.expression(at))
    )
  }

  comparison(
    left: Read<Side> | null,
    ...sides: ((at: number) => Read<Side> | null)[]
  ): Read<Condition> | null {
    if (!left) return null
    const at = this.reader.skipSpace(left.end)
    const operator = this.reader.source.slice(at, at + 2)
    if (operator !== '==' && operator !== '!=') return this.reader.missing(at, '==, != or }')
    const place = this.reader.skipSpace(at + 2)
    for (const side of sides) {
      const right = side(place)
      if (right)
        return {
          node: { kind: 'compare', left: left.node, right: right.node, isEqual: operator === '==' },
          end: right.end,
        }
    }
    return null
  }

  each(at: number, inner: number): Read<Each> | null {
    const { reader } = this
    const word = reader.keyword(['each'], inner)
    const name = word && reader.identifier(word.end, true)
    const preposition = name && reader.keyword(['in'], name.end)
    if (!preposition) return word && reader.missing(name?.end ?? word.end, 'in')
    const collection = this.name(preposition.end)
    const opened = collection && this.close(collection.end)
    if (opened === null) return null
    const body = this.template(opened)
    const end = reader.expect('#{/each}', body.end)
    if (end === null) return null
    return {
      node: { kind: 'each', name: name.node, collection: collection!.node, body: tokensOf(body), at },
      end,
    }
  }

  expression(at: number): Read<Expression> | null {
    return once(this.#expressions, at, () => this.filters(at) ?? this.name(this.reader.skipSpace(at)))
  }

  filters(start: number): Read<Expression> | null {
    const { reader } = this
    let at = reader.skipSpace(start)
    const input = this.name(at)
    let read: Read<Expression> = input ?? { node: noInput, end: at }
    at = reader.skipSpace(read.end)
    if (reader.source[at] !== '|') return null
    // After a nested option there is no space, and so no further filter.
    for (at = read.end; ; at = read.end) {
      const bar = isFirst(read) ? reader.skipSpace(at) : at
      if (reader.source[bar] !== '|') return read
      const filter = reader.word(reader.skipSpace(bar + 1))
      if (!filter) return isFirst(read) ? reader.missing(bar + 1, 'the name of a filter') : read
      const options = this.options(reader.skipSpace(filter.end))
      const node: Filter = {
        kind: 'filter',
        filter: filter.node,
        input: read.node,
        options: options.node,
      }
      read = { node, end: options.end }
    }
  }

  options(start: number): Read<Token[]> {
    const node: Token[] = []
    let end = start
    for (;;) {
      const option = this.nested(end) ?? this.text(end)
      if (!option) return { node, end }
      node.push(option.node)
      end = option.end
    }
  }

  /** A word or a quoted text, and the space around it. */
  text(start: number): Read<Token & { kind: 'text' }> | null {
    const at = this.reader.skipSpace(start)
    const read = this.reader.word(at) ?? this.reader.quoted(at)
    return read && { node: { kind: 'text', text: read.node }, end: this.reader.skipSpace(read.end) }
  }

  name(at: number): Read<Name> | null {
    return once(this.#names, at, () => {
      const first = this.reader.identifier(at)
      if (!first) return null
      const steps: Step[] = [{ kind: 'child', text: first.node }]
      let { end } = first
      for (;;) {
        const step = this.step(end)
        if (!step) return { node: { kind: 'name', steps }, end }
        steps.push(step.node)
        end = step.end
      }
    })
  }

  step(at: number): Read<Step> | null {
    if (this.reader.source[at] === '.') {
      const child = this.reader.identifier(at + 1)
      return child && { node: { kind: 'child', text: child.node }, end: child.end }
    }
    if (this.reader.source[at] !== '[') return null
    const index = this.indexBy(at)
    if (index) return index
    const text = this.reader.index(at)
    return text && { node: { kind: 'index', text: text.node }, end: text.end }
  }

  indexBy(at: number): Read<Step> | null {
    const { reader } = this
    const inner = reader.open(reader.skipSpace(at + 1))
    if (inner === null) return null
    const name = reader.nested(at, () => this.name(reader.skipSpace(inner)))
    const closed = name && this.close(name.end)
    const end = closed === null ? null : reader.expect(']', reader.skipSpace(closed))
    return end === null ? null : { node: { kind: 'indexBy', name: name!.node }, end }
  }

  calculation(at: number, inner: number): Read<Calculation> | null {
    const word = this.reader.keyword(['calc'], inner)
    const sum = word && this.sum(word.end)
    const end = sum && this.close(sum.end)
    return end === null ? null : { node: { kind: 'calculation', sum: sum!.node, at }, end }
  }

  sum(at: number): Read<Sum> | null {
    return this.operations(at, /[+-]/, place => this.operations(place, /[*/]/, inner => this.operand(inner)))
  }

  operations(at: number, operators: RegExp, operand: (at: number) => Read<Sum> | null): Read<Sum> | null {
    let left = operand(at)
    while (left) {
      const place = this.reader.skipSpace(left.end)
      const operator = this.reader.source[place] ?? ''
      const right: Read<Sum> | null = operators.test(operator) ? operand(place + 1) : null
      if (!right) return left
      left = {
        node: { kind: 'operation', left: left.node, operator: operator as '+', right: right.node },
        end: right.end,
      }
    }
    return null
  }

  operand(start: number): Read<Sum> | null {
    const { reader } = this
    const at = reader.skipSpace(start)
    if (reader.source[at] === '(') {
      const sum = reader.nested(at, () => this.sum(at + 1))
      const end = sum && reader.expect(')', reader.skipSpace(sum.end))
      if (end !== null) return { node: sum!.node, end }
    }
    const number = reader.number(at)
    if (number) return { node: { kind: 'number', value: number.node }, end: number.end }
    const braced = reader.source[at] === '{'
    const name = this.name(braced ? reader.skipSpace(at + 1) : at)
    const end = name && (braced ? this.close(name.end) : name.end)
    return end === null ? null : { node: { kind: 'variable', name: name!.node }, end }
  }
}

const isFirst = ({ node }: Read<Expression>): boolean => node.kind === 'name'

const truthy = (read: Read<Expression> | null): Read<Condition> | null =>
  read && { node: { kind: 'truthy', expression: read.node }, end: read.end }

function once<T>(known: Map<number, T>, at: number, read: () => T): T {
  let found = known.get(at)
  if (found === undefined) known.set(at, (found = read()))
  return found
}
