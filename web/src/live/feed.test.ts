import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { List } from '../api/types.ts'
import { createFeed } from './feed.ts'
import type { Change } from './protocol.ts'

interface Row {
  id: string
  state?: string
}

/** A feed whose pages the test hands out one by one, and whose live changes it makes. */
function stage({ matches = () => true }: { matches?: (row: Row) => boolean } = {}) {
  let changed: (changes: readonly Change[]) => void = () => {}
  let gap: () => void = () => {}
  const asked: { cursor: string | null; page: PromiseWithResolvers<List<Row>> }[] = []
  const feed = createFeed<Row>({
    load(cursor) {
      const page = Promise.withResolvers<List<Row>>()
      asked.push({ cursor, page })
      return page.promise
    },
    pick: change => (change.type === 'configuration' ? (JSON.parse(change.id) as Row) : null),
    matches,
    live: {
      onChanges: listener => ((changed = listener), () => {}),
      onGap: listener => ((gap = listener), () => {}),
    },
  })
  feed.subscribe(() => {})
  return {
    feed,
    asked,
    ids: () => feed.snapshot().rows.map(row => row.id),
    tell: (...rows: Row[]) =>
      changed(rows.map(row => ({ type: 'configuration', topic: 'endpoint', id: JSON.stringify(row) }))),
    gap: () => gap(),
    async answer(page: List<Row>) {
      asked.shift()?.page.resolve(page)
      await settled()
    },
  }
}

/** Everything that waited for a promise has run. */
const settled = () => new Promise(resolve => setImmediate(resolve))
const rows = (...ids: string[]): Row[] => ids.map(id => ({ id }))

test('what comes live stands above what was read, the newest first', async () => {
  const { answer, tell, ids } = stage()
  await answer({ items: rows('2', '1'), next: null })
  tell({ id: '3' }, { id: '4' })
  assert.deepEqual(ids(), ['4', '3', '2', '1'])
})

test('what came while the first page was being read is neither lost nor shown twice', async () => {
  const { answer, tell, ids } = stage()
  tell({ id: '2' }, { id: '3' })
  await answer({ items: rows('2', '1'), next: null })
  assert.deepEqual(ids(), ['3', '2', '1'])
})

test('a newer state replaces the older one in its place', async () => {
  const { answer, tell, feed } = stage()
  await answer({
    items: [
      { id: '2', state: 'due' },
      { id: '1', state: 'due' },
    ],
    next: null,
  })
  tell({ id: '1', state: 'succeeded' })
  assert.deepEqual(feed.snapshot().rows, [
    { id: '2', state: 'due' },
    { id: '1', state: 'succeeded' },
  ])
})

test('what no longer matches leaves the list, and what does not match never enters', async () => {
  const { answer, tell, ids } = stage({ matches: row => row.state !== 'succeeded' })
  await answer({ items: rows('1'), next: null })
  tell({ id: '1', state: 'succeeded' }, { id: '2', state: 'succeeded' })
  assert.deepEqual(ids(), [])
})

test('a pause stops the view and counts what waits', async () => {
  const { answer, tell, ids, feed } = stage()
  await answer({ items: rows('1'), next: null })
  feed.pause()
  tell({ id: '2' }, { id: '3' })
  assert.deepEqual(ids(), ['1'])
  assert.equal(feed.snapshot().waiting, 2)
  feed.resume()
  assert.deepEqual(ids(), ['3', '2', '1'])
  assert.equal(feed.snapshot().waiting, 0)
})

test('after a gap the list is read afresh, but not during a pause', async () => {
  const { answer, asked, ids, gap, feed } = stage()
  await answer({ items: rows('1'), next: null })
  feed.pause()
  gap()
  assert.equal(asked.length, 0)
  feed.resume()
  await answer({ items: rows('9', '8'), next: null })
  assert.deepEqual(ids(), ['9', '8'])
})

test('older rows are read from where the last page ended, each once', async () => {
  const { answer, asked, ids, feed } = stage()
  await answer({ items: rows('4', '3'), next: 'after-3' })
  feed.more()
  feed.more()
  assert.deepEqual(
    asked.map(({ cursor }) => cursor),
    ['after-3'],
  )
  await answer({ items: rows('3', '2'), next: null })
  assert.deepEqual(ids(), ['4', '3', '2'])
  assert.equal(feed.snapshot().hasMore, false)
})

test('a page that could not be read says so, and can be asked for again', async () => {
  const { asked, answer, ids, feed } = stage()
  asked.shift()?.page.reject(new Error('no route to host'))
  await settled()
  assert.equal(feed.snapshot().status, 'failed')
  assert.equal(feed.snapshot().problem?.detail, 'no route to host')
  feed.retry()
  await answer({ items: rows('1'), next: null })
  assert.deepEqual(ids(), ['1'])
})
