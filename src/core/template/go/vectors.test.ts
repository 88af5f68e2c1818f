import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { compileTemplate, TemplateError } from '../template.ts'

interface Vector {
  name: string
  context: string
  template: string
  output?: string
  error?: 'syntax' | 'execution'
  line?: number
  column?: number
  message?: string
}

interface Vectors {
  go: string
  contexts: Record<string, unknown>
  cases: Vector[]
}

const file = new URL('../../../../test/vectors/go-template/vectors.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors
const contexts = new Map(Object.entries(vectors.contexts).map(([name, value]) => [name, withTimes(value)]))

/** `{"$time": text}` stands for a time. */
function withTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTimes)
  if (typeof value !== 'object' || value === null) return value
  if ('$time' in value) return new Date(String(value.$time))
  // Not a spread or assignment: the key may be __proto__.
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withTimes(inner)]))
}

type Outcome = Pick<Vector, 'output' | 'error' | 'line' | 'column'>

function outcomeOf({ template, context }: Vector): Outcome {
  try {
    const compiled = compileTemplate('go', 't', template, { functions: 'builtin', numbers: 'float64' })
    return { output: compiled.render(contexts.get(context)) }
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

function expectedOf({ output, error, line, column }: Vector): Outcome {
  if (output !== undefined) return { output }
  return error === 'syntax'
    ? { error, line: line ?? 0 }
    : { error: 'execution', line: line ?? 0, column: column ?? 0 }
}

/**
 * Where we differ on purpose.
 * By Go's message: int and float64 together, which values.ts explains; Go refuses, we go by the value.
 */
const friendlier = [
  /incompatible types for comparison: (int|uint8|float64) and (int|uint8|float64)$/,
  /range can't iterate over -?[\d.]+(e[+-]\d+)?$/,
  /cannot index slice\/array with type (float64|interface \{\})$/,
]
/** By template. */
const differences = new Map([
  ['{{1i}}x', 'complex numbers are refused when the template is compiled'],
  ['{{slice .tags 2 4}}', 'our lists have no capacity beyond their length'],
  [
    '{{slice "é" 0 1 | printf "%q"}}',
    'half a character is U+FFFD as soon as it is cut, for there are no bytes in our strings',
  ],
])

const differs = ({ template, message = '' }: Vector): boolean =>
  differences.has(template) || friendlier.some(pattern => pattern.test(message))

test('the vectors come from Go 1.26 and show every kind of outcome', () => {
  assert.match(vectors.go, /^go1\.26/)
  assert.ok(vectors.cases.length > 5000)
  for (const error of [undefined, 'syntax', 'execution']) {
    assert.ok(vectors.cases.some(vector => vector.error === error))
  }
})

for (const [group, cases] of Map.groupBy(vectors.cases, ({ name }) => name.replace(/ \d+$/, ''))) {
  test(`Go renders and refuses the same: ${group}`, () => {
    const wrong = cases
      .filter(vector => !differs(vector))
      .map(vector => ({ vector, ours: outcomeOf(vector), go: expectedOf(vector) }))
      .filter(({ ours, go }) => !isDeepStrictEqual(ours, go))
      .map(({ vector: { name, template, message }, ours, go }) => ({ name, template, ours, go, message }))
    assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} of ${cases.length} differ`)
  })
}
