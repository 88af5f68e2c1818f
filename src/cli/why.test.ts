import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from './testing/captured.ts'
import { startStandIn } from './testing/stand-in.ts'

const verdict = { reactionId: 'rea_1', version: 1, held: false, code: null, reason: null, runId: null }

test('why says for each reaction whether it fired, and why not', async context => {
  const server = await startStandIn(context, {
    'GET /api/events/evt_1/verdicts': {
      eventId: 'evt_1',
      state: 'reacted',
      configVersion: 3,
      verdicts: [
        { ...verdict, reactionName: 'mirror', fires: true, runId: 'r_1' },
        { ...verdict, reactionName: 'slow', fires: true, held: true, runId: 'r_2' },
        {
          ...verdict,
          reactionName: 'pager',
          fires: false,
          code: 'filter.kind-name',
          reason: 'The kind is a.b, not c or below',
        },
      ],
      ruledOut: 2,
    },
  })
  const { code, stdout } = await run(['why', 'evt_1'], { server })
  assert.equal(code, 0)
  assert.deepEqual(stdout.trim().split('\n'), [
    '✓ mirror fired and made run r_1.',
    '‖ slow fired and made run r_2, held because the reaction is paused.',
    '✗ pager did not fire: The kind is a.b, not c or below (filter.kind-name).',
    '2 other reactions were ruled out by trigger, kind or target; name one to learn why.',
  ])
})

test('why asks about one reaction, and says when the event still waits', async context => {
  const server = await startStandIn(context, {
    'GET /api/events/evt_1/verdicts': {
      eventId: 'evt_1',
      state: 'waiting',
      configVersion: 3,
      verdicts: [{ ...verdict, reactionName: 'mirror', fires: true }],
      ruledOut: 0,
    },
  })
  const { stdout, stderr } = await run(['why', 'evt_1', 'mirror'], { server })
  assert.equal(server.received[0]?.path, '/api/events/evt_1/verdicts?reaction=mirror')
  assert.equal(stdout, '✓ mirror will fire.\n')
  assert.match(stderr, /has not been put before the reactions yet/)
})
