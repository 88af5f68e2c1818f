import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startMs, startWorld, type World } from '../../test/support/api-world.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

const count = async () => {
  const { from, to, counts } = await world.services.storage.query('uncounted', { limit: 1_000 })
  await world.services.storage.execute('addStatistics', { from, to, counts, waiting: null })
}

test('a point stands for each step, also where nothing happened', async () => {
  await world.event()
  await world.event({ error: 'no' })
  await count()
  const { status, body } = await world.call('GET', '/api/statistics')
  assert.equal(status, 200)
  assert.equal(body.step, '1m')
  assert.deepEqual(body.series[0].total.events, { success: 1, error: 1 })
  const { points } = body.series[0]
  assert.equal(points.length, 61)
  assert.deepEqual(points[0].events, { success: 0, error: 0 })
  assert.deepEqual(points.at(-1).events, { success: 1, error: 1 })
})

test('the step suits the range unless one is asked for', async () => {
  const step = async (days: number) => {
    const since = new Date(startMs - days * 86_400_000).toISOString()
    return (await world.call('GET', `/api/statistics?since=${since}`)).body.step
  }
  assert.deepEqual(
    [await step(1 / 96), await step(1), await step(7), await step(30), await step(300)],
    ['1m', '15m', '1h', '6h', '1d'],
  )
})

test('an empty range and one with too many points are refused, with the reason', async () => {
  const empty = await world.call(
    'GET',
    '/api/statistics?since=2026-11-22T00:00:00Z&until=2026-11-21T00:00:00Z',
  )
  assert.deepEqual(
    [empty.status, empty.body.code, empty.body.errors[0].path],
    [400, 'query.invalid', '/since'],
  )
  const fine = await world.call('GET', '/api/statistics?since=2026-01-01T00:00:00Z&step=1m')
  assert.equal(fine.status, 400)
  assert.match(fine.body.detail, /take a wider step/)
})

test('what is told by reaction has its name', async () => {
  const made = await world.call('POST', '/api/reactions', {
    name: 'forward',
    trigger: { type: 'events' },
    action: { type: 'http', url: 'https://hooks.example.com/' },
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const [runId] = await world.react(await world.event(), [made.body.id])
  await world.call('POST', `/api/runs/${runId}/cancel`)
  await count()
  const until = new Date(startMs + 60_000).toISOString()
  const { body } = await world.call('GET', `/api/statistics?by=reaction&until=${until}`)
  const series = body.series.find((one: { key: string }) => one.key === made.body.id)
  assert.deepEqual([series.name, series.total.runs.cancelled], ['forward', 1])
})
