import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type RunEventSubject, runEvent, runEventBody } from './own-events.ts'

const subject: RunEventSubject = {
  runId: 'r_1',
  eventId: 'evt_1',
  reactionId: 'rea_1',
  reactionName: 'deploy',
  team: 'core',
  label: '500 Internal Server Error',
  hops: 2,
}

test('a failed run is told with its label as the error, its cause, and one hop more', () => {
  const event = runEvent('run.failed', subject, 1_000)
  assert.deepEqual(event.kind, { type: 'signalbox', name: 'run.failed' })
  assert.equal(event.error, '500 Internal Server Error')
  assert.deepEqual(event.cause, { runId: 'r_1', eventId: 'evt_1' })
  assert.equal(event.hops, 3)
  assert.equal(event.team, 'core')
  assert.deepEqual(event.targets, [
    { type: 'run', value: 'r_1' },
    { type: 'reaction', value: 'deploy' },
  ])
})

test('a run that was created or succeeded is no error', () => {
  assert.equal(runEvent('run.created', subject, 0).error, null)
  assert.equal(runEvent('run.succeeded', subject, 0).error, null)
})

test('a reaction without a name is told by its id', () => {
  const event = runEvent('run.timed-out', { ...subject, reactionName: null }, 0)
  assert.deepEqual(event.targets[1], { type: 'reaction', value: 'rea_1' })
})

test('the body says ids, state and label, and has the length that the event says', () => {
  const body = runEventBody('run.created', { ...subject, state: 'held' })
  assert.deepEqual(JSON.parse(new TextDecoder().decode(body)), {
    run: { id: 'r_1', state: 'held', label: '500 Internal Server Error' },
    reaction: { id: 'rea_1', name: 'deploy' },
    event: { id: 'evt_1' },
  })
  assert.equal(runEvent('run.created', { ...subject, state: 'held' }, 0).bodyBytes, body.length)
})
