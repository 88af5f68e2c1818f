import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../kill/support/until.ts'
import { signalbox } from './support/command-line.ts'
import { deliver } from './support/see.ts'
import type { Endpoint, Reaction } from './support/shapes.ts'
import { type Signalbox, startSignalbox } from './support/signalbox.ts'
import { startTarget, type Target } from './support/target.ts'

interface Alarms {
  items: { kind: string; text: string; page: string; subject: { name: string } }[]
  tellers: { name: string }[]
}

/** An alarm ends soon after its cause is gone. */
const args = ['--alarm-calm-ms', '500']

const lasting = async (box: Signalbox): Promise<string[]> =>
  (await box.api<Alarms>('GET', '/api/alarms')).items.map(({ kind, subject }) => `${kind} ${subject.name}`)

const lasts = (box: Signalbox, expected: string[]) =>
  until(
    () => `these alarms last: ${expected.join(', ')}`,
    async () => (await lasting(box)).join() === expected.join(),
    { deadlineMs: 20_000 },
  )

const messagesAt = (target: Target) =>
  target.received
    .filter(({ path }) => path === '/alarms')
    .map(
      ({ body }) => JSON.parse(body.toString()) as { kind: string; state: string; text: string; url: string },
    )

const told = (target: Target, kind: string) =>
  until(
    () => `${kind} is told; so far ${JSON.stringify(messagesAt(target))}`,
    () => messagesAt(target).find(message => message.kind === kind) ?? null,
    { deadlineMs: 20_000 },
  )

test('an endpoint that falls silent is told of at a webhook, and once more when traffic returns', async t => {
  const box = await startSignalbox(t, { args })
  const target = await startTarget(t)
  const cli = (...words: string[]) => signalbox([...words, '--data', box.directory], box)
  const made = await cli('reaction', 'create', '--tell-me', `${target.url}/alarms`)
  assert.match(made.out, /Reaction tell-me \(version 1\) is active/, made.err)
  assert.match((await cli('alarm', 'list')).err, /Nothing is wrong\.\nTold by tell-me\./)
  const tested = await cli('tell-me', 'test')
  assert.equal(tested.exitCode, 0, tested.err)
  assert.match(tested.out, /^tell-me +succeeded +.*200/)
  assert.match((await told(target, 'alarm.test')).text, /^This is a test message/)
  const created = await cli('endpoint', 'create', 'orders', '--silent-after', '2s')
  assert.equal(created.exitCode, 0, created.err)

  const silent = await told(target, 'endpoint.silent')
  assert.equal(silent.state, 'wrong')
  assert.match(silent.text, /^Nothing has come in on orders for 2(\.\d)? s$/)
  const endpoint = await box.api<Endpoint>('GET', '/api/endpoints/orders')
  assert.equal(silent.url, `${box.url}/endpoints/${endpoint.id}`)
  assert.match((await cli('alarm', 'list')).out, /endpoint\.silent {2}Nothing has come in on orders for 2/)
  assert.match((await cli('status')).out, /endpoint\.silent {2}Nothing has come in on orders/)
  const listed = JSON.parse((await cli('alarm', 'list', '--json')).out) as Alarms
  assert.deepEqual(
    listed.items.map(({ kind }) => kind),
    ['endpoint.silent'],
  )

  const edited = await cli('endpoint', 'edit', 'orders', '--silent-after', '1h')
  assert.equal(edited.exitCode, 0, edited.err)
  await lasts(box, [])
  await cli('endpoint', 'edit', 'orders', '--silent-after', '2s')
  await lasts(box, ['endpoint.silent orders'])
  await deliver(endpoint, { order: 7 })
  const active = await told(target, 'endpoint.active-again')
  assert.deepEqual(
    [active.state, active.text],
    ['right-again', 'orders is active again: an event has come in'],
  )
})

