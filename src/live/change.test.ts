import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anEvent } from '../storage/contract/builders.ts'
import type { EventTable, RunTable } from '../storage/schema.ts'
import { configurationChange, eventChange, runChange } from './change.ts'

function eventRow(set: Partial<EventTable> = {}): EventTable {
  const { id, kindType, kindName, detail } = anEvent()
  return {
    position: 1,
    id,
    partition: 0,
    received_at: Date.UTC(2026, 10, 21),
    kind_type: kindType,
    kind_name: kindName,
    endpoint_id: 'ep_0198f2a07c3b7d7e8a6b4a1f0c9d2e3f',
    team: null,
    actor: 'endpoint',
    error: null,
    hops: 0,
    content_type: 'application/json',
    body_bytes: 0,
    detail,
    ...set,
  }
}

const previewOf = (body: Uint8Array): string =>
  JSON.parse(eventChange({ type: 'event', position: 1, event: eventRow(), preview: body }).text).event.preview

const aRun: RunTable = {
  position: 2,
  id: 'r_0000000000000001',
  event_id: 'evt_1',
  reaction_id: 'rea_1',
  reaction_version: 3,
  occasion: '',
  team: null,
  actor: 'tester',
  state: 'due',
  on_lost: 'retry',
  lane: 'example.com',
  due_at: 1_000,
  claim_no: 1,
  attempts: 1,
  tries: 1,
  created_at: 500,
  deadline_at: 9_000,
  ended_at: null,
  label: '503 Service Unavailable; next try in 5 s',
}
const facts = { endpointId: 'ep_1', kindName: 'deployment.failed' }

test('an ordinary event is told in some 400 bytes, its body apart', () => {
  const detail = JSON.stringify({
    targets: [{ type: 'endpoint', value: 'orders' }],
    owner: { type: 'endpoint', name: 'orders' },
    cause: null,
    request: {
      method: 'POST',
      path: '/hooks/orders',
      query: '',
      headers: { 'user-agent': 'x'.repeat(4000) },
      params: {},
      sender: '203.0.113.7',
      verified: 'signature',
      deliveryId: null,
    },
  })
  const change = eventChange({
    type: 'event',
    position: 1,
    event: eventRow({ detail }),
    preview: new Uint8Array(),
  })
  assert.ok(change.text.length <= 450, `${change.text.length} bytes`)
  assert.ok(!change.text.includes('xxx'), 'headers stay at home')
})

test('a preview is text of at most 256 bytes, whatever the body was', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 256 }), body => {
      const preview = previewOf(body)
      assert.ok(Buffer.byteLength(preview) <= 256)
      assert.ok(preview.isWellFormed())
      // oxlint-disable-next-line no-control-regex
      assert.doesNotMatch(preview, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
    }),
  )
})

test('a preview never ends within a character', () => {
  for (const character of ['é', '€', '🚀']) {
    for (let padding = 0; padding < 4; padding++) {
      const whole = Buffer.from('a'.repeat(padding) + character.repeat(200))
      const preview = previewOf(whole.subarray(0, 256))
      assert.match(preview, new RegExp(`^a{${padding}}(${character})+$`, 'u'))
    }
  }
})

test('a hostile body is a JSON string and nothing else', () => {
  const body = '"}]},{"type":"error","code":"x"}\u2028</script>\u0000\u001b[2J'
  const preview = previewOf(Buffer.from(body))
  assert.equal(preview, body.replace(/[\u0000\u001b]/g, '\ufffd')) // oxlint-disable-line no-control-regex
})

test('a run is told with its reaction’s name, and with the attempt that changed it', () => {
  const run = runChange({ type: 'run', position: 2, run: aRun }, 'mirror', facts)
  const told = JSON.parse(run.text)
  assert.deepEqual([told.run.reactionName, told.run.state, told.attempt], ['mirror', 'due', null])
  assert.deepEqual([run.failed, run.endpointId, run.kindName], [false, 'ep_1', 'deployment.failed'])
  const attempt = {
    position: 3,
    run_id: aRun.id,
    number: 1,
    started_at: 1_000,
    ended_at: 1_250,
    outcome: 'failed',
    error_code: 'http.status',
    message: '503 Service Unavailable',
    status: 503,
    record: '{}',
    run_state: 'due',
    run_due_at: 6_000,
  }
  const tried = runChange({ type: 'attempt', position: 3, run: aRun, attempt }, 'mirror', facts)
  assert.deepEqual(JSON.parse(tried.text).attempt, {
    number: 1,
    outcome: 'failed',
    status: 503,
    message: '503 Service Unavailable',
    durationMs: 250,
  })
  assert.equal(tried.failed, true)
})

test('a change of the configuration names what was changed', () => {
  const row = {
    type: 'configuration',
    position: 9,
    topic: 'reaction',
    subjectId: 'rea_1',
    team: null,
    atMs: 1,
  } as const
  const change = configurationChange(row)
  assert.deepEqual(JSON.parse(change.text), { type: 'configuration', topic: 'reaction', id: 'rea_1' })
  assert.deepEqual([change.reactionId, change.endpointId], ['rea_1', null])
})
