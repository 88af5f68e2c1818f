import type { Condition, Expression, Name, Sum, Token } from './nodes.ts'

export interface Visitor {
  token?(token: Exclude<Token, { kind: 'text' }>): void
  expression?(expression: Expression, at: number): void
}

/** Every token and expression, in whatever it stands. */
export function walk(tokens: readonly Token[], visitor: Visitor): void {
  const expression = (node: Expression, at: number): void => {
    visitor.expression?.(node, at)
    if (node.kind === 'name') return inner(node, at)
    expression(node.input, at)
    walk(node.options, visitor)
  }
  const inner = ({ steps }: Name, at: number): void => {
    for (const step of steps) if (step.kind === 'indexBy') expression(step.name, at)
  }
  const sum = (node: Sum, at: number): void => {
    if (node.kind === 'variable') expression(node.name, at)
    if (node.kind !== 'operation') return
    sum(node.left, at)
    sum(node.right, at)
  }
  const condition = (node: Condition, at: number): void => {
    const sides = node.kind === 'truthy' ? [node.expression] : [node.left, node.right]
    for (const side of sides) if (side.kind !== 'text') expression(side, at)
  }
  for (const token of tokens) {
    if (token.kind === 'text') continue
    visitor.token?.(token)
    if (token.kind === 'substitution') expression(token.expression, token.at)
    else if (token.kind === 'calculation') sum(token.sum, token.at)
    else if (token.kind === 'each') {
      expression(token.collection, token.at)
      walk(token.body, visitor)
    } else {
      condition(token.condition, token.at)
      walk(token.body, visitor)
      walk(token.otherwise, visitor)
    }
  }
}
