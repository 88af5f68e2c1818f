import { isSecrets } from './evaluate.ts'
import type { Token } from './nodes.ts'
import { walk } from './walk.ts'

/** Every `Secrets.NAME`; null where the name is not written out. */
export function namedSecrets(tokens: readonly Token[]): { name: string | null; at: number }[] {
  const found: { name: string | null; at: number }[] = []
  walk(tokens, {
    expression(expression, at) {
      if (expression.kind !== 'name' || !isSecrets(expression.steps[0])) return
      const [, step] = expression.steps
      const isWritten = step !== undefined && step.kind !== 'indexBy' && expression.steps.length === 2
      found.push({ name: isWritten ? step.text : null, at })
    },
  })
  return found.sort((a, b) => a.at - b.at)
}
