import assert from 'node:assert/strict'
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { signalbox } from '../journeys/support/command-line.ts'
import { deliver, onlyRunFor, runInState } from '../journeys/support/see.ts'
import type { Endpoint } from '../journeys/support/shapes.ts'
import {
  type Signalbox,
  startAndFail,
  startSignalbox,
  temporaryFolder,
} from '../journeys/support/signalbox.ts'
import { startTarget } from '../journeys/support/target.ts'
import { until } from './support/until.ts'

interface KeyStatus {
  state: string
  resealed: number
  finishedAt: string | null
}

const headers = [{ name: 'Authorization', value: 'Bearer {{secret "TOKEN"}}' }]
const signingSecrets = [`whsec_${Buffer.alloc(32, 's').toString('base64')}`]

/** Enough that it takes several steps: a named secret, endpoints, reactions with secrets of their own. */
async function furnish(box: Signalbox, url: string) {
  await box.api('POST', '/api/secrets', { name: 'TOKEN', value: 'the-token' })
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  for (let at = 0; at < 60; at++) await box.api('POST', '/api/endpoints', { name: `other-${at}` })
  const action = { type: 'http', url, headers, signingSecrets }
  await box.api('POST', '/api/reactions', {
    name: 'forward',
    trigger: { type: 'endpoint', endpoint: 'orders' },
    action,
  })
  return endpoint
}

const finished = (box: Signalbox) =>
  until(
    () => 'everything is sealed anew',
    async () => {
      const status = await box.api<KeyStatus>('GET', '/api/secret-key')
      return status.state === 'idle' && status.finishedAt !== null ? status : null
    },
    { deadlineMs: 20_000 },
  )

const everyKey = (directory: string) =>
  ['secret.key', 'secret.key.next', 'secret.key.former'].filter(name => existsSync(join(directory, name)))

async function works(box: Signalbox, endpoint: Endpoint, target: Awaited<ReturnType<typeof startTarget>>) {
  const before = target.received.length
  const { id } = await onlyRunFor(box, await deliver({ url: new URL(endpoint.path, box.url).href }, {}))
  await runInState(box, id, 'succeeded')
  assert.equal(target.received[before]?.headers['authorization'], 'Bearer the-token')
  const again = await box.api<Endpoint>('GET', '/api/endpoints/orders')
  assert.equal(again.token, endpoint.token, 'the send token can be read')
}

for (const step of [1, 3, 4])
  test(`Killed after step ${step} of a rotation, nothing is lost, and the next start does what is left`, {
    timeout: 120_000,
  }, async t => {
    const directory = temporaryFolder(t)
    const target = await startTarget(t)
    const dying = await startSignalbox(t, {
      directory,
      environment: { SIGNALBOX_FAILPOINT: `after-reseal-step:${step}` },
    })
    const endpoint = await furnish(dying, target.url)
    await works(dying, endpoint, target)
    const former = readFileSync(join(directory, 'secret.key'), 'utf8')
    await dying.ask('POST', '/api/secret-key/rotation').catch(() => {})
    await until(() => 'it is killed', dying.hasEnded)
    assert.deepEqual(everyKey(directory), ['secret.key', 'secret.key.next'])

    const box = await startSignalbox(t, { directory })
    await works(box, endpoint, target)
    const status = await finished(box)
    assert.ok(status.resealed > 0, 'the rest was left')
    assert.deepEqual(everyKey(directory), ['secret.key', 'secret.key.former'])
    assert.notEqual(readFileSync(join(directory, 'secret.key'), 'utf8'), former)
    assert.equal(statSync(join(directory, 'secret.key')).mode & 0o777, 0o600)
    await works(box, endpoint, target)
    await box.stop()

    // With the new key alone everything opens.
    rmSync(join(directory, 'secret.key.former'))
    await works(await startSignalbox(t, { directory }), endpoint, target)
  })

test('the command waits until it is done; a second rotation follows', { timeout: 120_000 }, async t => {
  const target = await startTarget(t)
  const box = await startSignalbox(t)
  const endpoint = await furnish(box, target.url)
  for (let time = 0; time < 2; time++) {
    const args = ['secret', 'rotate-key', '--data', box.directory]
    const { exitCode, err } = await signalbox(args, { directory: box.directory })
    assert.equal(exitCode, 0, err)
    assert.match(err, /Done: \d+ texts are sealed with the new key in \S+secret\.key\./)
  }
  await works(box, endpoint, target)
})

test('a key that is given as a setting is rotated by giving the former one as well', {
  timeout: 120_000,
}, async t => {
  const directory = temporaryFolder(t)
  const target = await startTarget(t)
  const [first, second] = [1, 2].map(byte => Buffer.alloc(32, byte).toString('base64'))
  const one = await startSignalbox(t, { directory, environment: { SIGNALBOX_SECRET_KEY: first! } })
  const endpoint = await furnish(one, target.url)
  const refused = await one.ask('POST', '/api/secret-key/rotation')
  assert.equal(refused.status, 409)
  assert.match(refused.text, /secret-key\.is-setting/)
  await one.stop()

  const environment = { SIGNALBOX_SECRET_KEY: second! }
  const both = { ...environment, SIGNALBOX_FORMER_SECRET_KEY: first! }
  const two = await startSignalbox(t, { directory, environment: both })
  await finished(two)
  await two.stop()
  await works(await startSignalbox(t, { directory, environment }), endpoint, target)
})

test('a key that is lost or wrong is told at the start, with what hangs on it, and no key is made over it', {
  timeout: 120_000,
}, async t => {
  const directory = temporaryFolder(t)
  const target = await startTarget(t)
  const first = await startSignalbox(t, { directory })
  const endpoint = await furnish(first, target.url)
  await first.stop()
  const file = join(directory, 'secret.key')
  const complaint = /61 endpoints \(orders, .*…\)|61 endpoints \(other-0, /
  for (const wrong of [null, Buffer.alloc(32, 9).toString('base64')]) {
    renameSync(file, join(directory, 'kept'))
    if (wrong !== null) writeFileSync(file, wrong)
    const { exitCode, printed } = await startAndFail(t, { directory })
    assert.equal(exitCode, 1)
    assert.match(
      printed,
      wrong === null ? /secret\.key is not there, and it sealed/ : /is not the one that sealed/,
    )
    assert.match(printed, complaint)
    assert.match(printed, /1 reaction \(forward\) would fail[^]*1 named secret \(TOKEN\) would be lost/)
    assert.match(printed, /Put the former key back[^]*SIGNALBOX_FORMER_SECRET_KEY[^]*--accept-lost-key/)
    assert.equal(existsSync(file), wrong !== null, 'no key was made')
    renameSync(join(directory, 'kept'), file)
  }
  const back = await startSignalbox(t, { directory })
  await works(back, endpoint, target)
  await back.stop()

  rmSync(file)
  const anew = await startSignalbox(t, { directory, args: ['--accept-lost-key'] })
  await anew.api('PATCH', '/api/secrets/TOKEN', { value: 'another-token' })
  const lost = await anew.api<Endpoint>('GET', '/api/endpoints/orders')
  assert.equal(lost.token, null)
  await anew.stop()
  await startSignalbox(t, { directory })
})
