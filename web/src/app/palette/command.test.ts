import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byId, find, type Command } from './command.ts'

const command = (label: string, more: Partial<Command> = {}): Command => ({
  id: label,
  label,
  run: () => {},
  ...more,
})
const labels = (groups: readonly { items: readonly Command[] }[]) =>
  groups.flatMap(({ items }) => items.map(({ label }) => label))

test('every word that was typed has to be found, in the label, the note or the other words', () => {
  const groups = [
    { title: 'Endpoints', items: [command('github', { note: '/hooks/git', words: 'ep_1' })] },
    { title: 'Actions', items: [command('New endpoint'), command('Colours: dark')] },
  ]
  assert.deepEqual(labels(find(groups, 'GIT ep_1')), ['github'])
  assert.deepEqual(labels(find(groups, 'git nothing')), [])
  assert.deepEqual(labels(find(groups, ' end ')), ['New endpoint'])
})

test('what begins with the word stands first, and details last', () => {
  const items = [
    command('Runs of orders', { isDetail: true }),
    command('My orders'),
    command('reorders'),
    command('orders'),
  ]
  assert.deepEqual(labels(find([{ title: 'All', items }], 'orders')), [
    'orders',
    'My orders',
    'reorders',
    'Runs of orders',
  ])
  assert.ok(!labels(find([{ title: 'All', items }], '')).includes('Runs of orders'))
})

test('a name that was typed stands before what only tells of it', () => {
  const groups = [
    { title: 'Reactions', items: [command('fulfil', { words: 'packs orders' })] },
    { title: 'Endpoints', items: [command('orders')] },
  ]
  assert.deepEqual(labels(find(groups, 'orders')), ['orders', 'fulfil'])
})

test('a group of hundreds leaves room for the others', () => {
  const many = Array.from({ length: 300 }, (_, n) => command(`endpoint ${n}`))
  const found = find(
    [
      { title: 'Endpoints', items: many },
      { title: 'Actions', items: [command('New endpoint')] },
    ],
    'endpoint',
  )
  assert.deepEqual(
    found.map(({ items }) => items.length),
    [8, 1],
  )
})

test('a pasted id leads to its event or run', () => {
  assert.deepEqual(byId(' evt_0123456789abcdef01234567 '), {
    what: 'event',
    id: 'evt_0123456789abcdef01234567',
  })
  assert.deepEqual(byId('r_0Abc23Def4567890'), { what: 'run', id: 'r_0Abc23Def4567890' })
  for (const text of ['evt_0123', 'r_short', 'orders', '']) assert.equal(byId(text), null)
})
