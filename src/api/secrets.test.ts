import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newToken, hashToken } from '../core/seal.ts'
import { type Caller, startWorld, type World } from '../../test/support/api-world.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

const value = 'canary-of-secrets'
const make = (body: object) => world.call('POST', '/api/secrets', body)
const reaction = (name: string, action: object) =>
  world.call('POST', '/api/reactions', {
    name,
    trigger: { type: 'events' },
    action: { type: 'http', url: 'https://api.example.com/', ...action },
  })
const bearer = (template: string) => ({ headers: [{ name: 'Authorization', value: `Bearer ${template}` }] })

test('a secret is made, shown without its value, changed and deleted', async () => {
  const made = await make({
    name: 'TOKEN',
    value,
    hosts: ['API.Example.com', '*.corp.example', 'api.example.com.'],
    description: 'of the API',
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const { id, createdAt, ...shown } = made.body
  assert.deepEqual(shown, {
    name: 'TOKEN',
    team: null,
    hosts: ['api.example.com', '*.corp.example'],
    description: 'of the API',
    usedBy: [],
    changedBy: 'admin',
    updatedAt: createdAt,
    lastUsedAt: null,
  })
  for (const url of ['/api/secrets', `/api/secrets/${id}`, '/api/secrets/TOKEN']) {
    const { status, body } = await world.call('GET', url)
    assert.equal(status, 200)
    assert.ok(JSON.stringify(body).includes(id) && !JSON.stringify(body).includes('canary'))
  }
  world.clock.nowMs += 1000
  const changed = await world.call('PATCH', '/api/secrets/TOKEN', { hosts: [] })
  assert.deepEqual([changed.body.hosts, changed.body.description], [[], 'of the API'])
  assert.notEqual(changed.body.updatedAt, createdAt)
  assert.equal((await world.call('DELETE', `/api/secrets/${id}`)).status, 204)
  for (const [method, body] of [['GET'], ['PATCH', {}], ['DELETE']] as const)
    assert.equal((await world.call(method, '/api/secrets/TOKEN', body)).status, 404)
})

test('what is no secret is refused with its place', async () => {
  const good = { name: 'GOOD', value }
  const refusedAt = async (body: object) => {
    const { status, body: problem } = await make({ ...good, ...body })
    assert.equal(status, 422, JSON.stringify(body))
    assert.ok(!JSON.stringify(problem).includes('canary'))
    return problem.errors[0].path
  }
  for (const name of ['', '1A', 'A B', 'A/B', 'Ä', 'a'.repeat(65), 'A"', '-A'])
    assert.equal(await refusedAt({ name }), '/name', name)
  for (const short of ['', 'abc', '•••', 'x'.repeat(16_385)])
    assert.equal(await refusedAt({ value: short }), '/value')
  assert.equal(await refusedAt({ value: { canary: 1 } }), '/value')
  for (const host of ['https://a.example', 'a.example:443', '*', 'a b'])
    assert.equal(await refusedAt({ hosts: ['ok.example', host] }), '/hosts/1', host)
  assert.equal(await refusedAt({ extra: 1 }), '/extra')
  assert.equal((await make({ name: 'GOOD' })).body.errors[0].path, '/value')
  assert.equal((await make(good)).status, 201)
  assert.deepEqual(
    [(await make(good)).body.code, (await make({ ...good, name: 'good' })).status],
    ['name-taken', 201],
  )
})

test('a reaction names what exists, written out, and sends it where it may go', async () => {
  await make({ name: 'KEY', value, hosts: ['api.example.com'] })
  const mistakes = async (action: object) => {
    const { status, body } = await reaction('refused', action)
    assert.equal(status, 422, JSON.stringify(body))
    return body.errors.map(({ path, message, line, column }: Record<string, unknown>) => [
      path,
      line,
      column,
      message,
    ])
  }
  const at = '/action/headers/0/value'
  const [[path, line, column, message]] = await mistakes(bearer('\n {{secret "NONE"}}'))
  assert.deepEqual([path, line, column], [at, 2, 4])
  assert.match(message, /names the secret NONE, which does not exist; make it first/)
  assert.match((await mistakes(bearer('{{secret .body.key}}')))[0][3], /write it out: \{\{secret "NAME"\}\}/)
  assert.match(
    (await mistakes({ ...bearer('{{secret "KEY"}}'), url: 'https://evil.example/' }))[0][3],
    /KEY may be sent to api\.example\.com only, and evil\.example is not among them/,
  )
  assert.deepEqual(
    (await mistakes({ signingSecrets: ['{{secret "NONE"}}'] }))[0][0],
    '/action/signingSecrets/0',
  )
  assert.deepEqual(
    (await mistakes({ proxyUrl: 'http://a:{{secret "NONE"}}@b.example' }))[0][0],
    '/action/proxyUrl',
  )
  assert.equal(
    (await reaction('templated-url', { ...bearer('{{secret "KEY"}}'), url: 'https://{{.body.host}}/' }))
      .status,
    201,
  )
})

test('who names a secret is told, and it is not deleted under them unless forced', async () => {
  await make({ name: 'USED', value })
  const made = await reaction('uses', {
    ...bearer('{{secret "USED"}}'),
    signingSecrets: ['{{ secret "USED" }}'],
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.deepEqual(made.body.definition.action.signingSecrets, ['{{ secret "USED" }}'], 'a name is no secret')
  const { body } = await world.call('GET', '/api/secrets/USED')
  assert.deepEqual(body.usedBy, [{ id: made.body.id, name: 'uses' }])
  const refused = await world.call('DELETE', '/api/secrets/USED')
  assert.deepEqual([refused.status, refused.body.code], [409, 'secret.in-use'])
  assert.match(refused.body.detail, /named by uses/)
  assert.equal((await world.call('DELETE', '/api/secrets/USED?force=true')).status, 204)
})

test('the dry run shows dots, and what would not be sent', async () => {
  await make({ name: 'DRY', value, hosts: ['api.example.com'] })
  const event = await world.event({}, '{"host":"evil.example"}')
  const tryIt = async (action: object) =>
    (
      await world.call('POST', '/api/reactions/test', {
        event: event.id,
        definition: { name: 'x', trigger: { type: 'events' }, action: { type: 'http', ...action } },
      })
    ).body
  const shown = await tryIt({
    url: 'https://api.example.com/{{secret "DRY"}}',
    bodyFrom: 'template',
    body: '{{secret "DRY" | b64enc}}',
  })
  assert.equal(shown.request.url, 'https://api.example.com/•••')
  assert.equal(Buffer.from(shown.request.body, 'base64').toString(), '•••')
  const elsewhere = await tryIt({ url: 'https://{{.body.host}}/', ...bearer('{{secret "DRY"}}') })
  assert.match(elsewhere.errors[0].message, /evil\.example is not among them/)
  assert.ok(!JSON.stringify([shown, elsewhere]).includes('canary'))
})

test('nobody else reaches them', async () => {
  const visitor = await world.visitor()
  for (const as of [null, visitor.caller])
    for (const [method, url] of [
      ['GET', '/api/secrets'],
      ['GET', '/api/secrets/GOOD'],
      ['POST', '/api/secrets'],
      ['DELETE', '/api/secrets/GOOD'],
    ] as const)
      assert.ok(
        [401, 403].includes((await world.call(method, url, method === 'POST' ? {} : undefined, as)).status),
      )
})

test('a team has its own secrets beside those of all, and nobody else’s', async () => {
  const callers: Record<string, Caller> = {}
  for (const team of ['alpha', 'beta']) {
    await world.call('POST', '/api/teams', { name: team })
    for (const role of ['editor', 'viewer', 'admin']) {
      const made = await world.call('POST', '/api/users', {
        email: `${role}@${team}.example`,
        roles: [{ role, team }],
      })
      const token = newToken('key')
      await world.services.storage.execute('createKey', {
        id: `key_${team}_${role}`,
        token_hash: hashToken(token),
        name: 'all',
        user_id: made.body.id,
        scope: '[{"role":null,"permission":"*","team":null}]',
        actor: 'admin',
        created_at: 1,
        expires_at: null,
      })
      callers[`${team} ${role}`] = { headers: { authorization: `Bearer ${token}` } }
    }
  }
  const as = (who: string, method: string, url: string, body?: object) =>
    world.call(method, url, body, callers[who] ?? null)
  await make({ name: 'SHARED', value })
  const own = await as('alpha admin', 'POST', '/api/secrets', { name: 'OWN', value })
  assert.deepEqual([own.status, own.body.team], [201, 'alpha'], JSON.stringify(own.body))
  assert.equal((await as('beta admin', 'POST', '/api/secrets', { name: 'OWN', value })).body.team, 'beta')
  assert.equal((await make({ name: 'OWN', value })).status, 201)

  const names = async (who: string) =>
    (await as(who, 'GET', '/api/secrets')).body.items.map(
      (secret: { name: string; team: string | null }) => `${secret.name} ${secret.team}`,
    )
  const seen = await names('alpha viewer')
  assert.ok(
    seen.includes('OWN alpha') && seen.includes('SHARED null') && !seen.includes('OWN beta'),
    seen.join(),
  )
  assert.equal((await as('beta admin', 'GET', `/api/secrets/${own.body.id}`)).status, 404)
  assert.equal((await as('beta admin', 'DELETE', `/api/secrets/${own.body.id}`)).status, 404)
  assert.equal((await as('alpha viewer', 'PATCH', `/api/secrets/${own.body.id}`, {})).status, 403)
  assert.equal((await as('alpha admin', 'PATCH', '/api/secrets/SHARED', {})).status, 403)
  const ambiguous = await as('alpha admin', 'GET', '/api/secrets/OWN')
  assert.deepEqual([ambiguous.status, ambiguous.body.code], [400, 'query.invalid'])
  assert.match(ambiguous.body.detail, /of the whole organization, alpha: say which/)
  assert.equal((await as('alpha admin', 'GET', '/api/secrets/OWN?team=alpha')).body.id, own.body.id)

  await as('beta admin', 'POST', '/api/secrets', { name: 'FOREIGN', value })
  const react = (who: string, name: string, secret: string) =>
    as(who, 'POST', '/api/reactions', {
      name,
      trigger: { type: 'events' },
      action: { type: 'http', url: 'https://a.example', ...bearer(`{{secret "${secret}"}}`) },
    })
  assert.equal((await react('alpha editor', 'of-alpha', 'OWN')).status, 201)
  assert.equal((await react('alpha editor', 'with-shared', 'SHARED')).status, 201)
  const foreign = await react('alpha editor', 'with-foreign', 'FOREIGN')
  assert.match(foreign.body.detail, /names the secret FOREIGN, which does not exist/)
  const shared = await as('beta viewer', 'GET', '/api/secrets/SHARED')
  assert.deepEqual(shared.body.usedBy, [], 'reactions of other teams are not told')
  const kept = await world.call('DELETE', '/api/secrets/SHARED')
  assert.match(kept.body.detail, /named by with-shared/)
})
