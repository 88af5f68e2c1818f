import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { OwnVariables } from './context.ts'
import { filterNames } from './filters.ts'
import { compileOctostache } from './template.ts'

type FilterRow = [from: string, input: string | null, filter: string, output: string | null]
interface TemplateRow {
  from: string
  template: string
  variables?: Record<string, string>
  outside?: object
  output: string | null
  unresolved?: string[]
}

const folder = new URL('../../../../test/vectors/octostache/', import.meta.url)
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
const filterRows = read('filters.json') as FilterRow[]
const templateRows = read('templates.json') as TemplateRow[]

function evaluate({ template, variables = {}, outside }: Omit<TemplateRow, 'from' | 'output'>) {
  const context = new OwnVariables(new Map(Object.entries(variables)), outside)
  const { text, unresolved, error } = compileOctostache('row', template).evaluate(context, {
    nowMs: Date.UTC(2026, 10, 27, 18, 3, 4, 567),
  })
  return { text, unresolved: unresolved.map(({ token }) => token), error }
}

for (const [from, rows] of Map.groupBy(filterRows, ([source]) => source)) {
  test(`a filter does what is documented: ${from}`, () => {
    const wrong = rows.flatMap(([, input, filter, output]) => {
      const template = input === null ? `#{ | ${filter}}` : `#{Input | ${filter}}`
      const { text, unresolved } = evaluate({ template, variables: input === null ? {} : { Input: input } })
      const isEcho = unresolved.length === 1 && unresolved[0] === text
      const right = output === null ? isEcho : unresolved.length === 0 && text === output
      return right ? [] : [{ input, filter, output, text }]
    })
    assert.deepEqual(wrong, [])
  })
}

for (const [from, rows] of Map.groupBy(templateRows, row => row.from)) {
  test(`a template is evaluated as documented: ${from}`, () => {
    const wrong = rows.flatMap(row => {
      const { text, unresolved } = evaluate(row)
      const right = text === row.output && isDeepStrictEqual(unresolved, row.unresolved ?? [])
      return right ? [] : [{ ...row, text, left: unresolved }]
    })
    assert.deepEqual(wrong, [])
  })
}

test('the rows name every filter, and what cannot be evaluated is told in the words of the original', () => {
  const named = new Set(filterRows.map(([, , filter]) => filter.split(' ')[0]!.toLowerCase()))
  assert.deepEqual(
    Object.keys(filterNames).filter(name => !named.has(name.toLowerCase())),
    [],
  )
  assert.equal(Object.keys(filterNames).length, 46)
  assert.equal(
    evaluate({ template: '#{a} #{ b|ToLower }' }).error,
    "The following tokens were unable to be evaluated: '#{a}', '#{b | ToLower}'",
  )
})
