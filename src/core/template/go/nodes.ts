import type { Float } from './values.ts'

/** `at` is the offset in the source that an error about the node points to; it is where Go points too. */
export type Statement =
  | { kind: 'text'; at: number; text: string }
  | { kind: 'action'; at: number; pipe: Pipe }
  | { kind: 'if' | 'with'; at: number; pipe: Pipe; body: Statement[]; otherwise: Statement[] }
  | { kind: 'range'; at: number; pipe: Pipe; body: Statement[]; otherwise: Statement[] }
  | { kind: 'break' | 'continue'; at: number }
  | { kind: 'template'; at: number; name: string; pipe: Pipe | null }

export type Operand =
  | { kind: 'dot'; at: number }
  | { kind: 'nil'; at: number }
  | { kind: 'constant'; at: number; text: string; value: string | boolean | Float | bigint }
  | { kind: 'overflow'; at: number; text: string }
  | { kind: 'field'; at: number; text: string; names: string[] }
  | Variable
  | { kind: 'chain'; at: number; operand: Operand; names: string[] }
  | { kind: 'function'; at: number; name: string }
  | Pipe

export interface Variable {
  kind: 'variable'
  at: number
  name: string
  /** Its place in the frame; `unset` when no declaration comes before it, which fails when it is reached. */
  slot: number
  names: string[]
}

export interface Pipe {
  kind: 'pipe'
  at: number
  /** `=` instead of `:=`. */
  assigns: boolean
  variables: Variable[]
  commands: Command[]
}

export interface Command {
  at: number
  /** Never empty; the first is the function, field or value, the rest its arguments. */
  operands: Operand[]
}

/** One `define`, `block` or the source itself. */
export interface Tree {
  name: string
  body: Statement[]
  /** Places for variables; place 0 is `$`. */
  slots: number
}

export const unset = -1
