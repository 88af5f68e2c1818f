import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'

let world: World
before(async () => (world = await startWorld()))
after(() => world.close())

test('a line is read, and what it says can be made a reaction', async () => {
  const line = "curl -d '{}' https://hooks.example.com/x"
  const { status, body } = await world.call('POST', '/api/reactions/from-line', { line })
  assert.equal(status, 200)
  const made = await world.call('POST', '/api/reactions', {
    name: 'pasted',
    trigger: { type: 'events' },
    ...body.definition,
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const tsuru = await world.call('POST', '/api/reactions/from-line', {
    line: 'tsuru event-webhook-create tell https://hooks.example.com/ --kind-name app.deploy',
  })
  assert.equal((await world.call('POST', '/api/reactions', tsuru.body.definition)).status, 201)
})

test('what cannot be read says where', async () => {
  const { status, body } = await world.call('POST', '/api/reactions/from-line', {
    line: 'curl https://x \\\n  -d "$BODY"',
  })
  assert.deepEqual([status, body.code], [422, 'line.unreadable'])
  assert.deepEqual([body.errors[0].line, body.errors[0].column], [2, 7])
})
