import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'
import { mask } from '../core/mask.ts'
import { hashToken } from '../core/seal.ts'

let world: World
before(async () => {
  world = await startWorld(['--max-body-bytes', '2048'])
})
after(() => world.close())

const make = async (body: object = {}) => {
  const made = await world.call('POST', '/api/endpoints', body)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body
}
const stored = (id: string) => world.services.configuration.endpoints.get(id)

test('an empty object makes an endpoint that works', async () => {
  const { status, body, headers } = await world.call('POST', '/api/endpoints', {})
  assert.equal(status, 201, JSON.stringify(body))
  assert.match(body.name, /^[a-z]+-[a-z]+-\d\d$/)
  assert.match(body.path, /^\/hooks\/[A-Za-z0-9]{24}$/)
  assert.equal(body.url, `http://127.0.0.1:4620${body.path}`)
  assert.deepEqual(body.authentication, [{ type: 'none' }])
  assert.equal(body.maxBytes, 2048)
  assert.match(body.token, /^sb_send_[A-Za-z0-9_-]{43}$/)
  assert.equal(
    body.curl,
    `curl -XPOST -H "Authorization: Bearer ${body.token}" http://127.0.0.1:4620/data -d '{"ok": "hello"}' -H 'Content-Type: application/json'`,
  )
  assert.match(String(headers['etag']), /^"\d+"$/)
  const got = await world.call('GET', `/api/endpoints/${body.name}`)
  assert.deepEqual(got.body, body)
  assert.equal(stored(body.id)?.tokenHash, hashToken(body.token))
})

test('without a body at all one is made too', async () => {
  assert.equal((await world.call('POST', '/api/endpoints')).status, 201)
})

test('a chosen path asks for the send token, unless it is said otherwise', async () => {
  const guarded = await make({ path: '/hooks/orders/:id' })
  assert.deepEqual(guarded.authentication, [{ type: 'bearer', secrets: [mask] }])
  assert.equal(guarded.chosenPath, true)
  const scheme = openScheme(guarded.id)
  assert.deepEqual(scheme, { type: 'bearer', secrets: [guarded.token] })
  const rotated = await world.call('POST', `/api/endpoints/${guarded.id}/token`)
  assert.equal(rotated.status, 201)
  assert.notEqual(rotated.body.token, guarded.token)
  assert.ok(rotated.body.curl.includes(rotated.body.token))
  assert.deepEqual(openScheme(guarded.id), { type: 'bearer', secrets: [rotated.body.token] })
  const open = await make({ path: '/hooks/open', authentication: [{ type: 'none' }] })
  assert.deepEqual(open.authentication, [{ type: 'none' }])
})

function openScheme(id: string) {
  const scheme = stored(id)?.definition.authentication[0]
  assert.ok(scheme?.type === 'bearer')
  return { ...scheme, secrets: scheme.secrets.map(world.services.sealer.open) }
}

test('secrets are sealed in the store and dots in the answer; dots keep the stored one at their place', async () => {
  const secrets = ['first-secret', 'second-secret']
  const { id } = await make({ authentication: [{ type: 'github', secrets }] })
  assert.ok(!JSON.stringify(stored(id)).includes('secret-'), 'sealed')
  const edit = { authentication: [{ type: 'github', secrets: [mask, 'third-secret', mask] }] }
  const refused = await world.call('PATCH', `/api/endpoints/${id}`, edit)
  assert.equal(refused.body.errors[0].path, '/authentication/0/secrets/2')
  const changed = await world.call('PATCH', `/api/endpoints/${id}`, {
    authentication: [{ type: 'github', secrets: [mask, 'third-secret'] }],
  })
  assert.deepEqual(changed.body.authentication, [{ type: 'github', secrets: [mask, mask], allowSha1: false }])
  const scheme = stored(id)?.definition.authentication[0]
  assert.ok(scheme?.type === 'github')
  assert.deepEqual(scheme.secrets.map(world.services.sealer.open), ['first-secret', 'third-secret'])
})

