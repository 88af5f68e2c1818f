import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from './testing/captured.ts'
import { startStandIn } from './testing/stand-in.ts'

const row = {
  id: 'aud_1',
  time: '2026-11-21T06:50:00.000Z',
  actor: 'user:ada@example.com',
  by: 'session',
  from: '192.0.2.7',
  userAgent: 'curl/8',
  action: 'reaction.update',
  outcome: 'done',
  detail: '',
  subject: { kind: 'reaction', id: 'rea_1', name: 'notify' },
  changed: ['/definition/action/url'],
}

test('audit list asks for what is meant, and shows who changed what', async context => {
  const server = await startStandIn(context, { 'GET /api/audit': { items: [row], next: null } })
  const { stdout } = await run(['audit', 'list', '--action', 'reaction', '--actor', row.actor], { server })
  assert.match(
    stdout,
    /aud_1 .* user:ada@example\.com +192\.0\.2\.7 +reaction\.update +reaction notify +\/definition/,
  )
  assert.match(server.received[0]!.path, /action=reaction/)
})

test('audit show shows what was before and after', async context => {
  const whole = { ...row, before: { state: 'active' }, after: { state: 'paused' } }
  const server = await startStandIn(context, { 'GET /api/audit/aud_1': whole })
  const { stdout } = await run(['audit', 'show', 'aud_1'], { server })
  assert.match(stdout, /by user:ada@example\.com \(session\) from 192\.0\.2\.7 with curl\/8/)
  assert.match(stdout, /before: \{[\s\S]*"active"[\s\S]*after: \{[\s\S]*"paused"/)
})

test('audit export writes the file as it comes', async context => {
  const server = await startStandIn(context, { 'GET /api/audit/export': row })
  const { stdout } = await run(['audit', 'export', '--format', 'csv', '--outcome', 'refused'], { server })
  assert.deepEqual(JSON.parse(stdout), row)
  assert.match(server.received[0]!.path, /format=csv/)
})
