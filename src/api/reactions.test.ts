import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'
import { mask } from '../core/mask.ts'

let world: World
let endpointId: string
before(async () => {
  world = await startWorld()
  endpointId = (await world.call('POST', '/api/endpoints', { name: 'orders' })).body.id
})
after(() => world.close())

let made = 0
const definition = (change: object = {}, action: object = {}) => ({
  name: `reaction-${made++}`,
  trigger: { type: 'events' },
  action: { type: 'http', url: 'https://example.com/hook', ...action },
  ...change,
})
const make = async (change: object = {}, action: object = {}) => {
  const answer = await world.call('POST', '/api/reactions', definition(change, action))
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body
}
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

test('a reaction gets its defaults, and the id of the endpoint that it names', async () => {
  const reaction = await make({ trigger: { type: 'endpoint', endpoint: 'orders' } })
  assert.deepEqual(reaction.definition.trigger, { type: 'endpoint', endpoint: endpointId })
  assert.deepEqual([reaction.endpointName, reaction.state, reaction.version], ['orders', 'active', 1])
  assert.equal(reaction.definition.action.timeoutMs, 30_000)
  assert.equal(reaction.definition.filter.outcome, 'any')
  assert.equal(reaction.definition.retry.delaysMs.length, 9)
  const byName = await world.call('GET', `/api/reactions/${reaction.definition.name}`)
  assert.deepEqual(byName.body, reaction)
  assert.equal(byName.headers['etag'], '"1"')
})

test('every part of a definition comes back as it was given', async () => {
  const full = {
    ...definition(),
    description: 'd',
    filter: {
      kindTypes: ['platform'],
      kindNames: ['app.update'],
      targetTypes: ['app'],
      targetValues: ['shop'],
      targets: { 'Project\n1': ['Core Web'] },
      outcome: 'error',
      where: 'body.amount > 10',
    },
    action: {
      type: 'http',
      language: 'go',
      extendedFunctions: false,
      method: 'PUT',
      url: 'https://example.com/{{.event.id}}',
      headers: [{ name: 'X-A', value: '{{.event.kind}}' }],
      bodyFrom: 'template',
      body: '{{.body.amount}}',
      timeoutMs: 1000,
      successStatuses: ['200-204', '409'],
      followRedirects: 1,
      insecure: true,
      proxyUrl: 'http://proxy.internal:3128',
      signingSecrets: [],
    },
    retry: { delaysMs: [1, 2], permanentStatuses: [501], retryStatuses: [404] },
    concurrency: 3,
    deadlineMs: 60_000,
    onLost: 'fail',
    failingAfter: 5,
    tellWhen: ['created'],
  }
  const answer = await world.call('POST', '/api/reactions', full)
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  assert.deepEqual(answer.body.definition, full)
})

