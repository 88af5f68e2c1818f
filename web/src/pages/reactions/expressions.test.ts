import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileWhere } from '../../../../src/core/where.ts'
import { compileTemplate } from '../../../../src/core/template/template.ts'
import { both, celEquals, celPath, goPath, goValue, insertion } from './expressions.ts'

test('paths are written as filters and templates read them', () => {
  const steps = ['order', 'odd "name"', 0, 'in']
  assert.equal(celPath(steps), 'body.order["odd \\"name\\""][0]["in"]')
  assert.equal(goPath(steps), '(index .body "order" "odd \\"name\\"" 0 "in")')
  assert.equal(goValue(['order', 'id']), '{{ toJson .body.order.id }}')
})

test('a filter is added to the one that is there', () => {
  assert.equal(both(' ', 'b'), 'b')
  assert.equal(both('a', 'b'), 'a && b')
  assert.equal(both('a || c', 'b'), '(a || c) && b')
})

/** A value with the way to one of its scalars. */
const placed = fc.jsonValue({ maxDepth: 3 }).map(value => {
  const steps: (string | number)[] = []
  let one: unknown = value
  while (typeof one === 'object' && one !== null && Object.keys(one).length > 0) {
    const key = Object.keys(one)[0]!
    steps.push(Array.isArray(one) ? Number(key) : key)
    one = (one as Record<string, unknown>)[key]
  }
  return { value, steps, one }
})

test('whatever value is clicked, its filter takes the event that it came from, and its template gives it back', () => {
  fc.assert(
    fc.property(placed, ({ value, steps, one }) => {
      fc.pre(steps.length > 0 && (typeof one !== 'object' || one === null) && !Object.is(one, -0))
      const compiled = compileWhere(celEquals(steps, one))
      assert.ok(compiled.ok, celEquals(steps, one))
      assert.equal(compiled.evaluate({ body: value }).matches, true, celEquals(steps, one))
      const rendered = compileTemplate('go', 'body', goValue(steps)).render({ body: value })
      assert.deepEqual(JSON.parse(rendered), one, goValue(steps))
    }),
  )
})

test('Octostache finds the value too, and writes it as a text of JSON', () => {
  const body = { order: { 'odd name': ['a "b"'] } }
  const steps = ['order', 'odd name', 0]
  assert.equal(insertion('octostache', steps), '"#{body.order[odd name][0] | JsonEscape}"')
  const rendered = compileTemplate('octostache', 'body', insertion('octostache', steps)).render({ body })
  assert.equal(JSON.parse(rendered), 'a "b"')
  assert.equal(insertion('go', ['x']), goValue(['x']))
})
