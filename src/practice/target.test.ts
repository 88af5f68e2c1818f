import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { parseAllowList } from '../act/http/address-guard.ts'
import { createCaller } from '../act/http/call.ts'
import { refuseInner } from '../act/http/open-socket.ts'
import type { OutgoingRequest } from '../act/http/outgoing.ts'
import { signStandardWebhook } from '../core/signing.ts'
import { type Behaviour, readSetting } from './behaviour.ts'
import type { Sender } from './proof.ts'
import { createPracticeTarget, practiceOrigin } from './target.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const nowMs = Date.UTC(2026, 10, 21)

function practise(t: TestContext, sender: Partial<Sender> | null = {}, enabled = true) {
  const target = createPracticeTarget({
    setting: { behaviour: 'ok', delayMs: 60_000 },
    now: () => nowMs,
    senderOf: async () =>
      sender && {
        runId: 'r_1',
        eventId: 'evt_1',
        reactionId: 'rea_1',
        reactionName: 'greet',
        signingSecrets: [secret],
        hide: text => text.replaceAll('hunter2', '•••'),
        ...sender,
      },
    onError: error => assert.fail(String(error)),
  })
  const caller = createCaller({
    allowPrivate: parseAllowList([]),
    allowLoopback: false,
    maxConnectionsPerOrigin: 8,
    userAgent: 'test',
    inner: { origin: practiceOrigin, socketPath: enabled ? target.socketPath : refuseInner },
  })
  t.after(async () => {
    await target.stop()
    await caller.close()
  })
  const call = (change: Partial<OutgoingRequest> = {}) =>
    caller.call({
      method: 'POST',
      url: `${practiceOrigin}/orders?a=1`,
      headers: [],
      body: '{"n":1}',
      timeoutMs: 5_000,
      followRedirects: 0,
      insecure: false,
      proxyUrl: null,
      maxAnswerBytes: 1_000,
      ...change,
    })
  const turn = (behaviour: Behaviour) => target.set({ behaviour, delayMs: 60_000 })
  return { target, call, turn }
}

const statusOf = async (result: ReturnType<ReturnType<typeof practise>['call']>) => {
  const ended = await result
  return ended.ok ? ended.status : ended.error.code
}

test('it answers as its switch says, however often that is turned', async t => {
  const { target, call, turn } = practise(t)
  const seen: unknown[] = []
  for (const position of ['ok', 'fail', 'down', 'gone', 'down', 'redirect', 'ok'] as const) {
    turn(position)
    seen.push(await statusOf(call()))
  }
  assert.deepEqual(seen, [200, 500, 'target.refused', 410, 'target.refused', 307, 200])
  assert.equal(target.count, 5, 'what is refused never arrives')
  turn('redirect')
  assert.equal(await statusOf(call({ followRedirects: 1 })), 200)
  assert.equal(target.requests[0]?.path, '/redirected')
})

test('a slow answer comes once the switch is turned', async t => {
  const { target, call, turn } = practise(t)
  turn('slow')
  const slow = call()
  while (target.requests.length === 0) await new Promise(resolve => setImmediate(resolve))
  assert.equal(target.requests[0]?.answeredStatus, null)
  turn('fail')
  assert.equal(await statusOf(slow), 500)
  turn('slow')
  const cut = call()
  while (target.requests.length === 1) await new Promise(resolve => setImmediate(resolve))
  turn('down')
  assert.equal(await statusOf(cut), 'target.reset')
})

test('it shows what came, without secrets', async t => {
  const { target, call } = practise(t)
  await call({
    headers: [
      ['Authorization', 'Bearer hunter2'],
      ['X-Team', 'a hunter2 b'],
    ],
    body: 'say hunter2',
  })
  const [seen] = target.requests
  assert.deepEqual([seen?.method, seen?.path, seen?.answeredStatus], ['POST', '/orders?a=1', 200])
  assert.deepEqual(
    seen?.headers.filter(([name]) => /authorization|x-team/i.test(name)),
    [
      ['Authorization', '•••'],
      ['X-Team', 'a ••• b'],
    ],
  )
  assert.equal(seen?.body, 'say •••')
})

test('it checks the signature as a receiver does', async t => {
  const body = '{"n":1}'
  const signed = (with_: string) =>
    Object.entries(signStandardWebhook({ id: 'r_1', timestampSeconds: nowMs / 1000, body, secrets: [with_] }))
  const proofOf = async (sender: Partial<Sender> | null, headers: [string, string][]) => {
    const { target, call } = practise(t, sender)
    assert.equal(await statusOf(call({ headers, body })), 200)
    return target.requests[0]?.proof
  }
  assert.equal((await proofOf({}, signed(secret)))?.signature, 'valid')
  assert.equal((await proofOf({}, signed('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')))?.signature, 'invalid')
  assert.equal((await proofOf({}, []))?.signature, 'invalid')
  assert.equal((await proofOf({ signingSecrets: [] }, []))?.signature, 'unsigned')
  assert.equal((await proofOf(null, signed(secret)))?.signature, 'unknown')
  const key = `whsk_${Buffer.alloc(32, 5).toString('base64')}`
  assert.equal((await proofOf({ signingSecrets: [key] }, signed(key)))?.signature, 'valid')
})

test('it keeps the last 20 requests, and the beginning of a large body', async t => {
  const { target, call } = practise(t)
  for (let index = 0; index < 25; index++) await call({ body: 'x' })
  await call({ body: Buffer.alloc(3_000_000, 'y') })
  assert.deepEqual([target.count, target.requests.length], [26, 20])
  const [large] = target.requests
  assert.deepEqual([large?.bodyBytes, large?.body.length, large?.bodyTruncated], [3_000_000, 65_536, true])
  target.clear()
  assert.deepEqual([target.count, target.requests.length], [26, 0])
})

test('the way to it opens no other: not loopback, not another name, not by a proxy', async t => {
  const { target, call } = practise(t)
  const server = createServer((_request, response) => response.end('secret'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  for (const url of [
    `http://127.0.0.1:${port}/`,
    `http://practice.localhost:${port}/`,
    `https://practice.localhost/`,
    `http://localhost:${port}/`,
    `http://x.practice.localhost/`,
  ]) {
    const ended = await call({ url })
    assert.ok(!ended.ok && ['target.address-refused', 'target.dns'].includes(ended.error.code), url)
  }
  assert.equal(await statusOf(call({ proxyUrl: `http://127.0.0.1:${port}` })), 'target.proxy')
  assert.equal(target.count, 0)
})

test('where the operator wants none, it is refused for good, with the reason', async t => {
  const { call } = practise(t, {}, false)
  const ended = await call()
  assert.ok(!ended.ok)
  assert.deepEqual([ended.error.code, ended.error.permanent], ['target.address-refused', true])
  assert.match(ended.error.message, /switched it off/)
})

test('a stored setting that cannot be read is the default', () => {
  assert.deepEqual(readSetting('{"behaviour":"fail","delayMs":7}'), { behaviour: 'fail', delayMs: 7 })
  assert.equal(readSetting('{"behaviour":"explode"}').behaviour, 'ok')
  assert.equal(readSetting(null).behaviour, 'ok')
})
