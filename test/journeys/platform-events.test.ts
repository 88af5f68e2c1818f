import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../kill/support/until.ts'
import { deliver, onlyRunFor, runInState, verdictsOn } from './support/see.ts'
import type { Endpoint, Event, EventSummary, List, Problem } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

test('events of a platform set off the reactions on their kinds and targets', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  const react = (name: string, filter: object) =>
    box.api('POST', '/api/reactions', {
      name,
      trigger: { type: 'events' },
      filter,
      action: {
        type: 'http',
        url: `${target.url}/${name}`,
        bodyFrom: 'template',
        body: '{{.event.kind}} {{.event.target.value}} {{.event.error}} {{.data.replicas}}',
      },
    })
  await react('deployments', { kindNames: ['deployment'] })
  await react('failures', { kindNames: ['deployment'], outcome: 'error' })
  await react('shop', { targets: { app: ['shop'], environment: ['production'] } })
  await react('typed', { kindTypes: ['internal'] })

  const event = (kind: unknown, app: string, environment: string, error: string | null) => ({
    kind,
    targets: [
      { type: 'app', value: app },
      { type: 'environment', value: environment },
    ],
    error,
    data: { replicas: 3 },
  })
  const { events } = await box.api<{ events: { id: string; duplicate: boolean }[] }>('POST', '/api/events', [
    event('deployment.failed', 'shop', 'production', 'the image is missing'),
    event('deployment.succeeded', 'shop', 'staging', null),
    event('deployments.failed', 'blog', 'production', null),
    event({ type: 'internal', name: 'backup.done' }, 'shop', 'production', null),
  ])
  const fired = async (id: string) => {
    await verdictsOn(box, id)
    const { runs } = await box.api<Event>('GET', `/api/events/${id}`)
    return runs.map(({ reactionName }) => reactionName).toSorted()
  }
  assert.deepEqual(await Promise.all(events.map(({ id }) => fired(id))), [
    ['deployments', 'failures', 'shop'],
    ['deployments'],
    [],
    ['shop', 'typed'],
  ])
  await target.have(6)
  const failure = target.received.find(({ path }) => path === '/failures')
  assert.equal(failure?.body.toString(), 'deployment.failed shop the image is missing 3')

  const byKind = await box.api<List<EventSummary>>('GET', '/api/events?kind=deployment')
  assert.equal(byKind.items.length, 2)
  const byTarget = await box.api<List<EventSummary>>('GET', '/api/events?target=app:blog')
  assert.deepEqual(
    byTarget.items.map(({ id }) => id),
    [events[2]?.id],
  )
  const failed = await box.api<List<EventSummary>>('GET', '/api/events?outcome=error')
  assert.deepEqual(
    failed.items.map(({ id }) => id),
    [events[0]?.id],
  )
})

test('an event with a delivery id is stored once, and nobody speaks in the name of Signalbox', async t => {
  const box = await startSignalbox(t)
  type Sent = { events: { id: string; duplicate: boolean }[] }
  const event = { kind: 'release.cut', deliveryId: 'v1.2.3' }
  const first = await box.api<Sent>('POST', '/api/events', event)
  const second = await box.api<Sent>('POST', '/api/events', event)
  assert.equal(first.events[0]?.duplicate, false)
  assert.deepEqual(second.events, [{ id: first.events[0]?.id, duplicate: true }])
  const forged = await box.ask('POST', '/api/events', { kind: { type: 'signalbox', name: 'run.failed' } })
  assert.equal(forged.status, 422)
  assert.equal((forged.json() as Problem).code, 'body.invalid')
})

test('when a run fails for good, a reaction on run.failed tells somebody', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  target.answer = ({ path }) => ({ status: path === '/work' ? 400 : 200 })
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'in' })
  await box.api('POST', '/api/reactions', {
    name: 'work',
    trigger: { type: 'endpoint', endpoint: 'in' },
    action: { type: 'http', url: `${target.url}/work` },
  })
  await box.api('POST', '/api/reactions', {
    name: 'tell-me',
    trigger: { type: 'events' },
    filter: { kindNames: ['run.failed'] },
    action: {
      type: 'http',
      url: `${target.url}/tell-me`,
      bodyFrom: 'template',
      body: '{{.data.reaction.name}}: {{.event.error}} ({{.data.run.id}}, {{.data.event.id}})',
    },
  })
  const eventId = await deliver(endpoint, {})
  const work = await onlyRunFor(box, eventId)
  await target.have(2)
  const { label } = await runInState(box, work.id, 'failed')
  assert.equal(target.received[1]?.body.toString(), `work: ${label} (${work.id}, ${eventId})`)
  const { items } = await box.api<List<EventSummary>>('GET', '/api/events?kind=run.failed')
  assert.deepEqual(
    items.map(({ cause, error, targets }) => ({ cause, error, first: targets[0] })),
    [{ cause: { runId: work.id, eventId }, error: label, first: { type: 'run', value: work.id } }],
  )
})

test('a loop ends at the limit of hops: the last event is kept, and the reason is told', async t => {
  const box = await startSignalbox(t, { args: ['--max-hops', '3'] })
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'loop' })
  await box.api('POST', '/api/reactions', {
    name: 'again',
    trigger: { type: 'endpoint', endpoint: 'loop' },
    action: { type: 'http', url: endpoint.url, bodyFrom: 'original' },
  })
  await deliver(endpoint, { ping: 1 })
  const last = await until(
    () => 'an event with three hops',
    async () => {
      const { items } = await box.api<List<EventSummary>>('GET', '/api/events?endpoint=loop')
      return items.find(({ hops }) => hops === 3)
    },
  )
  const { verdicts } = await verdictsOn(box, last.id)
  assert.deepEqual(
    verdicts.map(({ reactionName, fires, code }) => ({ reactionName, fires, code })),
    [{ reactionName: 'again', fires: false, code: 'event.too-many-hops' }],
  )
  assert.match(verdicts[0]?.reason ?? '', /3 hops.*limit is 3/)
  const { items } = await box.api<List<EventSummary>>('GET', '/api/events?endpoint=loop')
  assert.deepEqual(
    items.map(({ hops }) => hops),
    [3, 2, 1, 0],
    'the loop has ended',
  )
  assert.equal(last.cause?.eventId, items[1]?.id, 'each knows what caused it')
})

test('a loop of failures about failures ends as well', async t => {
  const box = await startSignalbox(t, { args: ['--max-hops', '2'] })
  await box.api('POST', '/api/reactions', {
    name: 'tell-me',
    trigger: { type: 'events' },
    filter: { kindNames: ['run.failed', 'job.failed'] },
    action: { type: 'http', url: 'http://127.0.0.1:1/' },
    retry: { delaysMs: [] },
  })
  await box.api('POST', '/api/events', { kind: 'job.failed', error: 'broken' })
  const last = await until(
    () => 'a failure with two hops',
    async () => {
      const { items } = await box.api<List<EventSummary>>('GET', '/api/events')
      return items.find(({ hops }) => hops === 2)
    },
  )
  const { verdicts } = await verdictsOn(box, last.id)
  assert.equal(verdicts[0]?.code, 'event.too-many-hops')
  assert.equal((await box.api<List<EventSummary>>('GET', '/api/events')).items.length, 3)
})
