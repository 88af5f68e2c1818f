import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openStore } from '../test/support/store.ts'
import { ConfigError, readConfig } from './config.ts'
import { hashToken } from './core/seal.ts'
import { adminToken, secretKeys } from './keys.ts'

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-keys-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
const configIn = (directory: string, ...args: string[]) => readConfig(['--data', directory, ...args], {})
const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8)

test('a key is made once, in a file that only its owner reads', t => {
  const config = configIn(join(folder(t), 'deep', 'data'))
  assert.equal(secretKeys(config).current, null)
  const key = secretKeys(config).make()
  assert.equal(key.length, 32)
  assert.deepEqual(secretKeys(config).make(), key)
  assert.deepEqual(secretKeys(config).current, key)
  assert.equal(modeOf(join(config.data, 'secret.key')), '600')
  assert.deepEqual(readdirSync(config.data), ['secret.key'])
})

test('a key that is given is used, and none is made', t => {
  const key = randomBytes(32)
  const config = configIn(folder(t), '--secret-key', key.toString('base64'))
  assert.deepEqual(secretKeys(config).current, key)
  assert.deepEqual(readdirSync(config.data), [])
})

const refuses = (make: () => unknown, reason: RegExp) =>
  assert.throws(make, (error: unknown) => {
    assert.ok(error instanceof ConfigError)
    assert.match(error.message, reason)
    return true
  })

test('a key of another length is refused, and whoever gave it is named, the key is not', t => {
  const directory = folder(t)
  const short = randomBytes(16).toString('base64')
  refuses(
    () => secretKeys(configIn(directory, '--secret-key', short)),
    /^--secret-key or SIGNALBOX_SECRET_KEY must hold 32 bytes in base64; it holds 16$/,
  )
  writeFileSync(join(directory, 'secret.key'), `${short}\n`)
  refuses(() => secretKeys(configIn(directory)), /secret\.key must hold 32 bytes in base64; it holds 16$/)
  writeFileSync(join(directory, 'secret.key'), '')
  refuses(() => secretKeys(configIn(directory)), /secret\.key must hold 32 bytes in base64; it holds 0$/)
})

test('a new key lies beside the former one until it is put in its place; at each point both are found', t => {
  const config = configIn(folder(t))
  const first = secretKeys(config).make()
  const keys = secretKeys(config)
  const second = keys.begin()
  assert.notDeepEqual(second, first)
  assert.deepEqual(secretKeys(config).begin(), second, 'begun once')
  const { current, former } = secretKeys(config)
  assert.deepEqual([current, former], [second, first])
  keys.finish()
  keys.finish()
  const after = secretKeys(config)
  assert.deepEqual([after.current, after.former], [second, null])
  assert.deepEqual(readdirSync(config.data).toSorted(), ['secret.key', 'secret.key.former'])
  for (const file of ['secret.key', 'secret.key.former']) assert.equal(modeOf(join(config.data, file)), '600')
})

test('the administrator’s token is made once, and the store knows its hash', async t => {
  const store = await openStore(t)
  const config = configIn(folder(t))
  const token = await adminToken(config, store)
  assert.match(token, /^sb_admin_[\w-]{43}$/)
  assert.equal(modeOf(join(config.data, 'admin-token')), '600')
  assert.equal(await adminToken(config, store), token)
  assert.equal(await store.read('installation', { key: 'adminTokenHash' }), hashToken(token))
  assert.equal(store.asked.length, 1, 'the same hash is not written again')
})

test('a token that its owner replaces counts from the next start, an empty one never', async t => {
  const store = await openStore(t)
  const config = configIn(folder(t))
  await adminToken(config, store)
  const file = join(config.data, 'admin-token')
  writeFileSync(file, 'sb_admin_mine\n')
  assert.equal(await adminToken(config, store), 'sb_admin_mine')
  assert.equal(await store.read('installation', { key: 'adminTokenHash' }), hashToken('sb_admin_mine'))
  writeFileSync(file, '\n')
  const fresh = await adminToken(config, store)
  assert.match(fresh, /^sb_admin_[\w-]{43}$/)
  assert.equal(readFileSync(file, 'utf8'), `${fresh}\n`)
})