test('a failing reaction is told of once, also over a restart, and recovers', async t => {
  const box = await startSignalbox(t, { args })
  const target = await startTarget(t)
  target.answer = ({ path }) => ({ status: path === '/alarms' ? 200 : 422 })
  await box.api('POST', '/api/tell-me', { url: `${target.url}/alarms` })
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  await box.api('POST', '/api/reactions', {
    name: 'forward',
    trigger: { type: 'endpoint', endpoint: 'orders' },
    action: { type: 'http', url: `${target.url}/in` },
  })
  for (let count = 0; count < 3; count++) await deliver(endpoint, { count })
  const failing = await told(target, 'reaction.failing')
  assert.equal(
    failing.text,
    'The last 3 runs of forward failed: The target answered 422 Unprocessable Entity',
  )
  await box.stop()

  const again = await startSignalbox(t, { args, directory: box.directory })
  assert.deepEqual(await lasting(again), ['reaction.failing forward'])
  const renewed = await again.api<Endpoint>('GET', '/api/endpoints/orders')
  for (let count = 0; count < 3; count++) await deliver(renewed, { count })
  target.answer = () => ({ status: 200 })
  await deliver(renewed, { mended: true })
  await told(target, 'reaction.recovered')
  await lasts(again, [])
  const kinds = messagesAt(target).map(({ kind }) => kind)
  assert.deepEqual(kinds, ['reaction.failing', 'reaction.recovered'], 'each is told once')
})

test('a reaction that tells of alarms and fails is an alarm itself, and no storm', async t => {
  const box = await startSignalbox(t, { args })
  const target = await startTarget(t)
  target.answer = () => ({ status: 404 })
  const teller = await box.api<Reaction>('POST', '/api/tell-me', { url: `${target.url}/alarms` })
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  await box.api('POST', '/api/reactions', {
    name: 'forward',
    trigger: { type: 'endpoint', endpoint: 'orders' },
    action: { type: 'http', url: `${target.url}/in` },
  })
  for (let count = 0; count < 3; count++) await deliver(endpoint, { count })
  await lasts(box, ['reaction.failing forward', 'reaction.failing tell-me'])
  await until(
    () => `its own alarm has been tried; ${target.received.length} requests`,
    () => messagesAt(target).length >= 2,
  )
  for (let count = 0; count < 5; count++) await deliver(endpoint, { count })
  await target.have(10)
  const runs = await box.api<{ items: unknown[] }>('GET', `/api/runs?reaction=${teller.id}`)
  assert.equal(runs.items.length, 2, 'one for the other reaction, and one for itself')
})

test('a target that seems down is told of once, and so is an endpoint that lets nobody in', async t => {
  const box = await startSignalbox(t, { args })
  const [target, dead] = [await startTarget(t), await startTarget(t)]
  await dead.down()
  await box.api('POST', '/api/tell-me', { url: `${target.url}/alarms` })
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  await box.api('POST', '/api/reactions', {
    name: 'forward',
    trigger: { type: 'endpoint', endpoint: 'orders' },
    action: { type: 'http', url: `${dead.url}/in` },
    retry: { delaysMs: Array.from({ length: 30 }, () => 100) },
  })
  await deliver(endpoint, { order: 7 })
  const opened = await told(target, 'breaker.opened')
  assert.match(opened.text, /^127\.0\.0\.1:\d+ seems down: 10 failures in a row\. Its runs wait$/)
  await dead.up()
  await told(target, 'breaker.closed')

  const closed = await box.api<Endpoint>('POST', '/api/endpoints', {
    name: 'guarded',
    authentication: [{ type: 'bearer', secrets: ['a-secret-that-is-long-enough'] }],
  })
  for (let count = 0; count < 10; count++)
    await fetch(closed.url, { method: 'POST', headers: { authorization: 'Bearer wrong' }, body: '{}' })
  const rejecting = await told(target, 'endpoint.rejecting')
  assert.match(rejecting.text, /^guarded turned away the last 10 requests: /)
  await deliver(closed, {}, { authorization: 'Bearer a-secret-that-is-long-enough' })
  await told(target, 'endpoint.accepting-again')
  const kinds = messagesAt(target).map(({ kind }) => kind)
  assert.equal(kinds.filter(kind => kind === 'breaker.opened').length, 1)
})
