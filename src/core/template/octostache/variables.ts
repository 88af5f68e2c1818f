/** Names and what they stand for. Upper and lower case are the same. */
import { entriesOf, JsonNumber, propertyOf } from './json-value.ts'
import type { Step } from './nodes.ts'

/**
 * What a name is bound to: a text, or what JSON has.
 *   template  the author wrote it: evaluated whenever it is read
 *   raw       it came from outside, or was evaluated already: never evaluated
 */
export interface Value {
  readonly kind: 'template' | 'raw'
  readonly value: unknown
}

export const raw = (value: unknown): Value => ({ kind: 'raw', value })
export const template = (value: unknown): Value => ({ kind: 'template', value })

/** A name, and those below it. */
export class Binding {
  #value: Value | null
  #children: Map<string, Binding> | undefined
  #indexed: Map<string, Binding> | undefined
  /** Runs when something is first asked for. */
  #fill: ((binding: Binding) => void) | undefined

  constructor(value: Value | null = null, fill?: (binding: Binding) => void) {
    this.#value = value
    this.#fill = fill
  }

  #filled(): this {
    const fill = this.#fill
    this.#fill = undefined
    fill?.(this)
    return this
  }

  get value(): Value | null {
    return this.#filled().#value
  }

  set value(value: Value | null) {
    this.#value = value
  }

  child(name: string): Binding | undefined {
    return this.#filled().#children?.get(name.toLowerCase())
  }

  setChild(name: string, binding: Binding): void {
    this.#children ??= new Map()
    this.#children.set(name.toLowerCase(), binding)
  }

  setIndex(name: string, binding: Binding): void {
    this.#indexed ??= new Map()
    this.#indexed.set(name.toLowerCase(), binding)
  }

  get indexed(): Binding[] {
    return [...(this.#filled().#indexed?.values() ?? [])]
  }

  /** `*` is the first there is. */
  index(name: string): Binding | undefined {
    const indexed = this.#filled().#indexed
    if (name === '*' && indexed) return indexed.values().next().value
    return indexed?.get(name.toLowerCase())
  }

  /** Makes the way to a name. */
  at(steps: readonly Step[]): Binding {
    return steps.reduce<Binding>((binding, step) => binding.#make(step), this)
  }

  #make(step: Step): Binding {
    const isChild = step.kind === 'child'
    const text = step.kind === 'indexBy' ? '' : step.text
    const found = isChild ? this.child(text) : this.#indexed?.get(text.toLowerCase())
    if (found) return found
    // In `each`, an index is its own name.
    const made = new Binding(isChild ? null : raw(text))
    if (isChild) this.setChild(text, made)
    else this.setIndex(text, made)
    return made
  }
}

/** A map whose names are found in upper and lower case, as `map.name` and as `map[name]`. */
export function bindMap(read: () => unknown): Binding {
  return new Binding(null, binding => {
    const values = read()
    if (typeof values !== 'object' || values === null) return
    binding.value = raw(values)
    for (const [name, value] of entriesOf(values)) {
      const inner = new Binding(raw(value))
      binding.setChild(name, inner)
      binding.setIndex(name, inner)
    }
  })
}

/** What a step below a value of JSON leads to. A property that is missing is an empty text. */
export function stepInto(value: unknown, name: string): { value: unknown } | undefined {
  if (value === null || value === undefined) return undefined
  if (Array.isArray(value)) {
    const place = name === '*' ? 0 : /^\s*[+-]?\d+\s*$/.test(name) ? Number(name) : null
    return place === null ? undefined : { value: (value[place] as unknown) ?? '' }
  }
  const hasProperties = typeof value === 'object' && !(value instanceof JsonNumber)
  return { value: hasProperties ? (propertyOf(value, name) ?? '') : value }
}
