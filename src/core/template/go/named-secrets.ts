import type { Operand, Pipe, Statement, Tree } from './nodes.ts'

export interface SecretCall {
  /** Null where it is not written out as a text. */
  name: string | null
  at: number
}

/** Every call of `secret`: `{{secret "NAME"}}`, `{{"NAME" | secret}}`, in whatever it stands. */
export function namedSecrets(trees: ReadonlyMap<string, Tree>): SecretCall[] {
  return [...trees.values()].flatMap(tree => tree.body.flatMap(inStatement)).sort((a, b) => a.at - b.at)
}

function inStatement(statement: Statement): SecretCall[] {
  const inner = 'body' in statement ? [...statement.body, ...statement.otherwise].flatMap(inStatement) : []
  return 'pipe' in statement && statement.pipe !== null ? [...inPipe(statement.pipe), ...inner] : inner
}

function inPipe({ commands }: Pipe): SecretCall[] {
  return commands.flatMap(({ operands }, place) => {
    const before = commands[place - 1]?.operands ?? []
    const piped = before.length === 1 ? before[0] : undefined
    return operands.flatMap((operand, index) =>
      operand.kind === 'function' && operand.name === 'secret'
        ? { name: index === 0 ? textOf(operands[1] ?? piped) : null, at: operand.at }
        : inOperand(operand),
    )
  })
}

function inOperand(operand: Operand): SecretCall[] {
  if (operand.kind === 'pipe') return inPipe(operand)
  return operand.kind === 'chain' ? inOperand(operand.operand) : []
}

const textOf = (operand: Operand | undefined): string | null =>
  operand?.kind === 'constant' && typeof operand.value === 'string' ? operand.value : null
