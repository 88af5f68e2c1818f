import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask } from './support/ask.ts'
import type { Scope } from './support/at-end.ts'
import { deliver, onlyRunFor, runInState, runsOf, runWhich, verdictsOn } from './support/see.ts'
import type { Endpoint, Event, Reaction, RunSummary, Status, Verdict, Verdicts } from './support/shapes.ts'
import { type Signalbox, startSignalbox } from './support/signalbox.ts'
import { startTarget, type Target } from './support/target.ts'

/** An endpoint named `in`, and a reaction that forwards what comes there. */
async function startForwarding(
  t: Scope,
  { name = 'forward', ...change }: Record<string, unknown> = {},
): Promise<{ box: Signalbox; target: Target; endpoint: Endpoint }> {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'in' })
  await box.api('POST', '/api/reactions', { ...forwarding(String(name), target), ...change })
  return { box, target, endpoint }
}

const forwarding = (name: string, target: Target) => ({
  name,
  trigger: { type: 'endpoint', endpoint: 'in' },
  action: { type: 'http', url: `${target.url}/${name}`, bodyFrom: 'original' },
})

test('a replay puts an event before the reactions of today: one of them, or all', async t => {
  const { box, target, endpoint } = await startForwarding(t)
  const eventId = await deliver(endpoint, { n: 1 })
  const first = await onlyRunFor(box, eventId)
  await target.have(1)
  await box.api('POST', '/api/reactions', forwarding('late', target))
  await box.api('POST', '/api/reactions', {
    ...forwarding('picky', target),
    filter: { where: 'body.n > 5' },
  })

  type Replay = { runs: RunSummary[]; verdicts: Verdict[] }
  const one = await box.api<Replay>('POST', `/api/events/${eventId}/replay`, { reaction: 'late' })
  assert.deepEqual(
    one.runs.map(({ reactionName, replay }) => [reactionName, replay]),
    [['late', true]],
  )
  await target.have(2)
  assert.equal(target.received[1]?.path, '/late')

  const all = await box.api<Replay>('POST', `/api/events/${eventId}/replay`, {})
  assert.deepEqual(all.runs.map(({ reactionName }) => reactionName).toSorted(), ['forward', 'late'])
  const picky = all.verdicts.find(({ reactionName }) => reactionName === 'picky')
  assert.equal(picky?.fires, false)
  assert.equal(picky?.code, 'filter.where')
  await target.have(4)
  const forwarded = target.received.filter(({ path }) => path === '/forward')
  assert.deepEqual(forwarded[0]?.body, forwarded[1]?.body)
  assert.notEqual(forwarded[1]?.headers['webhook-id'], first.id, 'a new delivery')
  assert.equal(new Set(target.received.map(({ headers }) => headers['webhook-id'])).size, 4)
  const stored = await box.api<{ items: unknown[] }>('GET', '/api/events')
  assert.equal(stored.items.length, 1, 'no new event')
})

test('a replay twice with one Idempotency-Key makes its runs once', async t => {
  const { box, target, endpoint } = await startForwarding(t)
  const eventId = await deliver(endpoint, {})
  await target.have(1)
  const replay = () =>
    ask(`${box.url}/api/events/${eventId}/replay`, {
      method: 'POST',
      json: {},
      headers: { authorization: `Bearer ${box.token}`, 'idempotency-key': 'once' },
    })
  const first = await replay()
  const second = await replay()
  assert.equal(first.status, 201)
  assert.deepEqual(second.json(), first.json())
  assert.equal((await runsOf(box, `event=${eventId}`)).length, 2)
})

