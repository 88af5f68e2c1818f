import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageOfNames, createNameList } from '../core/name-list.ts'
import type { Grant } from '../core/permission.ts'
import { administrator } from './member.ts'
import { seesOf } from './permit.ts'

test('of what is in memory everybody sees and counts their teams’ alone', () => {
  const things = [
    { id: '1', name: 'ours', team: 'core' },
    { id: '2', name: 'theirs', team: 'web' },
    { id: '3', name: 'of-all', team: null },
  ]
  const list = createNameList(things, ({ id, name }) => ({ id, name, words: [] }))
  const seen = (...grants: Grant[]) => {
    const member = { ...administrator('token'), grants }
    const page = pageOfNames(list, { search: '', after: '', limit: 9 }, seesOf(member, 'reaction.read'))
    return [page.total, ...page.things.map(({ name }) => name)]
  }
  assert.deepEqual(seen({ permission: 'reaction', team: 'core' }), [1, 'ours'])
  assert.deepEqual(seen({ permission: '*', team: null }), [3, 'of-all', 'ours', 'theirs'])
  assert.deepEqual(seen({ permission: 'endpoint.read', team: null }), [0])
})
