import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { run } from './testing/captured.ts'
import { reaction } from './testing/examples.ts'
import { startStandIn } from './testing/stand-in.ts'

const created = { 'POST /api/reactions': { status: 201, json: reaction } }

test('reaction create makes a definition from its options, and --url is the target here', async context => {
  const server = await startStandIn(context, created)
  const args = [
    'reaction',
    'create',
    '--endpoint',
    'orders',
    '--url',
    'https://hooks.example.com/in',
    '--header',
    'X-Team: a: b',
  ]
  const more = [
    '--where',
    'body.n > 1',
    '--retry',
    '5s,1m30s',
    '--sign',
    'whsec_abc',
    '--timeout',
    '10s',
    '--method',
    'put',
    '--no-extended-functions',
  ]
  const { code, stdout } = await run([...args, ...more], { server })
  assert.equal(code, 0)
  assert.deepEqual(server.received[0]?.json, {
    name: 'orders-to-hooks.example.com',
    trigger: { type: 'endpoint', endpoint: 'orders' },
    filter: { where: 'body.n > 1' },
    action: {
      type: 'http',
      url: 'https://hooks.example.com/in',
      method: 'PUT',
      headers: [{ name: 'X-Team', value: 'a: b' }],
      extendedFunctions: false,
      timeoutMs: 10_000,
      signingSecrets: ['whsec_abc'],
    },
    retry: { delaysMs: [5000, 90_000] },
  })
  assert.equal(stdout, 'Reaction mirror (version 2) is active\n')
})

test('the --url of the server stands before reaction create', async context => {
  const server = await startStandIn(context, created)
  const args = [
    '--url',
    server.url,
    'reaction',
    'create',
    'mirror',
    '--kind',
    'app',
    '--url',
    'http://target/',
    '--no-retry',
  ]
  const { code } = await run([...args, '--token', server.token])
  assert.equal(code, 0)
  assert.deepEqual(server.received[0]?.json, {
    name: 'mirror',
    trigger: { type: 'events' },
    filter: { kindNames: ['app'] },
    action: { type: 'http', url: 'http://target/' },
    retry: { delaysMs: [] },
  })
})

test('reaction create pairs targets by type, and takes a body from a file', async context => {
  const server = await startStandIn(context, created)
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-cli-'))
  writeFileSync(join(directory, 'body.tmpl'), '{"n": {{ .body.n }}}')
  const args = [
    'reaction',
    'create',
    'x',
    '--target',
    'app:a',
    '--target',
    'app:b',
    '--target',
    'web',
    '--outcome',
    'error',
  ]
  const { code } = await run([...args, '--url', 'http://t/', '--body', '@body.tmpl'], { server, directory })
  assert.equal(code, 0)
  const sent = server.received[0]?.json as { filter: object; action: object }
  assert.deepEqual(sent.filter, { outcome: 'error', targetValues: ['web'], targets: { app: ['a', 'b'] } })
  assert.deepEqual(sent.action, {
    type: 'http',
    url: 'http://t/',
    bodyFrom: 'template',
    body: '{"n": {{ .body.n }}}',
  })
})

test('reaction create says what is missing', async () => {
  const withoutUrl = await run(['reaction', 'create', '--endpoint', 'orders'])
  assert.equal(withoutUrl.code, 2)
  assert.match(withoutUrl.stderr, /needs a --url/)
  const withoutTrigger = await run(['reaction', 'create', '--url', 'http://t/'])
  assert.equal(withoutTrigger.code, 2)
  assert.match(withoutTrigger.stderr, /Give --endpoint for requests, or --kind/)
  assert.equal(
    (await run(['reaction', 'create', '--url', 'http://t/', '--kind', 'a', '--retry', 'soon'])).code,
    2,
  )
})

