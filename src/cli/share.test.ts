import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from './testing/captured.ts'
import { startStandIn } from './testing/stand-in.ts'

test('share create prints the link, and share end ends one', async context => {
  const share = {
    id: 'sh_1',
    eventId: 'evt_1',
    redact: ['body.a'],
    actor: 'admin',
    expiresAt: '2026-11-22T06:50:00Z',
  }
  const server = await startStandIn(context, {
    'POST /api/events/evt_1/shares': { ...share, url: 'http://hub/shared#sb_share_x' },
    'GET /api/shares': {
      items: [{ ...share, revokedAt: '2026-11-21T06:50:00Z', revokedBy: 'ada' }],
      next: null,
    },
    'DELETE /api/shares/sh_1': share,
  })
  const made = await run(['share', 'create', 'evt_1', '--for', '2h', '--redact', 'body.a'], { server })
  assert.equal(made.stdout, 'http://hub/shared#sb_share_x\n')
  assert.match(made.stderr, /opens until 2026-11-22T06:50:00Z/)
  assert.deepEqual(server.received[0]?.json, { redact: ['body.a'], lastsMs: 7_200_000 })
  assert.match((await run(['share', 'list'], { server })).stdout, /sh_1 +evt_1 +ended by ada +admin +body\.a/)
  assert.equal((await run(['share', 'end', 'sh_1'], { server })).stderr, 'Share sh_1 is ended.\n')
})