test('resend makes a new event, as it was or edited', async t => {
  const { box, target, endpoint } = await startForwarding(t)
  const eventId = await deliver(endpoint, { n: 1 }, { 'x-tenant': 'north', 'webhook-id': 'msg_1' })
  await target.have(1)
  const same = await box.api<{ id: string }>('POST', `/api/events/${eventId}/resend`, {})
  const edited = await box.api<{ id: string }>('POST', `/api/events/${eventId}/resend`, {
    body: '{"n": 2}',
    headers: { 'X-Tenant': 'south' },
  })
  await target.have(3)
  assert.deepEqual(
    target.received.map(({ body }) => body.toString()),
    ['{"n":1}', '{"n":1}', '{"n": 2}'],
  )
  assert.equal(new Set([eventId, same.id, edited.id]).size, 3)
  const shown = await box.api<Event>('GET', `/api/events/${edited.id}`)
  assert.equal(shown.request?.headers['x-tenant'], 'south')
  assert.equal(shown.request?.verified, 'resent')
  const original = await box.api<Event>('GET', `/api/events/${eventId}`)
  assert.equal(original.request?.headers['x-tenant'], 'north', 'an event never changes')
})

test('a failed run is tried again by hand under its own webhook-id, and a waiting one at once, or it is cancelled', async t => {
  const { box, target, endpoint } = await startForwarding(t, { retry: { delaysMs: [] } })
  target.answer = () => ({ status: 500 })
  const { id } = await onlyRunFor(box, await deliver(endpoint, { n: 1 }))
  await runInState(box, id, 'failed')
  target.answer = () => ({ status: 200 })
  await box.api('POST', `/api/runs/${id}/retry`)
  const mended = await runInState(box, id, 'succeeded')
  assert.deepEqual(
    mended.attemptList.map(({ outcome }) => outcome),
    ['failed', 'succeeded'],
  )
  assert.equal(target.received[1]?.headers['webhook-id'], id)
  const again = await box.ask('POST', `/api/runs/${id}/retry`)
  assert.equal(again.status, 409, 'what has succeeded is not sent again')

  const reaction = await box.api<Reaction>('GET', '/api/reactions/forward')
  await box.api('PUT', '/api/reactions/forward', { ...reaction.definition, retry: { delaysMs: [3_600_000] } })
  target.answer = () => ({ status: 500 })
  const waiting = await onlyRunFor(box, await deliver(endpoint, { n: 2 }))
  await runWhich(box, waiting.id, run => run.state === 'due' && run.attempts === 1)
  await box.api('POST', `/api/runs/${waiting.id}/retry`)
  const spent = await runInState(box, waiting.id, 'failed')
  assert.equal(spent.attempts, 2, 'the retry that would have come in an hour')

  const called = await onlyRunFor(box, await deliver(endpoint, { n: 3 }))
  await runWhich(box, called.id, run => run.state === 'due' && run.attempts === 1)
  await box.api('POST', `/api/runs/${called.id}/cancel`)
  assert.equal((await box.api<RunSummary>('GET', `/api/runs/${called.id}`)).state, 'cancelled')
  assert.equal((await box.ask('POST', `/api/runs/${called.id}/cancel`)).status, 409)
  await box.api('POST', `/api/runs/${called.id}/retry`)
  await runWhich(box, called.id, run => run.attempts === 2)
})

test('a paused reaction holds its runs, and lets them go in order when it is resumed', async t => {
  const { box, target, endpoint } = await startForwarding(t, { concurrency: 1 })
  await box.api('POST', '/api/reactions/forward/pause')
  const events = []
  for (const n of [1, 2, 3]) events.push(await deliver(endpoint, { n }))
  for (const eventId of events) {
    const { verdicts } = await verdictsOn(box, eventId)
    assert.equal(verdicts[0]?.fires, true)
    assert.equal(verdicts[0]?.held, true)
  }
  const held = await runsOf(box, 'state=held')
  assert.equal(held.length, 3)
  assert.equal((await box.api<Status>('GET', '/api/status')).waiting.held, 3)
  assert.equal(target.received.length, 0)

  await box.api('POST', '/api/reactions/forward/resume')
  await target.have(3)
  assert.deepEqual(
    target.received.map(({ body }) => body.toString()),
    ['{"n":1}', '{"n":2}', '{"n":3}'],
  )
})

