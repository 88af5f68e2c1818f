import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'
import { mask } from '../core/mask.ts'

let world: World
let eventId: string
before(async () => {
  world = await startWorld()
  eventId = (await world.event({}, '{"amount": 12}')).id
})
after(() => world.close())

const dryRun = (body: object) => world.call('POST', '/api/reactions/test', { event: eventId, ...body })
const definition = (change: object = {}, action: object = {}) => ({
  name: 'draft',
  trigger: { type: 'events' },
  action: { type: 'http', url: 'https://example.com/{{.body.amount}}', ...action },
  ...change,
})

test('a draft is judged and rendered on an event of the past, and nothing is kept', async () => {
  const { status, body } = await dryRun({
    definition: definition({ filter: { where: 'body.amount > 10.0' } }),
  })
  assert.equal(status, 200, JSON.stringify(body))
  assert.deepEqual(body.verdict, { fires: true, code: null, reason: null })
  assert.equal(body.request.url, 'https://example.com/12')
  assert.deepEqual(body.errors, [])
  assert.equal(world.services.configuration.reactions.size, 0)
})

test('one that does not fire says why, and still shows what it would send', async () => {
  const { body } = await dryRun({ definition: definition({ filter: { outcome: 'error' } }) })
  assert.deepEqual([body.verdict.fires, body.verdict.code], [false, 'filter.outcome'])
  assert.equal(body.request.method, 'POST')
})

test('mistakes are an answer, with line and column', async () => {
  const compile = await dryRun({ definition: definition({}, { url: 'https://x/\n{{ if }}' }) })
  assert.deepEqual([compile.status, compile.body.verdict, compile.body.request], [200, null, null])
  assert.deepEqual([compile.body.errors[0].path, compile.body.errors[0].line], ['/action/url', 2])
  const render = await dryRun({ definition: definition({}, { url: 'https://x/{{ index .body 3 }}' }) })
  assert.equal(render.body.request, null)
  assert.equal(render.body.errors[0].path, '/action/url')
})

test('a stored reaction is tried with its secrets, which are not shown', async () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const stored = await world.call('POST', '/api/reactions', definition({}, { signingSecrets: [secret] }))
  assert.equal(stored.status, 201)
  for (const body of [
    { reaction: 'draft' },
    { reaction: 'draft', definition: stored.body.definition },
    { definition: stored.body.definition },
  ]) {
    const answer = await dryRun(body)
    assert.deepEqual(answer.body.errors, [], JSON.stringify(body))
    assert.ok(!JSON.stringify(answer.body).includes(secret.slice(6)))
    const names = answer.body.request.headers.map(([name]: [string]) => name.toLowerCase())
    assert.equal(names.includes('webhook-signature'), 'reaction' in body)
  }
  assert.deepEqual(stored.body.definition.action.signingSecrets, [mask])
})

test('what cannot be tried is refused', async () => {
  assert.equal((await dryRun({})).status, 422)
  assert.equal((await dryRun({ reaction: 'nobody' })).status, 404)
  assert.equal((await dryRun({ definition: definition(), event: 'evt_0' })).status, 404)
})
