import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { run, start } from './testing/captured.ts'
import { endpoint, event, eventSummary, runSummary } from './testing/examples.ts'
import { startStandIn } from './testing/stand-in.ts'

test('event list passes the filter on and prints a table', async context => {
  const server = await startStandIn(context, {
    'GET /api/events': { items: [eventSummary], next: null, searchedTo: null },
  })
  const args = [
    'event',
    'list',
    '--kind',
    'a',
    '--kind',
    'b.c',
    '--target',
    'app:billing',
    '--since',
    '2h',
    '--limit',
    '5',
  ]
  const { code, stdout, stderr } = await run(args, { server })
  assert.equal(code, 0)
  const { searchParams } = new URL(server.received[0]?.path ?? '', server.url)
  assert.deepEqual(
    [...searchParams].sort(([a], [b]) => a.localeCompare(b)),
    [
      ['kind', 'a'],
      ['kind', 'b.c'],
      ['limit', '5'],
      ['since', '2026-11-21T05:00:00.000Z'],
      ['target', 'app:billing'],
    ],
  )
  assert.match(stdout, /\n30 s ago +evt_1 +webhook\.received +endpoint:orders +\{"order":"7"\}\n$/)
  assert.equal(stderr, '')
})

test('event list searches on where an answer ran out of time, and says how far back it is', async context => {
  const searchedTo = '2026-11-20T00:00:00.000Z'
  const server = await startStandIn(context, {
    'GET /api/events': ({ path }) =>
      path.includes('cursor=c2')
        ? { items: [eventSummary], next: null, searchedTo: null }
        : { items: [], next: 'c2', searchedTo },
  })
  const { code, stdout, stderr } = await run(['event', 'list', '--where', 'body.a > 1'], { server })
  assert.equal(code, 0)
  assert.match(server.received[0]!.path, /where=body\.a/)
  assert.match(stdout, /evt_1/)
  assert.match(stderr, /^Searched back to 2026-11-\d\d \d\d:00:00, found 0…\n$/)
})

test('Ctrl-C ends a search, keeps what was found and says where it goes on', async context => {
  const searchedTo = '2026-11-20T00:00:00.000Z'
  const server = await startStandIn(context, {
    'GET /api/events': ({ path }) => {
      if (path.includes('cursor=c2')) searching.interrupt()
      const isFirst = !path.includes('cursor=')
      return { items: isFirst ? [eventSummary] : [], next: isFirst ? 'c2' : 'c3', searchedTo }
    },
  })
  const searching = start(['event', 'list', '--text', 'x'], { server })
  const { code, stdout, stderr } = await searching.ended
  assert.equal(code, 130)
  assert.match(stdout, /evt_1/)
  assert.match(stderr, /There is more: --cursor c3\nStopped\. Searched back to /)
})

test('event show prints request, body and runs, and its JSON is what the API said', async context => {
  const server = await startStandIn(context, { 'GET /api/events/evt_1': event })
  const { code, stdout } = await run(['event', 'show', 'evt_1'], { server })
  assert.equal(code, 0)
  assert.match(stdout, /Request +POST \/hooks\/orders\?a=1\n/)
  assert.match(stdout, / {2}user-agent: curl\/8\n/)
  assert.match(stdout, /\n {2}\{"order":"7"\}\n/)
  assert.match(stdout, /r_1 +failed +mirror/)
  const json = await run(['event', 'show', 'evt_1', '--json'], { server })
  assert.equal(json.stdout, `${JSON.stringify(event)}\n`)
})

test('event show --body gives the bytes to a pipe, and escapes them for a terminal', async context => {
  const text = 'a\u001b]0;owned\u0007\nb'
  const server = await startStandIn(context, { 'GET /api/events/evt_1/body': { status: 200, text } })
  assert.equal((await run(['event', 'show', 'evt_1', '--body'], { server })).stdout, text)
  const shown = await run(['event', 'show', 'evt_1', '--body'], { server, columns: 80 })
  assert.equal(shown.stdout, '  a\\x1b]0;owned\\x07\n  b\n')
})

test('event show lists the parts of a multipart body by number and --part gives the bytes of one', async context => {
  const part = { name: 'photo', filename: 'a\u001b.png', contentType: 'image/png', bytes: 3, text: null }
  const upload = { ...event, body: { ...event.body, parts: [part] } }
  const server = await startStandIn(context, {
    'GET /api/events/evt_1': upload,
    'GET /api/events/evt_1/parts/0': { status: 200, text: 'PNG' },
  })
  const shown = await run(['event', 'show', 'evt_1'], { server })
  assert.match(shown.stdout, /part 0: photo, a\\x1b\.png, image\/png, 3 bytes/)
  assert.equal((await run(['event', 'show', 'evt_1', '--part', '0'], { server })).stdout, 'PNG')
  assert.equal((await run(['event', 'show', 'evt_1', '--part', '-1'], { server })).code, 2)
})

