import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type ConnectionOptions, findConnection } from './connection.ts'
import { Failure } from './failure.ts'
import { start } from './testing/captured.ts'

function folderWith(files: Record<string, string>): string {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-cli-'))
  mkdirSync(join(directory, 'data'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, 'data', name), text)
  return directory
}

const running = { 'running.json': '{"pid": 1, "url": "http://127.0.0.1:4998"}', 'admin-token': 'sba_local\n' }

function find(options: ConnectionOptions, directory: string, environment: Record<string, string> = {}) {
  const { terminal } = start(['--version'], { directory, environment })
  const { url, token } = findConnection(options, terminal)
  return `${url.href} ${token}`
}

test('a flag beats the environment, and the environment beats the data folder', () => {
  const folder = folderWith(running)
  const environment = { SIGNALBOX_URL: 'http://env:1', SIGNALBOX_TOKEN: 'env-token' }
  assert.equal(
    find({ url: 'http://flag:1', token: 'flag-token' }, folder, environment),
    'http://flag:1/ flag-token',
  )
  assert.equal(find({}, folder, environment), 'http://env:1/ env-token')
  assert.equal(find({}, folder), 'http://127.0.0.1:4998/ sba_local')
  assert.equal(find({ data: 'data' }, folder, environment), 'http://127.0.0.1:4998/ sba_local')
  assert.equal(
    find({}, tmpdir(), { SIGNALBOX_DATA: join(folder, 'data') }),
    'http://127.0.0.1:4998/ sba_local',
  )
})

test('the token that lies in the data folder goes to its own server only', () => {
  const folder = folderWith(running)
  assert.equal(find({ url: 'https://elsewhere.example' }, folder), 'https://elsewhere.example/ null')
  assert.equal(find({ url: 'http://127.0.0.1:4998' }, folder), 'http://127.0.0.1:4998/ sba_local')
  assert.equal(
    find({ url: 'https://elsewhere.example', data: 'data' }, folder),
    'https://elsewhere.example/ sba_local',
  )
})

test('a server behind a path keeps the path', () => {
  assert.equal(
    find({ url: 'https://example.com/signalbox?x#y', token: 't' }, tmpdir()),
    'https://example.com/signalbox/ t',
  )
})

test('without any server it says how to name one', () => {
  for (const folder of [folderWith({}), folderWith({ 'running.json': 'not json' })]) {
    assert.throws(
      () => find({}, folder),
      (error: unknown) =>
        error instanceof Failure &&
        error.details.exitCode === 3 &&
        /--url or SIGNALBOX_URL/.test(error.details.todo ?? ''),
    )
  }
})

test('an address that is none and a token that cannot be sent are wrong usage', () => {
  for (const options of [
    { url: 'localhost:4620' },
    { url: 'nonsense' },
    { url: 'http://a', token: 'a\nb' },
  ]) {
    assert.throws(
      () => find(options, tmpdir()),
      (error: unknown) => error instanceof Failure && error.details.exitCode === 2,
    )
  }
})
