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
    '2 other reactions were ruled out by endpoint, kind or target; name one to learn why.',
  ])
})

test('why of a new event waits until it has been reacted to', async context => {
  let asked = 0
  const server = await startStandIn(context, {
    'GET /api/events/evt_1/verdicts': () => {
      const state = ++asked < 3 ? 'waiting' : 'reacted'
      const verdicts =
        state === 'waiting' ? [] : [{ ...verdict, reactionName: 'mirror', fires: true, runId: 'r_1' }]
      return { eventId: 'evt_1', state, configVersion: 3, verdicts, ruledOut: 0 }
    },
  })
  const { stdout } = await run(['why', 'evt_1', 'mirror'], { server })
  assert.equal(server.received[0]?.path, '/api/events/evt_1/verdicts?reaction=mirror')
  assert.equal(stdout, '✓ mirror fired and made run r_1.\n')
  assert.equal(asked, 3)
})

test('why says when the event still waits, and when there was nothing to fire', async context => {
  let state = 'waiting'
  const server = await startStandIn(context, {
    'GET /api/events/evt_1/verdicts': () => ({
      eventId: 'evt_1',
      state,
      configVersion: null,
      verdicts: [],
      ruledOut: 0,
    }),
  })
  assert.match(
    (await run(['why', 'evt_1'], { server })).stdout,
    /^The event has not been put before the reactions yet;.*\n$/,
  )
  state = 'reacted'
  assert.equal(
    (await run(['why', 'evt_1'], { server })).stdout,
    'There was no reaction when the event came.\n',
  )
})
