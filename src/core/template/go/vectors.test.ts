import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { differs, expectedOf, hinted, outcomeOf, type Answer } from './testing/outcome.ts'

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
      .filter(vector => !differs(vector.template))
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