test('reaction create --pause holds the new reaction', async context => {
  const server = await startStandIn(context, {
    ...created,
    'POST /api/reactions/rea_1/pause': { ...reaction, state: 'paused' },
  })
  const { stdout } = await run(['reaction', 'create', '--kind', 'a', '--url', 'http://t/', '--pause'], {
    server,
  })
  assert.match(stdout, /is paused/)
})

test('reaction create from a YAML file names the line of what the server refuses', async context => {
  const problem = {
    title: 'The reaction is not valid',
    status: 422,
    code: 'reaction.invalid',
    detail: '/action/url unclosed action (and 1 more)',
    errors: [
      { path: '/action/url', message: 'unclosed action', line: 1, column: 9 },
      { path: '/filter/where', message: 'must be given' },
    ],
  }
  const server = await startStandIn(context, { 'POST /api/reactions': { status: 422, problem } })
  const stdin = 'name: mirror\ntrigger:\n  type: events\naction:\n  type: http\n  url: http://{{ x\n'
  const { code, stdout, stderr } = await run(['reaction', 'create', '--file', '-'], { server, stdin })
  assert.equal(code, 1)
  assert.equal(stdout, '')
  assert.deepEqual(stderr.trimEnd().split('\n'), [
    'signalbox: The reaction is not valid (422 reaction.invalid)',
    '  stdin:6:8 /action/url:1:9: unclosed action',
    '  stdin /filter/where: must be given',
  ])
  const json = await run(['reaction', 'create', '--file', '-', '--json'], { server, stdin })
  assert.equal(json.stdout, `${JSON.stringify(problem)}\n`)
})

test('a file that is no YAML is refused with line and column before anything is sent', async context => {
  const server = await startStandIn(context, created)
  const { code, stderr } = await run(['reaction', 'create', '--file', '-'], {
    server,
    stdin: 'name: a\nfilter: [\n',
  })
  assert.equal(code, 2)
  assert.match(stderr, /stdin:\d+:\d+: /)
  assert.equal(server.received.length, 0)
})

test('reaction list shows how the last runs went', async context => {
  const server = await startStandIn(context, { 'GET /api/reactions': { items: [reaction], next: null } })
  const { stdout } = await run(['reaction', 'list'], { server })
  assert.match(
    stdout,
    /\nmirror +active +endpoint orders +✓✗ +1 h ago +POST https:\/\/hooks\.example\.com\/in\n$/,
  )
})

test('reaction show prints it, and --yaml gives a file that edit takes', async context => {
  const server = await startStandIn(context, {
    'GET /api/reactions/mirror': reaction,
    'PUT /api/reactions/mirror': reaction,
  })
  const shown = await run(['reaction', 'show', 'mirror'], { server })
  assert.match(shown.stdout, /Tries again +after 5 s\n/)
  const { stdout: yaml } = await run(['reaction', 'show', 'mirror', '--yaml'], { server })
  assert.deepEqual(parse(yaml), reaction.definition)
  const edited = await run(['reaction', 'edit', 'mirror', '-f', '-'], { server, stdin: yaml })
  assert.equal(edited.code, 0)
  assert.deepEqual(server.received.at(-1)?.json, reaction.definition)
})

test('reaction test shows the request that would be sent', async context => {
  const request = { method: 'POST', url: 'http://t/', headers: [['x-a', '1']], body: '{"n":1}', bodyBytes: 7 }
  const server = await startStandIn(context, {
    'POST /api/reactions/test': { verdict: { fires: true, code: null, reason: null }, request, errors: [] },
  })
  const { code, stdout } = await run(['reaction', 'test', 'mirror', '--event', 'evt_1'], { server })
  assert.equal(code, 0)
  assert.deepEqual(server.received[0]?.json, { reaction: 'mirror', event: 'evt_1' })
  assert.equal(stdout, 'It would fire.\n\nIt would send POST http://t/\n  x-a: 1\n\n  {"n":1}\n')
})

