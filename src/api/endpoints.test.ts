import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

test('an empty object makes an endpoint that works', async () => {
  const { status, body, headers } = await world.call('POST', '/api/endpoints', {})
  assert.equal(status, 201, JSON.stringify(body))
  assert.match(body.name, /^[a-z]+-[a-z]+-\d\d$/)
  assert.match(body.path, /^\/hooks\/[A-Za-z0-9]{24}$/)
  assert.equal(body.url, `http://127.0.0.1:4620${body.path}`)
  assert.deepEqual(body.authentication, [{ type: 'none' }])
  assert.match(body.token, /^sb_send_[A-Za-z0-9_-]{43}$/)
  assert.equal(
    body.curl,
    `curl -XPOST -H "Authorization: Bearer ${body.token}" http://127.0.0.1:4620/data -d '{"ok": "hello"}' -H 'Content-Type: application/json'`,
  )
  assert.match(String(headers.etag), /^"\d+"$/)
  const got = await world.call('GET', `/api/endpoints/${body.name}`)
  assert.deepEqual(got.body, body)
})
