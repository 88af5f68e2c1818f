import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { run } from './testing/captured.ts'
import { startStandIn } from './testing/stand-in.ts'

const hook = (name: string, set: object = {}) => ({
  name,
  description: '',
  team_owner: '',
  event_filter: {
    target_types: null,
    target_values: null,
    kind_types: null,
    kind_names: ['app.deploy'],
    error_only: false,
    success_only: false,
  },
  url: 'http://me',
  proxy_url: '',
  headers: { Authorization: ['Bearer theirs'] },
  method: '',
  body: '',
  insecure: false,
  ...set,
})

const asStored = (given: ReturnType<typeof hook>, set: object = {}) => ({
  ...given,
  event_filter: { ...given.event_filter, target_types: [], target_values: [], kind_types: [] },
  ...set,
})

async function tsuruWith(context: TestContext, hooks: object[]): Promise<{ url: string; home: string }> {
  const server = createServer((request, response) => {
    if (request.headers.authorization !== 'bearer theirs') return response.writeHead(401).end('no\n')
    return response.writeHead(200).end(JSON.stringify(hooks))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const home = mkdtempSync(join(tmpdir(), 'signalbox-tsuru-'))
  context.after(() => {
    server.close()
    rmSync(home, { recursive: true })
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  mkdirSync(join(home, '.tsuru', 'token.d'), { recursive: true })
  writeFileSync(join(home, '.tsuru', 'targets'), `other\thttp://127.0.0.1:1\ncloud\t${url}\n`)
  writeFileSync(join(home, '.tsuru', 'token.d', 'cloud'), 'theirs\n')
  return { url, home }
}

test('import tsuru makes what is not here, leaves what is, and says what differs', async context => {
  const [fresh, same, other] = [hook('fresh', { team_owner: 'core' }), hook('same'), hook('other')]
  const { home } = await tsuruWith(context, [fresh, same, other])
  const server = await startStandIn(context, {
    'GET /1.6/events/webhooks/same': asStored(same),
    'GET /1.6/events/webhooks/other': asStored(other, { url: 'http://you', headers: {} }),
    'POST /1.6/events/webhooks': {},
    'PUT /1.6/events/webhooks/other': {},
  })
  const environment = { HOME: home }
  const sent = () => server.received.filter(({ method }) => method !== 'GET')

  const dry = await run(['import', 'tsuru', 'cloud', '--dry-run', '--update'], { server, environment })
  assert.equal(dry.code, 0, dry.stderr)
  assert.match(dry.stdout, /fresh +made/)
  assert.match(dry.stdout, /other +changed +url headers/)
  assert.equal(sent().length, 0)

  const done = await run(['import', 'tsuru', 'cloud'], { server, environment })
  assert.match(done.stdout, /fresh +made .*fires here for events of core alone/)
  assert.match(done.stdout, /same +same/)
  assert.match(done.stdout, /other +differs +url headers/)
  assert.match(done.stderr, /--update/)
  assert.doesNotMatch(done.stdout + done.stderr, /theirs/)
  const [made, ...more] = sent()
  assert.equal(more.length, 0)
  assert.ok(made)
  assert.deepEqual((made.json as { headers: object }).headers, { Authorization: ['Bearer theirs'] })

  const updated = await run(['import', 'tsuru', 'cloud', '--update', '--only', 'other', '--json'], {
    server,
    environment,
  })
  assert.deepEqual(JSON.parse(updated.stdout).items, [
    { name: 'other', outcome: 'changed', differences: ['url', 'headers'], note: '' },
  ])
  assert.equal(sent().at(-1)?.method, 'PUT')
})

test('import tsuru says which target or token is missing, and what the server refused', async context => {
  const { url, home } = await tsuruWith(context, [])
  const server = await startStandIn(context, {})
  const asked = (args: string[], environment: Record<string, string> = {}) =>
    run(['import', 'tsuru', ...args], { server, environment: { HOME: home, ...environment } })
  const unknown = await asked([])
  assert.equal(unknown.code, 2)
  assert.match(unknown.stderr, /Name a target \(other, cloud\)/)
  assert.match((await asked(['other'])).stderr, /No token for http:\/\/127\.0\.0\.1:1 was found/)
  const refused = await asked(['--from-url', url, '--from-token', 'wrong'])
  assert.equal(refused.code, 3)
  assert.match(refused.stderr, /could not be read: 401 no/)
  const missing = await asked(['--only', 'nope'], { TSURU_TARGET: 'cloud' })
  assert.equal(missing.code, 4)
  assert.match(missing.stderr, /has no webhook nope/)
})