test('dots are taken where a secret has to have a form, but not for a new endpoint', async () => {
  const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']
  const { id } = await make({ authentication: [{ type: 'standard-webhooks', secrets }] })
  const authentication = [{ type: 'standard-webhooks', secrets: [mask] }]
  assert.equal((await world.call('PATCH', `/api/endpoints/${id}`, { authentication })).status, 200)
  const scheme = stored(id)?.definition.authentication[0]
  assert.ok(scheme?.type === 'standard-webhooks')
  assert.deepEqual(scheme.secrets.map(world.services.sealer.open), secrets)
  const other = [{ type: 'bearer', secrets: [mask] }]
  const changedType = await world.call('PATCH', `/api/endpoints/${id}`, { authentication: other })
  assert.equal(changedType.status, 422)
  for (const scheme of [authentication, [{ type: 'basic', username: 'a', passwords: [mask] }]])
    assert.equal((await world.call('POST', '/api/endpoints', { authentication: scheme })).status, 422)
})

test('what is left out of a change stays, also where it has a default', async () => {
  const { id, ...made } = await make({
    methods: ['PUT'],
    kindName: 'order.paid',
    maxBytes: 9,
    description: 'd',
  })
  const { body } = await world.call('PATCH', `/api/endpoints/${id}`, { state: 'disabled' })
  assert.deepEqual({ ...body, updatedAt: 0 }, { id, ...made, state: 'disabled', updatedAt: 0 })
})

test('a path is given up for a generated one, and is free again then', async () => {
  const { id } = await make({ path: '/triggers/free' })
  const { body } = await world.call('PATCH', `/api/endpoints/${id}`, { path: null })
  assert.match(body.path, /^\/hooks\/[A-Za-z0-9]{24}$/)
  await make({ path: '/triggers/free' })
  const kept = await world.call('PATCH', `/api/endpoints/${id}`, { path: null, description: 'x' })
  assert.equal(kept.body.path, body.path)
})

test('names and paths are unique, and the answer names the other', async () => {
  await make({ name: 'taken', path: '/hooks/shops/:shop' })
  const name = await world.call('POST', '/api/endpoints', { name: 'taken' })
  assert.deepEqual([name.status, name.body.code], [409, 'name-taken'])
  for (const path of ['/hooks/shops/:shop', '/hooks/shops/:other']) {
    const { status, body } = await world.call('POST', '/api/endpoints', { path })
    assert.deepEqual([status, body.code], [409, 'path-taken'])
    assert.match(body.detail, /taken/)
    assert.match(body.detail, /\/hooks\/shops\/:shop/)
  }
  const own = await world.call('PATCH', '/api/endpoints/taken', { path: '/hooks/shops/:id' })
  assert.equal(own.status, 200, 'its own path is no conflict')
})

for (const [body, path, message] of [
  [{ nme: 'x' }, '/nme', /not known.*name/],
  [{ name: 'Not Good' }, '/name', /form/],
  [{ path: '/elsewhere' }, '/path', /begins with/],
  [{ path: '/hooks/a/../b' }, '/path', /./],
  [{ methods: [] }, '/methods', /an entry/],
  [{ maxBytes: '5' }, '/maxBytes', /whole number/],
  [{ maxBytes: 2 ** 40 }, '/maxBytes', /at most/],
  [{ authentication: [] }, '/authentication', /an entry/],
  [{ authentication: [{ type: 'magic' }] }, '/authentication/0/type', /"github"/],
  [{ authentication: [{ type: 'github' }] }, '/authentication/0/secrets', /missing/],
  [
    { authentication: [{ type: 'hmac', header: 'x', secrets: ['s'], key: 1 }] },
    '/authentication/0/key',
    /not known/,
  ],
  [{ deliveryId: { path: 'a..b' } }, '/deliveryId/path', /character/],
  [{ deliveryId: { header: '' } }, '/deliveryId/header', /empty/],
  [{ state: 'active' }, '/state', /not known/],
  [[], '', /an object/],
  ['text', '', /an object/],
] as const) {
  test(`a mistake is told by place and sentence: ${JSON.stringify(body)}`, async () => {
    const answer = await world.call('POST', '/api/endpoints', body)
    assert.equal(answer.status, 422, JSON.stringify(answer.body))
    assert.equal(answer.body.code, 'body.invalid')
    assert.equal(answer.body.errors[0].path, path, JSON.stringify(answer.body.errors))
    assert.match(answer.body.errors[0].message, message)
  })
}

