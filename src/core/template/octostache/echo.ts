/** How a token is written when it cannot be evaluated: without needless whitespace, options in quotes. */
import type { Condition, Expression, Name, Side, Step, Sum, Token } from './nodes.ts'
import { formatDouble } from './number-format.ts'

export function echo(token: Token): string {
  switch (token.kind) {
    case 'text':
      return token.text
    case 'substitution':
      return `#{${echoExpression(token.expression)}}`
    case 'conditional': {
      const otherwise = token.otherwise.length === 0 ? '' : `#{else}${echoAll(token.otherwise)}`
      return `#{if ${echoCondition(token.condition)}}${echoAll(token.body)}${otherwise}#{/if}`
    }
    case 'each':
      return `#{each ${token.name} in ${echoName(token.collection)}}${echoAll(token.body)}#{/each}`
    case 'calculation':
      return `#{${echoSum(token.sum)}}`
  }
}

const echoAll = (tokens: readonly Token[]): string => tokens.map(echo).join('')

export function echoExpression(expression: Expression): string {
  if (expression.kind === 'name') return echoName(expression)
  const options = expression.options.map(
    option => ` ${option.kind === 'text' ? `"${option.text}"` : echo(option)}`,
  )
  return `${echoExpression(expression.input)} | ${expression.filter}${options.join('')}`
}

export const echoName = ({ steps }: Name): string =>
  steps.map((step, place) => (step.kind === 'child' && place > 0 ? '.' : '') + echoStep(step)).join('')

function echoStep(step: Step): string {
  if (step.kind === 'child') return step.text
  return step.kind === 'index' ? `[${step.text}]` : `[#{${echoName(step.name)}}]`
}

function echoCondition(condition: Condition): string {
  if (condition.kind === 'truthy') return echoExpression(condition.expression)
  return `${echoSide(condition.left)} ${condition.isEqual ? '==' : '!='} ${echoSide(condition.right)}`
}

const echoSide = (side: Side): string => (side.kind === 'text' ? `"${side.text}"` : echoExpression(side))

function echoSum(sum: Sum): string {
  if (sum.kind === 'number') return formatDouble(sum.value)
  return sum.kind === 'variable'
    ? echoName(sum.name)
    : `${echoSum(sum.left)}${sum.operator}${echoSum(sum.right)}`
}