test('event send makes a platform event from its options', async context => {
  const server = await startStandIn(context, {
    'POST /api/events': { status: 202, json: { events: [{ id: 'evt_9', duplicate: false }] } },
  })
  const args = [
    'event',
    'send',
    '--kind',
    'deployment.failed',
    '--target',
    'app:billing',
    '--target',
    'environment:eu:1',
  ]
  const { code, stdout, stderr } = await run(
    [...args, '--owner', 'user:ada', '--error', 'exit 1', '--data', '-', '--delivery-id', 'd1'],
    {
      server,
      stdin: '{"n": 1}',
    },
  )
  assert.equal(code, 0)
  assert.deepEqual(server.received[0]?.json, {
    kind: 'deployment.failed',
    targets: [
      { type: 'app', value: 'billing' },
      { type: 'environment', value: 'eu:1' },
    ],
    owner: { type: 'user', name: 'ada' },
    error: 'exit 1',
    data: { n: 1 },
    deliveryId: 'd1',
  })
  assert.equal(stdout, 'evt_9\n')
  assert.match(stderr, /signalbox why evt_9/)
})

test('event send refuses data that is no JSON, and names the file', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-cli-'))
  writeFileSync(join(directory, 'data.json'), '{"n": ')
  const server = { url: 'http://127.0.0.1:1', token: 't' }
  const { code, stderr } = await run(['event', 'send', '--kind', 'a.b', '--data', '@data.json'], {
    server,
    directory,
  })
  assert.equal(code, 2)
  assert.match(stderr, /data\.json is not JSON/)
  const missing = await run(['event', 'send', '--kind', 'a.b', '--data', '@gone.json'], { server, directory })
  assert.equal(missing.code, 2)
  assert.match(missing.stderr, /gone\.json cannot be read/)
})

test('event send --endpoint sends a request with the token of the endpoint', async context => {
  const server = await startStandIn(context, {
    'GET /api/endpoints/orders': endpoint,
    'POST /data': { status: 202, json: { id: 'evt_5' } },
  })
  const args = [
    'event',
    'send',
    '--endpoint',
    'orders',
    '--data',
    'plain text',
    '--header',
    'X-Order: 7: seven',
  ]
  const { code, stdout } = await run(args, { server })
  assert.equal(code, 0)
  assert.equal(stdout, 'evt_5\n')
  const sent = server.received[1]
  assert.equal(sent?.body, 'plain text')
  assert.equal(sent?.headers.authorization, 'Bearer sbs_send-token')
  assert.equal(sent?.headers['content-type'], 'text/plain; charset=utf-8')
  assert.equal(sent?.headers['x-order'], '7: seven')
})

test('event send refuses options that do not go together', async context => {
  const server = await startStandIn(context, {})
  const mixed = await run(['event', 'send', '--endpoint', 'orders', '--delivery-id', 'd'], { server })
  assert.equal(mixed.code, 2)
  assert.match(mixed.stderr, /--delivery-id does not go with --endpoint/)
  assert.equal((await run(['event', 'send', '--kind', 'a', '--content-type', 'x/y'], { server })).code, 2)
  assert.equal((await run(['event', 'send'], { server })).code, 2)
  assert.equal(server.received.length, 0)
})

test('event replay shows the new runs, or why there are none', async context => {
  let runs = [runSummary]
  const verdict = {
    reactionId: 'rea_1',
    reactionName: 'mirror',
    version: 1,
    fires: false,
    held: false,
    code: 'filter.where',
    reason: 'The expression is false: x',
    runId: null,
  }
  const server = await startStandIn(context, {
    'POST /api/events/evt_1/replay': () => ({
      status: 201,
      json: { occasion: 'occ_1', runs, verdicts: [verdict] },
    }),
  })
  const replayed = await run(['event', 'replay', 'evt_1', '--reaction', 'mirror'], { server })
  assert.equal(replayed.code, 0)
  assert.deepEqual(server.received[0]?.json, { reaction: 'mirror' })
  assert.match(replayed.stdout, /r_1 +failed/)
  runs = []
  const none = await run(['event', 'replay', 'evt_1'], { server })
  assert.match(
    none.stdout,
    /No reaction fired\.\n✗ mirror did not fire: The expression is false: x \(filter\.where\)\./,
  )
})

test('event resend sends the edited parts', async context => {
  const server = await startStandIn(context, {
    'POST /api/events/evt_1/resend': { status: 201, json: { id: 'evt_2' } },
  })
  const args = [
    'event',
    'resend',
    'evt_1',
    '--data',
    '{}',
    '--content-type',
    'application/json',
    '--header',
    'X-A: 1',
  ]
  assert.deepEqual(await run(args, { server }), { code: 0, stdout: 'evt_2\n', stderr: '' })
  assert.deepEqual(server.received[0]?.json, {
    body: '{}',
    contentType: 'application/json',
    headers: { 'X-A': '1' },
  })
})
