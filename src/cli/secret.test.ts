import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { Failure } from './failure.ts'
import { promptHidden } from './prompt.ts'
import { run } from './testing/captured.ts'
import { startStandIn } from './testing/stand-in.ts'

const secret = {
  id: 'sec_1',
  name: 'TOKEN',
  team: null,
  hosts: ['api.example.com'],
  description: 'of the API',
  usedBy: [{ id: 'rea_1', name: 'mirror' }],
  changedBy: 'admin',
  createdAt: '2026-11-21T06:00:00.000Z',
  updatedAt: '2026-11-21T06:00:00.000Z',
  lastUsedAt: '2026-11-21T06:59:00.000Z',
}
const none = {
  status: 404,
  problem: { title: 'Not found', status: 404, code: 'not-found', detail: 'There is no secret' },
}

test('a value comes from standard input, without the line break at its end', async t => {
  const server = await startStandIn(t, { 'GET /api/secrets/TOKEN': none, 'POST /api/secrets': secret })
  const set = await run(['secret', 'set', 'TOKEN', '--host', 'api.example.com'], {
    server,
    stdin: 'line 1\nline 2\n',
  })
  assert.equal(set.code, 0, set.stderr)
  assert.deepEqual(server.received.at(-1)?.json, {
    name: 'TOKEN',
    value: 'line 1\nline 2',
    hosts: ['api.example.com'],
  })
  assert.equal(set.stdout, '{{secret "TOKEN"}}\n')
  assert.match(set.stderr, /it may be sent to api\.example\.com only/)
})

test('or from a file; one that exists is changed, and what is not given stays', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'secret-'))
  t.after(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'key.pem'), '-----BEGIN-----\nabc\n-----END-----\r\n')
  const server = await startStandIn(t, {
    'GET /api/secrets/TOKEN': secret,
    'PATCH /api/secrets/TOKEN': secret,
  })
  const changed = await run(['secret', 'set', 'TOKEN', '--from-file', 'key.pem'], { server, directory })
  assert.equal(changed.code, 0, changed.stderr)
  assert.deepEqual(server.received.at(-1)?.json, { value: '-----BEGIN-----\nabc\n-----END-----' })
  await run(['secret', 'set', 'TOKEN', '--keep-value', '--any-host', '--description', 'x'], { server })
  assert.deepEqual(server.received.at(-1)?.json, { hosts: [], description: 'x' })
})

test('without a value nothing is sent, and what can be done is said', async t => {
  const server = await startStandIn(t, { 'GET /api/secrets/TOKEN': none })
  for (const [args, reason] of [
    [[], /No value was given for TOKEN[^]*printf/],
    [['--keep-value'], /no secret TOKEN whose value could be kept/],
    [['--host', 'a', '--any-host'], /exclude each other/],
    [['--from-file', '/nowhere'], /\/nowhere cannot be read/],
  ] as const) {
    const { code, stderr } = await run(['secret', 'set', 'TOKEN', ...args], { server })
    assert.equal(code, 2)
    assert.match(stderr, reason)
  }
  const asArgument = await run(['secret', 'set', 'TOKEN', 'the-value'], { server })
  assert.equal(asArgument.code, 2, 'never as an argument')
  assert.ok(server.received.every(({ method }) => method === 'GET'))
})

test('lists and pages show all but the value', async t => {
  const server = await startStandIn(t, {
    'GET /api/secrets': { items: [secret] },
    'GET /api/secrets/TOKEN': secret,
  })
  const list = await run(['secret', 'list'], { server })
  for (const text of ['TOKEN', 'api.example.com', 'mirror', '1 min ago'])
    assert.ok(list.stdout.includes(text), list.stdout)
  const show = await run(['secret', 'show', 'TOKEN'], { server })
  assert.match(show.stdout, /May be sent to +api\.example\.com\n[^]*Named by +mirror\n/)
  assert.deepEqual(JSON.parse((await run(['secret', 'show', 'TOKEN', '--json'], { server })).stdout), secret)
})

test('at a keyboard the value is asked for, and not echoed', async () => {
  const stdin = new PassThrough()
  const stderr = new PassThrough()
  const terminal = { stdin, stderr } as never
  const asked = promptHidden('Value: ', terminal)
  stdin.write('s3cret\r')
  assert.equal(await asked, 's3cret')
  assert.equal(String(stderr.read()), 'Value: \n')

  const given = promptHidden('Value: ', { stdin: new PassThrough().end('\u0003'), stderr } as never)
  await assert.rejects(given, (error: unknown) => error instanceof Failure && error.details.exitCode === 130)
})
