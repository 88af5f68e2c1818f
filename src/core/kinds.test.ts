import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kinds } from './kinds.ts'
import { runEvent, runEventBody, runEventKinds } from './own-events.ts'

test('every kind that Signalbox tells of itself is described as it is told', () => {
  const told = kinds.filter(({ type }) => type === 'signalbox')
  assert.deepEqual(
    told.map(({ name }) => name).toSorted(),
    [...runEventKinds, 'reaction.disabled'].toSorted(),
  )
  const subject = { runId: 'r', eventId: 'e', reactionId: 'rea', team: null, label: 'broken', hops: 0 }
  for (const name of runEventKinds) {
    const described = told.find(kind => kind.name === name)
    const event = runEvent(name, subject, 0)
    assert.deepEqual(
      described?.targets,
      event.targets.map(({ type }) => type),
    )
    assert.equal(described.error !== 'never', event.error !== null, name)
    const data = JSON.parse(new TextDecoder().decode(runEventBody(name, subject)))
    for (const part of Object.keys(data)) assert.ok(described.data.includes(`\`${part}\``), part)
  }
})