test('a disabled reaction makes no runs and says so, a deleted one leaves its runs to be read', async t => {
  const { box, target, endpoint } = await startForwarding(t)
  const before = await onlyRunFor(box, await deliver(endpoint, { n: 1 }))
  await runInState(box, before.id, 'succeeded')

  await box.api('POST', '/api/reactions/forward/disable')
  const during = await verdictsOn(box, await deliver(endpoint, { n: 2 }))
  assert.deepEqual(
    during.verdicts.map(({ fires, code }) => [fires, code]),
    [[false, 'reaction.disabled']],
  )
  await box.api('POST', '/api/reactions/forward/enable')
  await deliver(endpoint, { n: 3 })
  await target.have(2)
  assert.equal(target.received[1]?.body.toString(), '{"n":3}', 'what came meanwhile is not caught up')

  await box.api('DELETE', '/api/reactions/forward')
  assert.equal((await box.ask('GET', '/api/reactions/forward')).status, 404)
  const after = await verdictsOn(box, await deliver(endpoint, { n: 4 }))
  assert.equal(after.verdicts.filter(({ fires }) => fires).length, 0)
  const kept = await box.api<RunSummary>('GET', `/api/runs/${before.id}`)
  assert.equal(kept.state, 'succeeded')
  assert.equal(kept.reactionName, 'forward')
  assert.equal(target.received.length, 2)
})

test('an edit touches later runs only: a run that waits is sent by the version it was made with', async t => {
  const { box, target, endpoint } = await startForwarding(t)
  await box.api('POST', '/api/reactions/forward/pause')
  const made = await onlyRunFor(box, await deliver(endpoint, { n: 1 }))
  const { definition } = await box.api<Reaction>('GET', '/api/reactions/forward')
  await box.api('PUT', '/api/reactions/forward', {
    ...definition,
    action: { ...definition.action, url: `${target.url}/edited` },
  })
  const later = await onlyRunFor(box, await deliver(endpoint, { n: 2 }))
  assert.ok(later.reactionVersion > made.reactionVersion)
  await box.api('POST', '/api/reactions/forward/resume')
  await target.have(2)
  assert.deepEqual(target.received.map(({ path, body }) => `${path} ${body.toString()}`).toSorted(), [
    '/edited {"n":2}',
    '/forward {"n":1}',
  ])
  type Versions = { items: { version: number; definition: { action: { url: string } } }[] }
  const versions = await box.api<Versions>('GET', '/api/reactions/forward/versions')
  const urls = new Set(versions.items.map(one => new URL(one.definition.action.url).pathname))
  assert.deepEqual([...urls].toSorted(), ['/edited', '/forward'])
})

test('what two people change at once is not overwritten unseen', async t => {
  const { box } = await startForwarding(t)
  const authorization = `Bearer ${box.token}`
  const url = `${box.url}/api/reactions/forward`
  const seen = await ask(url, { headers: { authorization } })
  const etag = String(seen.headers['etag'])
  const { definition } = seen.json() as Reaction
  const put = (description: string) =>
    ask(url, {
      method: 'PUT',
      json: { ...definition, description },
      headers: { authorization, 'if-match': etag },
    })
  assert.equal((await put('mine')).status, 200)
  const second = await put('yours')
  assert.equal(second.status, 412)
  assert.equal((second.json() as { code: string }).code, 'version-conflict')
  const { definition: now } = await box.api<Reaction>('GET', '/api/reactions/forward')
  assert.equal(now['description'], 'mine')
})

test('verdicts on an event stay those of its own time', async t => {
  const { box, endpoint } = await startForwarding(t, { filter: { where: 'body.n == 1' } })
  const eventId = await deliver(endpoint, { n: 1 })
  await verdictsOn(box, eventId)
  const { definition } = await box.api<Reaction>('GET', '/api/reactions/forward')
  await box.api('PUT', '/api/reactions/forward', { ...definition, filter: { where: 'body.n == 2' } })
  const then = await box.api<Verdicts>('GET', `/api/events/${eventId}/verdicts`)
  assert.equal(then.verdicts[0]?.fires, true)
})
