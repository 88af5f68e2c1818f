import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from './testing/captured.ts'
import { endpoint } from './testing/examples.ts'
import { startStandIn } from './testing/stand-in.ts'

test('help names every command, and help of a command its options', async () => {
  const { code, stdout } = await run(['--help'])
  assert.equal(code, 0)
  for (const name of ['serve', 'endpoint', 'event', 'reaction', 'run', 'why', 'status', 'sign-in', 'open'])
    assert.match(stdout, new RegExp(`\n  ${name} `))
  assert.match((await run(['help', 'event', 'tail'])).stdout, /--from <cursor>/)
  assert.match((await run(['event', '--help'])).stdout, /tail .*follow events/)
})

test('wrong usage ends with 2 and says so', async () => {
  for (const args of [
    [],
    ['event'],
    ['evnt'],
    ['event', 'lst'],
    ['event', 'show'],
    ['event', 'list', '--nope'],
    ['event', 'list', '--limit', '0'],
    ['event', 'show', '..'],
  ]) {
    const { code, stdout, stderr } = await run(args, { server: { url: 'http://127.0.0.1:1', token: 't' } })
    assert.equal(code, 2, args.join(' '))
    assert.equal(stdout, '')
    assert.notEqual(stderr, '')
  }
  assert.match((await run(['evnt'])).stderr, /Did you mean event/)
})

test('a server that cannot be reached ends with 3', async context => {
  const server = await startStandIn(context, {})
  await server.close()
  const { code, stdout, stderr } = await run(['status', '--json'], { server })
  assert.equal(code, 3)
  assert.equal(stdout, '')
  assert.match(stderr, /Cannot reach http:\/\/127\.0\.0\.1:\d+ \(from SIGNALBOX_URL\): connect ECONNREFUSED/)
})

test('a token that is not known ends with 1 and says how to give one', async context => {
  const server = await startStandIn(context, {})
  const { code, stderr } = await run(['status', '--token', 'wrong'], { server })
  assert.equal(code, 1)
  assert.match(
    stderr,
    /Not signed in \(401 access\.unauthorized\)\n {2}The token is not known\.\n {2}→ Give an API key or the admin token: --token/,
  )
})

test('what there is not ends with 4', async context => {
  const server = await startStandIn(context, {})
  const { code, stderr } = await run(['endpoint', 'show', 'gone'], { server })
  assert.equal(code, 4)
  assert.match(stderr, /Not found \(404 not-found\)/)
})

test('an answer that is not of Signalbox says so', async context => {
  const server = await startStandIn(context, {
    'GET /api/status': { status: 502, text: '<h1>Bad gateway</h1>' },
    'GET /api/endpoints': { status: 200, text: '<h1>Welcome</h1>' },
    'GET /api/events': {
      status: 404,
      problem: {
        title: 'No such address',
        code: 'route.not-found',
        detail: 'There is nothing at GET /api/events',
      },
    },
    'GET /api/runs': { status: 302, headers: { location: 'https://signalbox.example.com/api/runs' } },
  })
  assert.match((await run(['status'], { server })).stderr, /answered 502, and not as Signalbox does/)
  const otherVersion = await run(['event', 'list'], { server })
  assert.equal(otherVersion.code, 1)
  assert.match(otherVersion.stderr, /does not know this command\n {2}There is nothing at GET/)
  assert.match((await run(['endpoint', 'list'], { server })).stderr, /did not answer with JSON/)
  assert.match(
    (await run(['run', 'list'], { server })).stderr,
    /redirects to https:\/\/signalbox\.example\.com/,
  )
})

test('names are encoded in the path', async context => {
  const server = await startStandIn(context, {})
  await run(['endpoint', 'show', 'a/../b?c#d'], { server })
  assert.equal(server.received[0]?.path, '/api/endpoints/a%2F..%2Fb%3Fc%23d')
})

test('global options stand before or after the command, and JSON is what the API said', async context => {
  const list = { items: [endpoint], next: null }
  const server = await startStandIn(context, { 'GET /api/endpoints': list })
  const before = await run(['--json', '--url', server.url, '--token', server.token, 'endpoint', 'list'])
  const after = await run(['endpoint', 'list', '--json', '--url', server.url, '--token', server.token])
  assert.equal(before.stdout, `${JSON.stringify(list)}\n`)
  assert.equal(after.stdout, before.stdout)
})

test('colours are for terminals that want them', async context => {
  const server = await startStandIn(context, { 'GET /api/endpoints': { items: [endpoint], next: null } })
  const colour = /\p{Cc}\[/u
  assert.match((await run(['endpoint', 'list'], { server, columns: 100 })).stdout, colour)
  assert.doesNotMatch((await run(['endpoint', 'list'], { server })).stdout, colour)
  assert.doesNotMatch(
    (await run(['endpoint', 'list', '--no-color'], { server, columns: 100 })).stdout,
    colour,
  )
  const environment = { NO_COLOR: '1' }
  assert.doesNotMatch((await run(['endpoint', 'list'], { server, columns: 100, environment })).stdout, colour)
})
