import { filters } from './filters.ts'
import type { Token } from './nodes.ts'
import { compilePattern } from './pattern-filters.ts'
import { walk } from './walk.ts'

/** What can be read, but never does what its author means. */
export function doubtsAbout(tokens: readonly Token[]): { message: string; at: number }[] {
  const doubts: { message: string; at: number }[] = []
  walk(tokens, {
    expression(expression, at) {
      if (expression.kind === 'name') {
        const [first] = expression.steps
        const block = /^(if|unless)\s/i.exec(first?.kind === 'child' ? first.text : '')?.[1]?.toLowerCase()
        if (block !== undefined)
          doubts.push({ message: `#{${block} …} is not closed: write #{/${block}} where it ends`, at })
        return
      }
      const name = expression.filter.toLowerCase()
      if (!filters.has(name)) doubts.push({ message: `there is no filter ${expression.filter}`, at })
      const [pattern] = expression.options
      if ((name !== 'match' && name !== 'replace') || pattern?.kind !== 'text') return
      const compiled = compilePattern(pattern.text)
      if (typeof compiled === 'string') doubts.push({ message: compiled, at })
    },
  })
  return doubts
}
