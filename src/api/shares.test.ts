import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startMs, startWorld, type World } from '../../test/support/api-world.ts'

let world: World
before(async () => (world = await startWorld()))
after(() => world.close())

const body = '{"order":7,"card":{"number":"4111"},"token":"t0p"}'
const shareOf = async (set: object = {}) => {
  const event = await world.event({ contentType: 'application/json' }, body)
  const made = await world.call('POST', `/api/events/${event.id}/shares`, { redact: ['body.card'], ...set })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body
}
const open = (token: string) => world.call('POST', '/api/shared', { token }, null)

test('a link shows one event, redacted, to somebody who is not signed in', async () => {
  const made = await shareOf()
  assert.match(made.url, /\/shared#sb_share_/)
  const { status, body: seen } = await open(made.token)
  assert.equal(status, 200)
  assert.equal(seen.event.body.text, '{"order":7,"card":"•••","token":"•••"}')
  assert.equal(seen.expiresAt, new Date(startMs + 86_400_000).toISOString())
  assert.equal('path' in seen.event, false)
  const preview = await world.call('POST', `/api/events/${made.eventId}/shares/preview`, {
    redact: ['body.card'],
  })
  assert.deepEqual(preview.body, seen.event)
})

test('it is listed without what opens it, and can be ended', async () => {
  const made = await shareOf()
  const list = await world.call('GET', `/api/shares?event=${made.eventId}`)
  assert.deepEqual(
    list.body.items.map((one: { id: string }) => one.id),
    [made.id],
  )
  assert.equal(JSON.stringify(list.body).includes(made.token), false)
  assert.equal((await world.call('DELETE', `/api/shares/${made.id}`)).body.revokedBy, 'admin')
  const { status, body: problem } = await open(made.token)
  assert.deepEqual([status, problem.code], [410, 'share.ended'])
})

test('mistakes are told, and nobody else makes or lists links', async () => {
  const event = await world.event({}, '{}')
  const wrong = await world.call('POST', `/api/events/${event.id}/shares`, { redact: ['body.a', 'nowhere'] })
  assert.deepEqual([wrong.status, wrong.body.errors[0].path], [422, '/redact/1'])
  assert.equal((await world.call('POST', '/api/events/evt_none/shares', {})).status, 404)
  assert.equal((await world.call('POST', `/api/events/${event.id}/shares`, { lastsMs: 1 })).status, 422)
  assert.equal((await world.call('POST', `/api/events/${event.id}/shares`, {}, null)).status, 401)
  assert.equal((await world.call('GET', '/api/shares', undefined, null)).status, 401)
  assert.equal((await open('sb_share_guess')).status, 404)
})
