/** What a template makes of data, in the words in which real Go answers too (test/vectors/go-template). */
import { tsuruContext } from '../../tsuru/context.ts'
import { compileTemplate, TemplateError } from '../../template.ts'

/** Go's answer. */
export interface Answer {
  output?: string
  error?: 'syntax' | 'execution'
  line?: number
  column?: number
  /** Go's own words. */
  message?: string
}

/** `{"$time": text}` stands for a time, `{"$tsuru": {…}}` for the event whose JSON it holds. */
export function hinted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hinted)
  if (typeof value !== 'object' || value === null) return value
  if ('$time' in value) return new Date(String(value.$time))
  if ('$tsuru' in value) return tsuruContext(value.$tsuru)
  // Not a spread or assignment: the key may be __proto__.
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hinted(inner)]))
}

export type Outcome = Pick<Answer, 'output' | 'error' | 'line' | 'column'>

export function outcomeOf(template: string, context: unknown): Outcome {
  try {
    const compiled = compileTemplate('go', 't', template, { functions: 'builtin', numbers: 'float64' })
    return { output: compiled.render(context) }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const { line, code } = error
    if (code === 'template.syntax') return { error: 'syntax', line }
    return { error: 'execution', line, column: goColumn(template, error) }
  }
}

/** Go counts bytes from 0, an editor UTF-16 units from 1. */
function goColumn(source: string, { line, column }: TemplateError): number {
  const text = source.split('\n')[line - 1] ?? ''
  return Buffer.byteLength(text.slice(0, column - 1))
}

export function expectedOf({ output, error, line, column }: Answer): Outcome {
  if (output !== undefined) return { output }
  return error === 'syntax'
    ? { error, line: line ?? 0 }
    : { error: 'execution', line: line ?? 0, column: column ?? 0 }
}

/** Templates with which we differ on purpose. */
const differences = new Map([
  ['{{1i}}x', 'complex numbers are refused when the template is compiled'],
  [
    '{{slice "é" 0 1 | printf "%q"}}',
    'half a character is U+FFFD as soon as it is cut, for there are no bytes in our strings',
  ],
])

export const differs = (template: string): boolean => differences.has(template)