for (const [change, action, path, message, place] of [
  [{ trigger: { type: 'endpoint', endpoint: 'nobody' } }, {}, '/trigger/endpoint', /no endpoint/],
  [{ filter: { where: 'body.a ==\n  ' } }, {}, '/filter/where', /does not compile/, 2],
  [{ filter: { where: 'raw.matches("(a+)+")' } }, {}, '/filter/where', /re\(/, 1],
  [{}, { url: 'https://example.com/{{.event.id' }, '/action/url', /does not compile/, 1],
  [{}, { url: 'example.com' }, '/action/url', /cannot be used/],
  [{}, { url: 'file:///etc/passwd' }, '/action/url', /http/],
  [
    {},
    { headers: [{ name: 'X-A', value: 'a\n{{ if }}' }] },
    '/action/headers/0/value',
    /does not compile/,
    2,
  ],
  [{}, { headers: [{ name: 'X A', value: '' }] }, '/action/headers/0/name', /header name/],
  [{}, { headers: [{ name: 'Host', value: 'x' }] }, '/action/headers/0/name', /connection/],
  [{}, { headers: [{ name: 'Webhook-Id', value: 'x' }] }, '/action/headers/0/name', /every run/],
  [{}, { bodyFrom: 'template', body: '{{end}}' }, '/action/body', /does not compile/, 1],
  [
    {},
    { extendedFunctions: false, bodyFrom: 'template', body: 'a\n{{toJson .body}}' },
    '/action/body',
    /"toJson" not defined.*turned off/,
    2,
  ],
  [{}, { method: 'connect' }, '/action/method', /CONNECT/],
  [{}, { proxyUrl: 'ftp://proxy' }, '/action/proxyUrl', /proxy/],
  [{}, { signingSecrets: ['whsec_?'] }, '/action/signingSecrets/0', /base64/],
  [{}, { signingSecrets: [mask] }, '/action/signingSecrets/0', /no secret is stored/],
  [{}, { successStatuses: ['299-200'] }, '/action/successStatuses/0', /ends before/],
  [{}, { urll: 'x' }, '/action/urll', /not known/],
  [{ retry: { delays: [] } }, {}, '/retry/delays', /not known.*delaysMs/],
] as const) {
  test(`a mistake in a reaction is told where it is: ${JSON.stringify({ ...change, ...action })}`, async () => {
    const { status, body } = await world.call('POST', '/api/reactions', definition(change, action))
    assert.equal(status, 422, JSON.stringify(body))
    assert.equal(body.errors.length, 1, JSON.stringify(body.errors))
    assert.equal(body.errors[0].path, path)
    assert.match(body.errors[0].message, message)
    assert.equal(body.errors[0].line, place)
    assert.equal(typeof body.errors[0].column, place === undefined ? 'undefined' : 'number')
  })
}

test('all mistakes are told at once, and a body that is not used is not read', async () => {
  const wrong = definition({ filter: { where: '(' } }, { url: '{{', headers: [{ name: '', value: '{{' }] })
  assert.equal((await world.call('POST', '/api/reactions', wrong)).body.code, 'body.invalid')
  const two = definition({ filter: { where: '(' } }, { url: '{{' })
  assert.equal((await world.call('POST', '/api/reactions', two)).body.errors.length, 2)
  await make({}, { bodyFrom: 'event', body: '{{ unfinished' })
})

test('signing secrets are sealed, shown as dots, and kept by them', async () => {
  const { id, definition } = await make({}, { signingSecrets: [secret] })
  assert.deepEqual(definition.action.signingSecrets, [mask])
  const sealedOnes = () =>
    world.services.configuration.reactions.get(id)?.definition.action.signingSecrets ?? []
  const opened = () => sealedOnes().map(world.services.sealer.open)
  assert.ok(!sealedOnes().includes(secret))
  const put = { ...definition, action: { ...definition.action, signingSecrets: [mask, 'c2Vjb25k'] } }
  assert.equal((await world.call('PUT', `/api/reactions/${id}`, put)).status, 200)
  assert.deepEqual(opened(), [secret, 'c2Vjb25k'])
  const versions = await world.call('GET', `/api/reactions/${id}/versions`)
  assert.deepEqual(
    versions.body.items.map((item: { version: number; definition: typeof put }) => [
      item.version,
      item.definition.action.signingSecrets,
    ]),
    [
      [2, [mask, mask]],
      [1, [mask]],
    ],
  )
})

test('an edit of an older version is refused, and names stay unique', async () => {
  const { id, definition } = await make()
  const { name } = (await make()).definition
  const admin = { authorization: `Bearer ${world.adminToken}` }
  const put = (tag: string) =>
    world.call('PUT', `/api/reactions/${id}`, definition, { headers: { ...admin, 'if-match': tag } })
  assert.equal((await put('"1"')).headers['etag'], '"2"')
  assert.deepEqual([(await put('"1"')).status, (await put('"2"')).status], [412, 200])
  const taken = await world.call('PUT', `/api/reactions/${id}`, { ...definition, name })
  assert.deepEqual([taken.status, taken.body.code], [409, 'name-taken'])
})

test('runs that a pause held back go on with resume, all of them', async () => {
  const { id } = await make()
  const paused = await world.call('POST', `/api/reactions/${id}/pause`)
  assert.equal(paused.body.state, 'paused')
  const runs: string[] = []
  for (let more = 0; more < 3; more++) runs.push(...(await world.react(await world.event(), [id])))
  const states = async () =>
    (await world.call('GET', `/api/runs?reaction=${id}`)).body.items.map(
      (run: { state: string }) => run.state,
    )
  assert.deepEqual(await states(), ['held', 'held', 'held'])
  const resumed = await world.call('POST', `/api/reactions/${id}/resume`)
  assert.equal(resumed.body.state, 'active')
  assert.deepEqual(await states(), ['due', 'due', 'due'])
  assert.deepEqual(
    (await world.call('GET', `/api/reactions/${id}`)).body.recent.map((run: { state: string }) => run.state),
    ['due', 'due', 'due'],
  )
})

test('deleting a paused reaction cancels what it held back', async () => {
  const { id } = await make()
  await world.call('POST', `/api/reactions/${id}/pause`)
  const [runId] = await world.react(await world.event(), [id])
  assert.equal((await world.call('DELETE', `/api/reactions/${id}`)).status, 204)
  const run = await world.call('GET', `/api/runs/${runId}`)
  assert.deepEqual([run.body.state, run.body.label], ['cancelled', 'Cancelled by admin'])
  assert.match(run.body.reactionName, /^reaction-/)
  assert.equal((await world.call('GET', `/api/reactions/${id}`)).status, 404)
})

test('each move is for its states, and asked for twice changes nothing', async () => {
  const { id } = await make()
  const move = async (name: string) => {
    const { status, body } = await world.call('POST', `/api/reactions/${id}/${name}`)
    return status === 200 ? `${body.state} ${body.version}` : body.code
  }
  for (const [name, expected] of [
    ['resume', 'active 1'],
    ['enable', 'active 1'],
    ['pause', 'paused 2'],
    ['pause', 'paused 2'],
    ['enable', 'state-conflict'],
    ['disable', 'disabled 3'],
    ['pause', 'state-conflict'],
    ['resume', 'state-conflict'],
    ['enable', 'active 4'],
  ] as const)
    assert.equal(await move(name), expected, name)
})

test('lists go on from their cursor', async () => {
  const all = (await world.call('GET', '/api/reactions?limit=500')).body.items
  const first = (await world.call('GET', '/api/reactions?limit=1')).body
  const rest = (await world.call('GET', `/api/reactions?limit=500&cursor=${first.next}`)).body
  assert.deepEqual([...first.items, ...rest.items], all)
  assert.equal(rest.next, null)
  assert.equal(rest.total, all.length)
})

test('reactions are found by name, endpoint, kind, URL and description', async () => {
  await make({ name: 'tell-packers', trigger: { type: 'endpoint', endpoint: 'orders' } })
  await make({ name: 'page', filter: { kindNames: ['deploy.failed'] } }, { url: 'https://pager.test/v2' })
  const search = async (text: string) =>
    (await world.call('GET', `/api/reactions?limit=500&search=${text}`)).body.items.map(
      (item: { definition: { name: string } }) => item.definition.name,
    )
  assert.deepEqual(await search('PACKERS'), ['tell-packers'])
  assert.ok((await search('orders')).includes('tell-packers'))
  assert.deepEqual(await search('deploy.f'), ['page'])
  assert.deepEqual(await search('pager.test'), ['page'])
  assert.deepEqual(await search('pager.test+packers'), [])
})

test('a credential in a header is sealed and never shown, and dots keep the stored one', async () => {
  const headers = [
    { name: 'Authorization', value: 'Bearer written-into-it' },
    { name: 'X-Trace', value: 'shown' },
    { name: 'X-Api-Key', value: '{{.headers.key}}' },
  ]
  const { id, definition } = await make({}, { headers })
  assert.deepEqual(
    definition.action.headers.map(({ value }: { value: string }) => value),
    [mask, 'shown', '{{.headers.key}}'],
  )
  const stored = () =>
    JSON.stringify(world.services.configuration.reactions.get(id)?.definition.action.headers)
  assert.doesNotMatch(stored(), /written-into-it/)
  const put = await world.call('PUT', `/api/reactions/${id}`, definition)
  assert.equal(put.status, 200)
  const kept = await world.services.storage.query('findReaction', { reference: id })
  const sealed = JSON.parse(kept!.definition).action.headers[0].value
  assert.equal(world.services.sealer.open(sealed), 'Bearer written-into-it')
})
