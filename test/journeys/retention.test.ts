import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../kill/support/until.ts'
import { signalbox } from './support/command-line.ts'
import { watch } from './support/feed.ts'
import { deliver } from './support/see.ts'
import type { Endpoint, EventSummary, List } from './support/shapes.ts'
import { startSignalbox, temporaryFolder } from './support/signalbox.ts'

interface Kept {
  store: { usedBytes: number }
  retention: { forgotten: number; keepDays: number | null }
}

test('old events go, what still waits stays, and cursors from before go on', async t => {
  const directory = temporaryFolder(t)
  const box = await startSignalbox(t, { directory })
  const data = ['--data', directory]
  const waiting = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'waiting' })
  const busy = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'busy' })
  await box.api('POST', '/api/reactions', {
    name: 'later',
    trigger: { type: 'endpoint', endpoint: waiting.id },
    action: { type: 'http', url: 'https://example.com' },
  })
  await box.api('POST', '/api/reactions/later/pause')
  const headers = { authorization: `Bearer ${box.token}` }
  const early = await watch(t, box, { headers })
  const held = await deliver(waiting, { for: 'later' })
  const sent: string[] = []
  for (let count = 0; count < 60; count++) sent.push(await deliver(busy, 'x'.repeat(100_000)))
  await early.have('the feed tells of all', feed => feed.events().length >= 61)
  const cursor =
    early.messages.find(({ type, cursor: at }) => type === 'frame' && at !== undefined)?.cursor ?? null
  early.close()
  const listed = await box.api<List<EventSummary>>('GET', '/api/events?limit=40')

  const shown = await signalbox(['retention', 'show', ...data], { directory })
  assert.match(shown.out, /Events are kept +30 days/)
  const set = await signalbox(['retention', 'set', '--max-gb', '0.003', ...data], { directory })
  assert.equal(set.exitCode, 0, set.err)
  assert.match(set.out, /Largest store +0\.003 GB/)
  await until(
    () => 'the store is no larger than it may be',
    async () => ((await box.api<Kept>('GET', '/api/status')).store.usedBytes <= 3e6 ? true : null),
    { deadlineMs: 20_000 },
  )
  assert.equal((await box.ask('GET', `/api/events/${sent[0]}`)).status, 404, 'the oldest is gone')
  assert.equal((await box.ask('GET', `/api/events/${sent.at(-1)}`)).status, 200, 'the newest is there')
  assert.equal((await box.ask('GET', `/api/events/${held}`)).status, 200, 'and so is the one that waits')

  const { items } = await box.api<List<EventSummary>>('GET', `/api/events?limit=40&cursor=${listed.next}`)
  assert.ok(
    items.some(({ id }) => id === held),
    'a list goes on from a cursor whose place is gone',
  )
  const resumed = await watch(t, box, { headers, cursor })
  const newest = await deliver(busy, 'new')
  await resumed.have('the feed goes on from a cursor whose place is gone', feed =>
    feed.events().some(({ id }) => id === newest),
  )
  const status = await signalbox(['status', ...data], { directory })
  assert.match(status.out, /Events are kept +30 days, at most 3\.0 MB/)
  assert.match(status.out, /Passed retention +\d+ events/)

  const wrong = await signalbox(['retention', 'set', '--keep-days', 'soon', ...data], { directory })
  assert.equal(wrong.exitCode, 2)
  assert.equal((await box.ask('PUT', '/api/retention', { keepDays: -1, maxGb: null })).status, 422)
  const reset = await signalbox(['retention', 'reset', ...data], { directory })
  assert.match(reset.out, /as it is needed/)
})
