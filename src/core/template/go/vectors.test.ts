import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { expectedOf, hinted, outcomeOf, type Answer } from './testing/outcome.ts'

interface Vector extends Answer {
  name: string
  context: string
  template: string
}

interface Vectors {
  go: string
  contexts: Record<string, unknown>
  cases: Vector[]
}

const file = new URL('../../../../test/vectors/go-template/vectors.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors
const contexts = new Map(Object.entries(vectors.contexts).map(([name, value]) => [name, hinted(value)]))

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
      .map(vector => ({
        vector,
        ours: outcomeOf(vector.template, contexts.get(vector.context)),
        go: expectedOf(vector),
      }))
      .filter(({ ours, go }) => !isDeepStrictEqual(ours, go))
      .map(({ vector: { name, template, message }, ours, go }) => ({ name, template, ours, go, message }))
    assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} of ${cases.length} differ`)
  })
}
