import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openStore } from '../../test/support/store.ts'
import { countRejections } from './rejections.ts'

async function start(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const store = await openStore(t)
  const rejections = countRejections(store, () => 5_000)
  t.after(() => rejections.stop())
  const counted = async (endpointId: string) => {
    const [activity] = await store.query('endpointActivity', { endpointIds: [endpointId], nowMs: 0 })
    return activity?.rejections.map(row => [row.reason, row.count, row.last_sender, row.last_detail])
  }
  return { store, rejections, counted, second: () => t.mock.timers.tick(1000) }
}

test('a flood costs one row an endpoint and reason, once a second', async t => {
  const { store, rejections, counted, second } = await start(t)
  for (let count = 0; count < 5_000; count++) rejections.add('ep_1', 'token.wrong', `sender ${count}`, 'why')
  rejections.add('ep_1', 'token.missing', 'one', 'x'.repeat(2_000))
  rejections.add('ep_2', 'token.wrong', 'two', 'other')
  assert.deepEqual(store.asked, [])
  second()
  await rejections.flush()
  assert.deepEqual(store.asked, ['recordRejections'])
  assert.deepEqual((await counted('ep_1'))?.toSorted(), [
    ['token.missing', 1, 'one', 'x'.repeat(500)],
    ['token.wrong', 5_000, 'sender 4999', 'why'],
  ])
  assert.deepEqual(await counted('ep_2'), [['token.wrong', 1, 'two', 'other']])
  second()
  assert.deepEqual(store.asked, ['recordRejections'])
})

test('what could not be written is written later, with what came meanwhile', async t => {
  const { store, rejections, counted } = await start(t)
  store.breakCommands('recordRejections')
  rejections.add('ep_1', 'a', 'old', 'old')
  rejections.add('ep_1', 'b', 'old', 'old')
  const flushed = rejections.flush()
  rejections.add('ep_1', 'a', 'new', 'new')
  await assert.rejects(flushed, { code: 'storage.full' })
  store.mend()
  await rejections.stop()
  assert.deepEqual((await counted('ep_1'))?.toSorted(), [
    ['a', 2, 'new', 'new'],
    ['b', 1, 'old', 'old'],
  ])
})
