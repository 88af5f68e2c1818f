/** What the parser makes of a template. `at` is the offset in the source. */
export type Token = Text | Substitution | Conditional | Each | Calculation

export interface Text {
  kind: 'text'
  text: string
}

export interface Substitution {
  kind: 'substitution'
  expression: Expression
  at: number
}

/** `elseif` is an `if` in `otherwise`; `unless` has its branches exchanged. */
export interface Conditional {
  kind: 'conditional'
  condition: Condition
  body: Token[]
  otherwise: Token[]
  at: number
}

export interface Each {
  kind: 'each'
  name: string
  collection: Name
  body: Token[]
  at: number
}

export interface Calculation {
  kind: 'calculation'
  sum: Sum
  at: number
}

export type Expression = Name | Filter

export interface Name {
  kind: 'name'
  steps: Step[]
}

/** `.child`, `[index]` or `[#{name}]` */
export type Step =
  | { kind: 'child'; text: string }
  | { kind: 'index'; text: string }
  | { kind: 'indexBy'; name: Name }

export interface Filter {
  kind: 'filter'
  filter: string
  /** A name without steps where there is no input: `#{ | NowDate}`. */
  input: Expression
  options: Token[]
}

export type Condition =
  | { kind: 'truthy'; expression: Expression }
  | { kind: 'compare'; left: Side; right: Side; isEqual: boolean }
export type Side = Expression | Text

export type Sum =
  | { kind: 'number'; value: number }
  | { kind: 'variable'; name: Name }
  | { kind: 'operation'; left: Sum; operator: '+' | '-' | '*' | '/'; right: Sum }

export const noInput: Name = { kind: 'name', steps: [] }
