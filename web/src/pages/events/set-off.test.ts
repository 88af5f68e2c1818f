import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Change } from '../../live/protocol.ts'
import { createSetOffBook } from './set-off.ts'

function stage() {
  const asked: string[][] = []
  const timers: (() => void)[] = []
  let tell: (changes: readonly Change[]) => void = () => {}
  let runs = 1
  const book = createSetOffBook({
    async load(ids) {
      asked.push([...ids])
      return { items: ids.map(eventId => ({ eventId, runs, succeeded: 0, failing: 0, waiting: runs })) }
    },
    live: {
      onChanges(listener) {
        tell = listener
        return () => {}
      },
      onGap: () => () => {},
    },
    later: work => void timers.push(work),
  })
  return {
    book,
    asked,
    tell: (eventId: string) => {
      runs++
      tell([{ type: 'run', run: { eventId } } as Change])
    },
    async ring() {
      for (const timer of timers.splice(0)) timer()
      await new Promise(resolve => setImmediate(resolve))
    },
  }
}

test('rows that come into view together ask once', async () => {
  const { book, asked, ring } = stage()
  let told = 0
  book.watch('evt_1', () => told++)
  book.watch('evt_2', () => told++)
  await ring()
  assert.deepEqual(asked, [['evt_1', 'evt_2']])
  assert.deepEqual([book.get('evt_1')?.runs, told], [1, 2])
})

test('a change of a run asks again for the event in view, and for no other', async () => {
  const { book, asked, tell, ring } = stage()
  const leave = book.watch('evt_1', () => {})
  await ring()
  tell('evt_1')
  tell('evt_9')
  await ring()
  assert.deepEqual(asked, [['evt_1'], ['evt_1']])
  assert.equal(book.get('evt_1')?.runs, 3)
  leave()
  tell('evt_1')
  await ring()
  assert.equal(asked.length, 2, 'whoever has scrolled on asks no more')
})

test('more rows than fit one request are asked for in turn', async () => {
  const { book, asked, ring } = stage()
  for (let n = 0; n < 150; n++) book.watch(`evt_${n}`, () => {})
  await ring()
  await ring()
  assert.deepEqual(
    asked.map(ids => ids.length),
    [100, 50],
  )
})
