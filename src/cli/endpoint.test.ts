import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from './testing/captured.ts'
import { endpoint } from './testing/examples.ts'
import { startStandIn } from './testing/stand-in.ts'

test('endpoint create sends only what was given and shows the curl line', async context => {
  const server = await startStandIn(context, { 'POST /api/endpoints': { status: 201, json: endpoint } })
  const { code, stdout, stderr } = await run(
    [
      'endpoint',
      'create',
      'orders',
      '--method',
      'post',
      '--path',
      '/hooks/orders',
      '--delivery-header',
      'X-Id',
    ],
    { server },
  )
  assert.equal(code, 0)
  assert.deepEqual(server.received[0]?.json, {
    name: 'orders',
    methods: ['POST'],
    path: '/hooks/orders',
    deliveryId: { header: 'X-Id' },
  })
  assert.match(server.received[0]?.headers['idempotency-key']?.toString() ?? '', /^[0-9a-f-]{36}$/)
  assert.match(stdout, /Send\s+curl -d '\{\}' http:/)
  assert.match(stderr, /event tail --endpoint orders/)
})

test('endpoint create takes a file, and options change what it says', async context => {
  const server = await startStandIn(context, { 'POST /api/endpoints': { status: 201, json: endpoint } })
  const stdin = 'kindName: order.placed\nauthentication:\n  - type: github\n    secrets: [s3cret]\n'
  const { code, stdout } = await run(['endpoint', 'create', '-f', '-', '--kind', 'order.paid', '--quiet'], {
    server,
    stdin,
  })
  assert.equal(code, 0)
  assert.deepEqual(server.received[0]?.json, {
    kindName: 'order.paid',
    authentication: [{ type: 'github', secrets: ['s3cret'] }],
  })
  assert.equal(stdout, 'orders\n')
})

test('endpoint list is a table, and says when there is more', async context => {
  const server = await startStandIn(context, { 'GET /api/endpoints': { items: [endpoint], next: 'c2' } })
  const { code, stdout, stderr } = await run(['endpoint', 'list', '--limit', '1'], { server })
  assert.equal(code, 0)
  assert.equal(server.received[0]?.path, '/api/endpoints?limit=1')
  assert.match(
    stdout,
    /^NAME +STATE +KIND +LAST EVENT +TURNED AWAY +URL\norders +active +webhook\.received +30 s ago +3 +http/,
  )
  assert.match(stderr, /--cursor c2/)
})

test('endpoint list reads page after page, and with --json they are one document', async context => {
  const pages: Record<string, object> = {
    '': { items: [endpoint], next: 'c2', total: 3 },
    c2: { items: [{ ...endpoint, name: 'second' }], next: 'c3', total: 3 },
    c3: { items: [{ ...endpoint, name: 'third' }], next: null, total: 3 },
  }
  const server = await startStandIn(context, {
    'GET /api/endpoints': ({ path }) =>
      pages[new URL(path, 'http://a').searchParams.get('cursor') ?? ''] ?? { status: 400, problem: {} },
  })
  const { stdout, stderr } = await run(['endpoint', 'list', '--quiet', '--search', 'or d'], { server })
  assert.equal(stdout, 'orders\nsecond\nthird\n')
  assert.equal(stderr, '')
  assert.deepEqual(
    server.received.map(({ path }) => path),
    ['', '&cursor=c2', '&cursor=c3'].map(cursor => `/api/endpoints?search=or+d&limit=500${cursor}`),
  )
  const json = JSON.parse((await run(['endpoint', 'list', '--json'], { server })).stdout)
  assert.deepEqual(
    [json.items.map(({ name }: { name: string }) => name), json.next, json.total],
    [['orders', 'second', 'third'], null, 3],
  )
  const one = await run(['endpoint', 'list', '--limit', '1'], { server })
  assert.match(one.stderr, /There is more \(1 of 3\): --cursor c2/)
})

test('endpoint list says which search found nothing', async context => {
  const server = await startStandIn(context, { 'GET /api/endpoints': { items: [], next: null, total: 0 } })
  const { code, stderr } = await run(['endpoint', 'list', '--search', 'habor'], { server })
  assert.equal(code, 0)
  assert.match(stderr, /No endpoint matches "habor"\./)
  assert.match((await run(['endpoint', 'list'], { server })).stderr, /No endpoint yet/)
})

test('endpoint show tells what was turned away', async context => {
  const server = await startStandIn(context, { 'GET /api/endpoints/orders': endpoint })
  const { code, stdout } = await run(['endpoint', 'show', 'orders'], { server })
  assert.equal(code, 0)
  assert.match(stdout, /Turned away 3 requests, last 2 min ago from 10\.0\.0\.9: signature/)
})

test('endpoint edit changes the given fields alone', async context => {
  const server = await startStandIn(context, { 'PATCH /api/endpoints/orders': endpoint })
  assert.equal((await run(['endpoint', 'edit', 'orders', '--disable', '--name', 'old'], { server })).code, 0)
  assert.deepEqual(server.received[0]?.json, { name: 'old', state: 'disabled' })
  const nothing = await run(['endpoint', 'edit', 'orders'], { server })
  assert.equal(nothing.code, 2)
  assert.match(nothing.stderr, /Nothing to change/)
})

test('endpoint delete says so, on stderr', async context => {
  const server = await startStandIn(context, { 'DELETE /api/endpoints/orders': { status: 204 } })
  assert.deepEqual(await run(['endpoint', 'delete', 'orders'], { server }), {
    code: 0,
    stdout: '',
    stderr: 'Endpoint orders is deleted.\n',
  })
})

test('endpoint rotate-token prints the new token', async context => {
  const server = await startStandIn(context, {
    'POST /api/endpoints/orders/token': { token: 'sbs_new', curl: 'curl -H x' },
  })
  assert.equal((await run(['endpoint', 'rotate-token', 'orders', '--quiet'], { server })).stdout, 'sbs_new\n')
})

test('a provider and its secret make the authentication of an endpoint', async context => {
  const server = await startStandIn(context, { 'POST /api/endpoints': { status: 201, json: endpoint } })
  const create = (line: string) => run(['endpoint', 'create', ...line.split(' ')], { server })
  await create('--provider shopify --secret one --secret two')
  await create('--provider twilio --secret t --sender-url https://hooks.example.com')
  await create('--provider gitlab --secret whsec_dGVzdA==')
  assert.deepEqual(
    server.received.map(({ json }) => json),
    [
      { authentication: [{ type: 'shopify', secrets: ['one', 'two'] }] },
      { authentication: [{ type: 'twilio', secrets: ['t'], url: 'https://hooks.example.com' }] },
      { authentication: [{ type: 'gitlab', signingTokens: ['whsec_dGVzdA=='] }] },
    ],
  )
  const github = { ...endpoint, authentication: [{ type: 'github' as const, secrets: ['•••'] }] }
  const told = await startStandIn(context, { 'POST /api/endpoints': { status: 201, json: github } })
  const { stdout } = await run('endpoint create orders --provider github --secret s'.split(' '), {
    server: told,
  })
  assert.match(stdout, /At GitHub +Repository or organization → Settings → Webhooks → Add webhook/)
  assert.match(stdout, /The URL +Payload URL\nThe secret +into Secret, the same as here/)
  for (const line of ['--provider nobody --secret s', '--secret s', '--provider github']) {
    const { code, stderr } = await create(line)
    assert.equal(code, 2, line)
    assert.match(stderr, /provider|secret/)
  }
})
