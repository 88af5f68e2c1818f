import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { readState, stateFile, writeState } from './listen-state.ts'
import { start } from './testing/captured.ts'

function folderOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-listen-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const server = new URL('http://127.0.0.1:4620/')
const { terminal } = start(['--version'], { environment: { HOME: '/home/ada' } })

test('each server, endpoint and target has a file of its own, where programs keep such things', () => {
  const file = stateFile(terminal, server, 'orders', 'http://localhost:3000/')
  assert.match(file, /^\/home\/ada\/\.local\/state\/signalbox\/listen\/[0-9a-f]{24}\.json$/)
  assert.equal(file, stateFile(terminal, server, 'orders', 'http://localhost:3000/'))
  assert.notEqual(file, stateFile(terminal, server, 'orders', 'http://localhost:3001/'))
  assert.notEqual(file, stateFile(terminal, server, 'others', 'http://localhost:3000/'))
  const chosen = { ...terminal, environment: { XDG_STATE_HOME: '/state' } }
  assert.match(stateFile(chosen, server, 'orders', 'x'), /^\/state\/signalbox\/listen\//)
})

test('what was written is read again, by its owner alone; anything else is a new beginning', context => {
  const file = join(folderOf(context), 'deep', 'state.json')
  assert.equal(readState(file), null)
  const state = { endpointId: 'ep_1', listenerId: 'lis_1', cursor: 'c1', occasion: '' }
  writeState(file, state)
  assert.deepEqual(readState(file), state)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  for (const text of ['', '{"endpointId":', '[]', 'null', '{"endpointId":7,"listenerId":"lis_1"}']) {
    writeFileSync(file, text)
    assert.equal(readState(file), null, text)
  }
})

test('a place that cannot be written to is told with what to do', context => {
  const folder = folderOf(context)
  writeFileSync(join(folder, 'file'), '')
  const state = { endpointId: 'ep_1', listenerId: 'lis_1', cursor: null, occasion: '' }
  assert.throws(() => writeState(join(folder, 'file', 'state.json'), state), /cannot be kept/)
})
