/**
 * Bounds what one evaluation of a `where` may cost. CEL always ends, but two loops over a list of 10,000 take half a
 * minute, and Signalbox does nothing else meanwhile. So that the answer is the same on every machine and at every
 * load, work is counted and not timed: a step is one node of the expression evaluated once, some 50 ns.
 */
export interface Meter {
  /** Begins a new evaluation. */
  reset(): void
  /** Throws when more was spent than one evaluation may. */
  charge(steps: number): void
}

/** Some 0.2 s at the very worst; a loop with a comparison over 250,000 elements fits. */
export const maxSteps = 4_000_000

export function createMeter(): Meter {
  let spent = 0
  return {
    reset: () => void (spent = 0),
    charge(steps) {
      spent += steps
      if (spent > maxSteps)
        throw new Error(
          'The expression costs too much on this event; spare it loops within loops, and patterns on long texts',
        )
    },
  }
}

/** A node of cel-js once it is checked: `handle` does its work, given the values of its operands. */
interface Node {
  op: string
  args: unknown
  meta: { alternate?: unknown; macro?: unknown }
  handle?: (...given: unknown[]) => unknown
}
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value && 'meta' in value

/** An error takes 5 µs to make, and a loop goes on after it. */
const errorSteps = 100

/** Makes a checked expression pay. A loop pays ahead for all its rounds: an error in a round would not end it. */
export function measure(ast: unknown, { charge }: Meter): void {
  const nodes = nodesOf(ast)
  const repeated = new Set(nodes.flatMap(({ args }) => (isLoop(args) ? nodesOf(args.step) : [])))
  for (const node of nodes) {
    const { handle } = node
    const cost = costs[node.op]?.(node) ?? (repeated.has(node) ? () => 0 : undefined)
    if (handle === undefined || cost === undefined) continue
    node.handle = (...given) => {
      charge(cost(given))
      try {
        return handle(...given)
      } catch (error) {
        charge(errorSteps)
        throw error
      }
    }
  }
}

/** All nodes that may be evaluated: of a macro what it was expanded to. */
function nodesOf(value: unknown, found: Node[] = []): Node[] {
  if (Array.isArray(value)) for (const part of value) nodesOf(part, found)
  else if (isNode(value)) {
    found.push(value)
    const { alternate, macro } = value.meta
    nodesOf(alternate ?? (macro === undefined ? value.args : parts(macro, bindParts)), found)
  } else if (isLoop(value)) nodesOf(parts(value, loopParts), found)
  return found
}

const loopParts = ['iterable', 'init', 'step']
const bindParts = ['val', 'exp']
const isLoop = (value: unknown): value is { step: unknown } =>
  typeof value === 'object' && value !== null && 'iterable' in value && 'step' in value
const parts = (holder: unknown, names: readonly string[]): unknown[] =>
  names.map(name => (typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined))

type Cost = (given: readonly unknown[]) => number

const costs: Record<string, (node: Node) => Cost> = {
  comprehension({ args }) {
    const round = isLoop(args) ? nodesOf(args.step).length : 1
    return ([items]) => sizeOf(items) * round
  },
  in:
    () =>
    ([value, among]) =>
      1 + (Array.isArray(among) ? (among.length * weigh(value)) / comparedAtOnce : 0),
  '==': () => comparison,
  '!=': () => comparison,
  '+':
    () =>
    ([left, right]) =>
      1 + extent(left) + extent(right),
  call({ args }) {
    const name = nameOf(args)
    return ([values]) => callCost(name, values as unknown[])
  },
  rcall({ args }) {
    const name = nameOf(args)
    return ([values]) => callCost(name, values as unknown[])
  },
}

const nameOf = (args: unknown): string => (Array.isArray(args) ? String(args[0]) : '')

const comparison: Cost = ([left, right]) => 1 + Math.min(weigh(left), weigh(right))

/** Plain values, compared one after the other. */
const comparedAtOnce = 4
/** A step copies or compares this many characters, and looks for something in this many. */
const copied = 200
const searched = 20

const searches = new Set(['contains', 'indexOf', 'lastIndexOf', 'split'])
/** Each call makes a formatter for the time zone that is named: 50 µs. */
const inTimeZone = /^get[A-Z]/
const timeZoneSteps = 1000
/** The library's own pattern for durations takes time with the cube of the text: 20 s for 3,000 digits. */
const longestDuration = 60

function callCost(name: string, values: readonly unknown[]): number {
  const [first, second] = values
  if (name === 'duration' && typeof first === 'string' && first.length > longestDuration)
    throw new Error(`A duration has at most ${longestDuration} characters`)
  if (inTimeZone.test(name) && second !== undefined) return timeZoneSteps
  const needle = searches.has(name) && typeof second === 'string' ? 1 + second.length / 100 : 1
  const texts = name === 'join' && Array.isArray(first) ? first : values
  let steps = 1 + (name === 'join' ? sizeOf(first) : 0)
  for (const text of texts) if (typeof text === 'string') steps += (text.length / searched) * needle
  return steps
}

function sizeOf(items: unknown): number {
  if (Array.isArray(items)) return items.length
  if (items instanceof Map) return items.size
  return typeof items === 'object' && items !== null ? Object.keys(items).length : 0
}

const extent = (value: unknown): number =>
  typeof value === 'string' ? value.length / copied : Array.isArray(value) ? value.length : 0

/** How much there is to compare; looks no further than what may be spent. */
function weigh(value: unknown): number {
  let weight = 0
  const left = [value]
  while (left.length > 0 && weight <= maxSteps) {
    const one = left.pop()
    weight += 1 + (typeof one === 'string' ? one.length / copied : 0)
    if (Array.isArray(one) || one instanceof Map) for (const inner of one.values()) left.push(inner)
    else if (typeof one === 'object' && one !== null) for (const inner of Object.values(one)) left.push(inner)
  }
  return weight
}
