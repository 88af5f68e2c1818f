import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { send } from './support/ask.ts'
import { deliver, onlyRunFor, runInState, verdictsOn } from './support/see.ts'
import type { Endpoint, Problem, Reaction, Verdicts } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const newSecret = () => `whsec_${randomBytes(24).toString('base64')}`

test('a reaction sends what its template says to what its filter takes, signed, and tells why in both cases', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  const secrets = [newSecret(), newSecret()]
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  await box.api('POST', '/api/reactions', {
    name: 'tell-team',
    trigger: { type: 'endpoint', endpoint: 'orders' },
    filter: { where: 'body.total > 100 && body.status == "paid"' },
    action: {
      type: 'http',
      url: `${target.url}/shops/{{.body.shop}}?id={{.body.id}}`,
      headers: [
        { name: 'X-Order', value: '{{.body.id}}' },
        { name: 'X-From', value: '{{.endpoint.name}}' },
      ],
      bodyFrom: 'template',
      body: '{"text": {{printf "Order %v of %s: %.2f" .body.id .body.customer.name .body.total | toJson}}, "lines": [{{range $i, $l := .body.lines}}{{if $i}}, {{end}}{{$l.sku | toJson}}{{end}}]}',
      signingSecrets: secrets,
    },
  })

  const order = {
    id: 123456789,
    shop: 'north',
    status: 'paid',
    total: 250,
    customer: { name: 'Zoë "Z" <b>' },
    lines: [{ sku: 'A-1' }, { sku: 'B-2' }],
  }
  const large = await deliver(endpoint, order)
  const [received] = await target.have(1)
  assert.ok(received)
  assert.equal(received.method, 'POST')
  assert.equal(received.path, '/shops/north?id=123456789')
  assert.equal(
    received.body.toString(),
    '{"text": "Order 123456789 of Zoë \\"Z\\" <b>: 250.00", "lines": ["A-1", "B-2"]}',
  )
  assert.equal(received.headers['x-order'], '123456789')
  assert.equal(received.headers['x-from'], 'orders')
  assert.equal(received.headers['content-type'], 'application/json')
  assert.equal(received.headers['content-length'], String(received.body.length))
  for (const secret of secrets)
    assert.doesNotThrow(() => new Webhook(secret).verify(received.body, received.headers))
  assert.throws(() => new Webhook(newSecret()).verify(received.body, received.headers), 'a stranger’s secret')
  const run = await onlyRunFor(box, large)
  assert.equal(received.headers['webhook-id'], run.id)

  const small = await deliver(endpoint, { ...order, total: 99 })
  const fired = await verdictsOn(box, large)
  const passed = await verdictsOn(box, small)
  assert.deepEqual(fired.verdicts, [
    { ...fired.verdicts[0], reactionName: 'tell-team', fires: true, held: false, code: null, runId: run.id },
  ])
  assert.equal(passed.verdicts.length, 1)
  assert.equal(passed.verdicts[0]?.fires, false)
  assert.equal(passed.verdicts[0]?.code, 'filter.where')
  assert.equal(
    passed.verdicts[0]?.reason,
    'The expression is false: body.total > 100 && body.status == "paid"',
  )

  const unfit = await verdictsOn(box, await deliver(endpoint, { hello: 'world' }))
  assert.equal(unfit.verdicts[0]?.code, 'filter.where-error')
  assert.match(unfit.verdicts[0]?.reason ?? '', /total|status/, 'names what is missing')
  await runInState(box, run.id, 'succeeded')
  assert.equal(target.received.length, 1, 'nothing was sent for the others')
})

test('without a body of its own a reaction sends the event, or the bytes as they came', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'in' })
  for (const bodyFrom of ['event', 'original'])
    await box.api('POST', '/api/reactions', {
      name: bodyFrom,
      trigger: { type: 'endpoint', endpoint: 'in' },
      action: { type: 'http', url: `${target.url}/${bodyFrom}`, bodyFrom },
    })
  const odd = Buffer.concat([Buffer.from('caf'), Buffer.from([0xe9, 0x00, 0xff])])
  await send(endpoint.url, odd, { 'content-type': 'text/plain; charset=latin1' })
  await send(endpoint.url, '{"n": 1.0}')
  await target.have(4)
  const [first, second] = target.received.filter(({ path }) => path === '/original')
  assert.deepEqual(first?.body, odd)
  assert.equal(first?.headers['content-type'], 'text/plain; charset=latin1')
  assert.equal(second?.body.toString(), '{"n": 1.0}')
  const [, event] = target.received.filter(({ path }) => path === '/event')
  const sent = JSON.parse(event?.body.toString() ?? '') as Record<string, unknown>
  assert.deepEqual(sent['data'], { n: 1 })
  assert.deepEqual(sent['kind'], { type: 'external', name: 'webhook.received' })
})

test('a later reaction does not see earlier events, and mistakes in a definition are told with their place', async t => {
  const box = await startSignalbox(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'in' })
  const before = await deliver(endpoint, { n: 1 })
  await verdictsOn(box, before)
  const definition = {
    name: 'late',
    trigger: { type: 'endpoint', endpoint: 'in' },
    action: {
      type: 'http',
      url: 'http://127.0.0.1:9/',
      bodyFrom: 'template',
      body: 'first line\n{{.body.n | nope}}',
    },
  }
  const refused = await box.ask('POST', '/api/reactions', {
    ...definition,
    filter: { where: 'body.n ==' },
    colour: 'red',
  })
  assert.equal(refused.status, 422)
  assert.match(refused.text, /colour/, 'an unknown property is named')
  const again = await box.ask('POST', '/api/reactions', { ...definition, filter: { where: 'body.n ==' } })
  const problem = again.json() as Problem & { errors: { path: string; line?: number; column?: number }[] }
  assert.equal(problem.code, 'body.invalid')
  const places = problem.errors.map(({ path, line }) => `${path} line ${line}`)
  assert.deepEqual(places.toSorted(), ['/action/body line 2', '/filter/where line 1'])

  await box.api<Reaction>('POST', '/api/reactions', {
    ...definition,
    action: { ...definition.action, body: '{{.body.n}}' },
  })
  const late = await box.api<Verdicts>('GET', `/api/events/${before}/verdicts?reaction=late`)
  assert.equal(late.verdicts[0]?.fires, false)
  assert.equal(late.verdicts[0]?.code, 'reaction.younger')
})
