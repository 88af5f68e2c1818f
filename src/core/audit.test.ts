import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { changedPaths } from './audit.ts'

test('what differs is named by JSON pointers, and what is new or gone as a whole', () => {
  const before = { name: 'a', action: { url: 'x', headers: [['A', '1']] }, 'a/b~c': 1, gone: { deep: 1 } }
  const after = {
    name: 'a',
    action: { url: 'y', headers: [['A', '2'], 'B'] },
    'a/b~c': 2,
    added: { deep: 1 },
  }
  assert.deepEqual(changedPaths(before, after), [
    '/action/url',
    '/action/headers/0/1',
    '/action/headers/1',
    '/a~1b~0c',
    '/added',
    '/gone',
  ])
  assert.deepEqual(changedPaths({ a: [] }, { a: {} }), ['/a'], 'a list is no object')
  assert.deepEqual(changedPaths(null, { a: 1 }), [''])
})

test('of any two JSON values, there is a difference exactly when they are not equal', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
      const [left, right] = [JSON.parse(JSON.stringify(before)), JSON.parse(JSON.stringify(after))]
      assert.deepEqual(changedPaths(left, left), [])
      let equal = true
      try {
        assert.deepStrictEqual(left, right)
      } catch {
        equal = false
      }
      assert.equal(changedPaths(left, right).length === 0, equal)
    }),
  )
})
