import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'
import { breakerOpened } from '../core/alarm.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

test('what is wrong is told with its subject, since when, and what to do', async () => {
  assert.deepEqual((await world.call('GET', '/api/alarms')).body, { items: [], tellers: [] })
  const last = { runId: 'r_1', eventId: 'evt_1', label: '503', hops: 0 }
  const beginnings = [breakerOpened('hooks.example.com', 'deploy', 10, last)]
  const terms = { nowMs: world.clock.nowMs, dashboardUrl: 'http://127.0.0.1:4620' }
  await world.services.storage.execute('beginAlarms', { ...terms, beginnings })
  const { items } = (await world.call('GET', '/api/alarms')).body
  assert.equal(items.length, 1)
  const { eventId, advice, ...alarm } = items[0]
  assert.deepEqual(alarm, {
    kind: 'breaker.opened',
    subject: { type: 'lane', id: 'hooks.example.com', name: 'hooks.example.com' },
    since: '2026-11-21T06:50:00.000Z',
    text: 'hooks.example.com seems down: 10 failures in a row. Its runs wait',
    page: 'runs',
  })
  assert.match(advice, /Nothing is lost/)
  const event = await world.call('GET', `/api/events/${eventId}`)
  assert.equal(event.body.kind.name, 'breaker.opened')
  const status = await world.call('GET', '/api/status')
  assert.deepEqual(status.body.alarms, items)
  assert.equal((await world.call('GET', '/api/alarms', undefined, null)).status, 401)
})

test('the ready reaction is made of a URL, and stands among those that tell of alarms', async () => {
  const { presets } = (await world.call('GET', '/api/tell-me')).body
  assert.deepEqual(
    presets.map(({ name }: { name: string }) => name),
    ['slack', 'teams', 'discord', 'json'],
  )
  const url = 'https://hooks.slack.com/services/T0/B0/x'
  const made = await world.call('POST', '/api/tell-me', { url })
  assert.equal(made.status, 201)
  assert.equal(made.body.definition.name, 'tell-me')
  assert.equal(made.body.definition.action.url, url)
  assert.match(made.body.definition.action.body, /&lt;/, 'it is written as Slack reads it')
  const second = await world.call('POST', '/api/tell-me', { url, preset: 'json' })
  assert.equal(second.body.definition.name, 'tell-me-2')
  const { tellers } = (await world.call('GET', '/api/alarms')).body
  assert.deepEqual(tellers.map(({ name }: { name: string }) => name).toSorted(), ['tell-me', 'tell-me-2'])
  const taken = await world.call('POST', '/api/tell-me', { url, name: 'tell-me' })
  assert.deepEqual([taken.status, taken.body.code], [409, 'name-taken'])
})

test('a URL that cannot be called is told of by its own name', async () => {
  for (const url of ['hooks.slack.com', 'https://example.com/{{.body.x}}', 'ftp://example.com', 'https://']) {
    const { status, body } = await world.call('POST', '/api/tell-me', { url })
    assert.deepEqual([status, body.code, body.errors[0].path], [422, 'body.invalid', '/url'], url)
  }
  const { body } = await world.call('POST', '/api/tell-me', { url: 'https://example.com', preset: 'fax' })
  assert.equal(body.errors[0].path, '/preset')
})

test('a reaction that Signalbox disabled is an alarm; one that somebody disabled is none', async () => {
  const make = async (name: string) =>
    (await world.call('POST', '/api/tell-me', { url: 'https://example.com/', name })).body
  const [gone, off] = [await make('gone'), await make('off')]
  await world.call('POST', `/api/reactions/${off.id}/disable`)
  await world.services.storage.execute('updateReaction', {
    id: gone.id,
    expectedVersion: null,
    actor: 'signalbox',
    atMs: world.clock.nowMs,
    set: { state: 'disabled', stateReason: 'The target answered 410 Gone' },
  })
  await world.services.configuration.refresh()
  const { items } = (await world.call('GET', '/api/alarms')).body
  const disabled = items.filter(({ kind }: { kind: string }) => kind === 'reaction.disabled')
  assert.deepEqual(
    disabled.map(({ text }: { text: string }) => text),
    ['gone was disabled: The target answered 410 Gone'],
  )
})

test('a full disk is an alarm', async t => {
  const note = '0 MiB of 9 MiB are free in /data'
  const full = await startWorld([], () => ({
    disk: { level: 'full', freeBytes: 0, totalBytes: 9_000_000, note },
  }))
  t.after(() => full.close())
  const { items } = (await full.call('GET', '/api/alarms')).body
  assert.deepEqual([items[0].kind, items[0].text], ['disk.low', `The disk of the store is full: ${note}`])
})
