import { readSource } from './input.ts'
import { wrongUsage } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** A definition written by a person, with the places of its values. */
export interface DefinitionFile {
  value: Record<string, unknown>
  /** `reaction.yaml:12:5` for a JSON pointer such as `/action/url`; of a value that is missing, the place where it should be. */
  placeOf(pointer: string): string
}

/** Reads YAML, and so JSON too. Throws a Failure with file, line and column. */
export async function readDocument(source: string, terminal: Terminal): Promise<DefinitionFile> {
  const { isMap, isNode, LineCounter, parseDocument } = await import('yaml')
  const text = (await readSource(source, terminal)).toString('utf8')
  const name = source === '-' ? 'stdin' : source
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0])
    throw wrongUsage(`${name}:${line}:${col}: ${error.message}`)
  }
  if (!isMap(document.contents)) throw wrongUsage(`${name} holds no object with the fields of a definition`)

  return {
    // Aliases are expanded at most this often: a short file must not unfold into gigabytes.
    value: document.toJS({ maxAliasCount: 100 }) as Record<string, unknown>,
    placeOf(pointer) {
      const steps = pointer.split('/').slice(1).map(unescapeStep)
      for (; steps.length > 0; steps.pop()) {
        const node = document.getIn(steps, true)
        if (!isNode(node) || !node.range) continue
        const { line, col } = lineCounter.linePos(node.range[0])
        return `${name}:${line}:${col}`
      }
      return name
    },
  }
}

const unescapeStep = (step: string): string | number => {
  const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
  return /^\d+$/.test(name) ? Number(name) : name
}
