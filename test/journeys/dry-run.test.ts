import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deliver } from './support/see.ts'
import type { DryRun, Endpoint, EventSummary, List } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const secret = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`

test('a dry run sends nothing, and shows exactly what a real run then sends', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  const event = await deliver(endpoint, { id: 41, note: 'naïve\n"text"' })
  const definition = {
    name: 'announce',
    trigger: { type: 'endpoint', endpoint: 'orders' },
    filter: { where: 'body.id == 41' },
    action: {
      type: 'http',
      method: 'PUT',
      url: `${target.url}/notes/{{.body.id}}`,
      headers: [
        { name: 'X-Kind', value: '{{.event.kind}}' },
        { name: 'Authorization', value: 'Bearer very-secret' },
      ],
      bodyFrom: 'template',
      body: '{"note": {{.body.note | toJson}}, "event": "{{.event.id}}"}',
      signingSecrets: [secret],
    },
  }
  const dry = await box.api<DryRun>('POST', '/api/reactions/test', { definition, event })
  assert.deepEqual(dry.errors, [])
  assert.equal(dry.verdict?.fires, true)
  const shown = dry.request
  assert.ok(shown)
  assert.doesNotMatch(JSON.stringify(shown), /very-secret/, 'secrets stay masked')
  assert.equal(target.received.length, 0)
  assert.equal((await box.api<List<unknown>>('GET', '/api/runs')).items.length, 0)

  await box.api('POST', '/api/reactions', definition)
  await box.api('POST', `/api/events/${event}/replay`, { reaction: 'announce' })
  const [received] = await target.have(1)
  assert.ok(received)
  assert.equal(received.method, shown.method)
  assert.equal(target.url + received.path, shown.url)
  assert.equal(received.body.toString(), shown.body)
  assert.equal(received.body.length, shown.bodyBytes)
  /** What belongs to one try alone: ids, times and signatures. */
  const ofItsTime = new Set(['webhook-id', 'webhook-timestamp', 'webhook-signature', 'signalbox-cause'])
  for (const [name, value] of shown.headers) {
    const real: string | undefined = received.headers[name.toLowerCase()]
    assert.ok(real !== undefined, `${name} is sent`)
    if (name === 'Authorization') assert.equal(real, 'Bearer very-secret')
    else if (!ofItsTime.has(name.toLowerCase())) assert.equal(real, value, name)
  }
  assert.equal(target.received.length, 1)
})

test('a dry run of an event that does not match still shows the request, and tells of mistakes where they are', async t => {
  const box = await startSignalbox(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  const event = await deliver(endpoint, { id: 1 })
  const definition = {
    name: 'announce',
    trigger: { type: 'endpoint', endpoint: 'orders' },
    filter: { where: 'body.id == 2' },
    action: { type: 'http', url: 'http://127.0.0.1:9/', bodyFrom: 'template', body: 'id {{.body.id}}' },
  }
  const passed = await box.api<DryRun>('POST', '/api/reactions/test', { definition, event })
  assert.equal(passed.verdict?.fires, false)
  assert.equal(passed.verdict?.code, 'filter.where')
  assert.equal(passed.request?.body, 'id 1')

  const broken = { ...definition, action: { ...definition.action, body: 'a\n  {{.body.id | upper | nope}}' } }
  const told = await box.api<DryRun>('POST', '/api/reactions/test', { definition: broken, event })
  assert.equal(told.verdict, null)
  assert.equal(told.request, null)
  assert.equal(told.errors[0]?.path, '/action/body')
  assert.equal(told.errors[0]?.line, 2)
  const events = await box.api<List<EventSummary>>('GET', '/api/events')
  assert.equal(events.items.length, 1, 'trying leaves nothing behind')
})
