import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFailpoint } from './failpoint.ts'

test('without a setting nothing dies', t => {
  const kill = t.mock.method(process, 'kill', () => true)
  for (const setting of [undefined, '']) createFailpoint(setting)('after-append')
  assert.equal(kill.mock.callCount(), 0)
})

test('it dies the first time, or the one that is named, at its own place only', t => {
  const kill = t.mock.method(process, 'kill', () => true)
  const first = createFailpoint('after-append')
  first('after-react')
  assert.equal(kill.mock.callCount(), 0)
  first('after-append')
  assert.deepEqual(kill.mock.calls[0]?.arguments, [process.pid, 'SIGKILL'])
  const third = createFailpoint('after-call:3')
  for (let count = 0; count < 2; count++) third('after-call')
  assert.equal(kill.mock.callCount(), 1)
  third('after-call')
  assert.equal(kill.mock.callCount(), 2)
})

test('a setting that would never fire is refused', () => {
  for (const setting of [
    'nowhere',
    'after-call:0',
    'after-call:-1',
    'after-call:x',
    'after-call:',
    'after-call:1:2',
    ' ',
  ])
    assert.throws(
      () => createFailpoint(setting),
      /SIGNALBOX_FAILPOINT is one of after-append, .*it was/,
      setting,
    )
})
