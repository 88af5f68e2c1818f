import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startMs, startWorld, type World } from '../../test/support/api-world.ts'

let world: World
before(async () => {
  world = await startWorld()
  for (let n = 0; n < 30; n++)
    await world.event(
      { receivedAtMs: startMs - n * 86_400_000, error: n % 4 === 0 ? 'boom' : null },
      JSON.stringify({ n }),
    )
})
after(() => world.close())

const definition = (filter: object) => ({
  name: 'draft',
  trigger: { type: 'events' },
  filter,
  action: { type: 'http', url: 'https://example.com/' },
})
const backtest = (body: object) => world.call('POST', '/api/reactions/backtest', body)
const monthAgo = new Date(startMs - 40 * 86_400_000).toISOString()

test('it counts on which events of the last 7 days a draft would have fired', async () => {
  const { status, body } = await backtest({ definition: definition({}) })
  assert.equal(status, 200, JSON.stringify(body))
  assert.deepEqual([body.looked, body.fires, body.next, body.searchedTo], [8, 8, null, null])
})

test('it says why it would not have fired on the others, and tells as many as were asked for', async () => {
  const filter = { outcome: 'success', where: 'body.n >= 10' }
  const { body } = await backtest({ definition: definition(filter), since: monthAgo, limit: 3 })
  const expected = Array.from({ length: 30 }, (_, n) => n).filter(n => n % 4 !== 0 && n >= 10)
  assert.deepEqual([body.looked, body.fires, body.events.length], [30, expected.length, 3])
  assert.deepEqual(
    Object.fromEntries(body.reasons.map((one: { code: string; count: number }) => [one.code, one.count])),
    { 'filter.outcome': 8, 'filter.where': 7 },
  )
})

test('mistakes of the draft are an answer', async () => {
  const { status, body } = await backtest({ definition: definition({ where: 'body.n ==' }) })
  assert.deepEqual([status, body.fires, body.errors[0].path], [200, 0, '/filter/where'])
  assert.equal((await backtest({})).status, 422)
})
