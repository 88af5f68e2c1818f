import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Status } from './shapes.ts'
import { run } from './testing/captured.ts'
import { startStandIn } from './testing/stand-in.ts'

const status: Status = {
  version: '0.1.0',
  startedAt: '2026-11-21T05:00:00.000Z',
  listening: 'http://127.0.0.1:4620',
  durability: 'fsynced here',
  dataDirectory: '/var/lib/signalbox',
  storage: { ok: false, reason: 'the disk is full' },
  waiting: { due: 2, held: 1 },
  lanes: [
    {
      lane: 'https://a.example',
      underWay: 1,
      waitingHere: 4,
      breaker: 'open',
      opensAt: '2026-11-21T07:00:20.000Z',
      failuresInARow: 5,
    },
  ],
  visitors: { allowed: true, reason: 'loopback only' },
}

test('status shows what a 202 means, whether storage works, and each lane', async context => {
  const server = await startStandIn(context, { 'GET /api/status': status })
  const { code, stdout } = await run(['status'], { server })
  assert.equal(code, 0)
  assert.match(stdout, /A 202 means +fsynced here\n/)
  assert.match(stdout, /Storage +the disk is full\n/)
  assert.match(stdout, /https:\/\/a\.example +1 +4 +5 +open +in 20 s\n/)
})

test('sign-in tells the server, who one is, and where that was found', async context => {
  const server = await startStandIn(context, { 'GET /api/session': { signedIn: true, actor: 'admin' } })
  const { code, stdout } = await run(['sign-in'], { server })
  assert.equal(code, 0)
  assert.equal(
    stdout,
    `Server        ${server.url} (from SIGNALBOX_URL)\nSigned in as  admin (token from SIGNALBOX_TOKEN)\n`,
  )
})

test('sign-in ends with 1 when the server does not know the token', async context => {
  const server = await startStandIn(context, { 'GET /api/session': { signedIn: false, actor: null } })
  const { code, stderr } = await run(['sign-in'], { server })
  assert.equal(code, 1)
  assert.match(stderr, /does not know the token from SIGNALBOX_TOKEN/)
})

test('open prints a link that signs a browser in', async context => {
  const url = 'http://127.0.0.1:4620/sign-in#once'
  const server = await startStandIn(context, {
    'POST /api/session/link': { status: 201, json: { url, expiresAt: '2026-11-21T07:15:00.000Z' } },
  })
  const { code, stdout, stderr } = await run(['open'], { server })
  assert.equal(code, 0)
  assert.equal(stdout, `${url}\n`)
  assert.match(stderr, /expires in 15 min/)
})