test('an edit of a version that is no longer the newest is refused', async () => {
  const { id } = await make()
  const { headers } = await world.call('GET', `/api/endpoints/${id}`)
  const admin = { authorization: `Bearer ${world.adminToken}` }
  const withTag = (method: string, tag: string) =>
    world.call(method, `/api/endpoints/${id}`, method === 'PATCH' ? { description: 'x' } : undefined, {
      headers: { ...admin, 'if-match': tag },
    })
  const tag = String(headers['etag'])
  const changed = await withTag('PATCH', tag)
  assert.equal(changed.status, 200)
  for (const [method, stale] of [
    ['PATCH', tag],
    ['DELETE', tag],
    ['PATCH', 'garbage'],
  ] as const)
    assert.equal((await withTag(method, stale)).status, 412, `${method} ${stale}`)
  assert.equal((await withTag('DELETE', String(changed.headers['etag']))).status, 204)
  assert.equal((await world.call('GET', `/api/endpoints/${id}`)).status, 404)
})

test('lists go on from their cursor, without gap or repetition', async () => {
  for (let more = 0; more < 3; more++) await make()
  const all = (await world.call('GET', '/api/endpoints?limit=500')).body.items
  const seen: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await world.call(
      'GET',
      `/api/endpoints?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
    )
    seen.push(...body.items.map((item: { id: string }) => item.id))
    cursor = body.next
  }
  assert.deepEqual(
    seen,
    all.map((item: { id: string }) => item.id),
  )
})

test('a list is searched in any case, says how many there are, and puts names that begin so first', async () => {
  const first = await make({ name: 'harbor-push', path: '/hooks/registry/a', kindName: 'image.pushed' })
  const second = await make({ name: 'push', description: 'Of the whole HARBOR' })
  const search = async (query: string) => {
    const { body } = await world.call('GET', `/api/endpoints?${query}`)
    return [body.total, ...body.items.map((item: { name: string }) => item.name)]
  }
  assert.deepEqual(await search('search=HARBOR'), [2, 'harbor-push', 'push'])
  assert.deepEqual(await search('search=push'), [2, 'push', 'harbor-push'])
  assert.deepEqual(await search('search=registry%20image.p'), [1, 'harbor-push'])
  assert.deepEqual(await search('search=no-such-thing'), [0])
  assert.deepEqual(await search('search=push&limit=1'), [2, 'push'])
  assert.deepEqual(await search(`id=${first.id}&id=${second.id}&id=ep_none`), [2, 'harbor-push', 'push'])
  assert.deepEqual(await search(`id=${first.id}`), [1, 'harbor-push'])
  await world.call('PATCH', `/api/endpoints/${first.id}`, { name: 'renamed' })
  await world.call('DELETE', `/api/endpoints/${second.id}`)
  assert.deepEqual(await search('search=harbor'), [0], 'what was changed is found as it is now')
  const refused = await world.call('GET', '/api/endpoints?cursor=nonsense')
  assert.deepEqual([refused.status, refused.body.code], [400, 'cursor.invalid'])
})

test('a list stays readable when the key that sealed the tokens is lost', async () => {
  const { id } = await make()
  await world.services.storage.execute('updateEndpoint', {
    id,
    expectedVersion: null,
    atMs: world.clock.nowMs,
    set: { token_sealed: 'sealed:1:AAAA' },
  })
  const { status, body } = await world.call('GET', `/api/endpoints/${id}`)
  assert.deepEqual([status, body.token], [200, null])
})

test('what happened at an endpoint is told with it', async () => {
  const { id } = await make()
  await world.event({ endpointId: id })
  await world.services.storage.execute('recordRejections', {
    rejections: [
      {
        endpointId: id,
        reason: 'token.wrong',
        count: 3,
        atMs: world.clock.nowMs,
        sender: '10.0.0.9',
        detail: 'd',
        refused: true,
      },
    ],
  })
  const { body } = await world.call('GET', `/api/endpoints/${id}`)
  assert.equal(body.lastEventAt, '2026-11-21T06:50:00.000Z')
  assert.deepEqual(body.rejections, [
    { reason: 'token.wrong', count: 3, lastAt: '2026-11-21T06:50:00.000Z', sender: '10.0.0.9', detail: 'd' },
  ])
})