test('reaction test of a file ends with 1 when a template cannot be rendered', async context => {
  const errors = [{ path: '/action/body', message: 'no such function', line: 1, column: 4 }]
  const server = await startStandIn(context, {
    'POST /api/reactions/test': {
      verdict: { fires: false, code: 'filter.kind-name', reason: 'No' },
      request: null,
      errors,
    },
  })
  const stdin = '{"name": "x",\n "action": {"body": "{{ f }}"}}'
  const { code, stdout, stderr } = await run(['reaction', 'test', '--file', '-', '--event', 'evt_1'], {
    server,
    stdin,
  })
  assert.equal(code, 1)
  assert.deepEqual(server.received[0]?.json, { definition: JSON.parse(stdin), event: 'evt_1' })
  assert.equal(stdout, 'It would not fire: No (filter.kind-name)\n')
  assert.equal(stderr, 'error: stdin:2:21 /action/body:1:4: no such function\n')
})

test('reaction create begins with a pasted line, and asks what starts it', async context => {
  const definition = { action: { type: 'http', url: 'https://x.example/', method: 'PUT' } }
  const server = await startStandIn(context, {
    'POST /api/reactions/from-line': { definition, notes: ['--retry is left out.'] },
    'POST /api/reactions': reaction,
  })
  const line = 'curl -XPUT https://x.example/'
  const made = await run(['reaction', 'create', '--paste', line, '--endpoint', 'orders'], { server })
  assert.equal(made.code, 0, made.stderr)
  assert.match(made.stderr, /--retry is left out/)
  assert.deepEqual(server.received[0]?.json, { line })
  assert.deepEqual(server.received[1]?.json, {
    ...definition,
    name: 'orders-to-x.example',
    trigger: { type: 'endpoint', endpoint: 'orders' },
  })
  assert.equal((await run(['reaction', 'create', '--paste', line], { server })).code, 2)
})

test('reaction backtest counts on until all of the time was looked at', async context => {
  const page = { since: '2026-11-14T06:50:00Z', events: [], errors: [] }
  const reasons = [{ code: 'filter.where', count: 3 }]
  const answers = [
    { ...page, looked: 5, fires: 2, reasons, searchedTo: '2026-11-20T06:50:00Z', next: 'c2' },
    { ...page, looked: 4, fires: 1, reasons, searchedTo: null, next: null },
  ]
  const server = await startStandIn(context, { 'POST /api/reactions/backtest': () => answers.shift() })
  const { code, stdout, stderr } = await run(['reaction', 'backtest', 'mirror', '--since', '7d'], { server })
  assert.equal(code, 0)
  assert.equal((server.received[0]!.json as { reaction: string }).reaction, 'mirror')
  assert.equal((server.received[1]!.json as { cursor: string }).cursor, 'c2')
  assert.match(stderr, /Looked back to /)
  assert.match(
    stdout,
    /it would have fired 3 times, on 9 events that it looks at\.\n {2}6 not: filter\.where\n/,
  )
  assert.equal((await run(['reaction', 'backtest'], { server })).code, 2)
})

for (const [verb, state] of [
  ['pause', 'paused'],
  ['resume', 'active'],
  ['enable', 'active'],
  ['disable', 'disabled'],
] as const) {
  test(`reaction ${verb} says how the reaction stands`, async context => {
    const server = await startStandIn(context, {
      [`POST /api/reactions/mirror/${verb}`]: { ...reaction, state },
    })
    assert.equal(
      (await run(['reaction', verb, 'mirror'], { server })).stdout,
      `Reaction mirror (version 2) is ${state}\n`,
    )
  })
}

test('reaction delete is silent with --quiet', async context => {
  const server = await startStandIn(context, { 'DELETE /api/reactions/mirror': { status: 204 } })
  assert.deepEqual(await run(['reaction', 'delete', 'mirror', '--quiet'], { server }), {
    code: 0,
    stdout: '',
    stderr: '',
  })
})
