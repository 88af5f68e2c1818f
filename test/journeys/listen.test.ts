import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { until } from '../kill/support/until.ts'
import { ask } from './support/ask.ts'
import { atEnd } from './support/at-end.ts'
import { startCommand } from './support/command-line.ts'
import { deliver, headerOf, runInState, runWhich } from './support/see.ts'
import type { Endpoint, Event, List, Run } from './support/shapes.ts'
import { type Signalbox, startSignalbox, temporaryFolder } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

/** A developer's terminal, where `signalbox listen` is started, ended, and started again. */
function desk(context: TestContext, box: Signalbox) {
  const directory = temporaryFolder(context)
  const environment = {
    SIGNALBOX_URL: box.url,
    SIGNALBOX_TOKEN: box.token,
    XDG_STATE_HOME: directory,
  }
  return async (...args: string[]) => {
    const listening = startCommand(['listen', ...args], { directory, environment, withinMs: 60_000 })
    atEnd(context, async () => {
      listening.kill()
      await listening.ended
    })
    const sees = (text: string | RegExp) =>
      until(
        () => `the terminal shows ${text}. It shows:\n${listening.err()}${listening.out()}`,
        () => new RegExp(text).test(listening.err() + listening.out()),
        { deadlineMs: 30_000 },
      )
    return { ...listening, sees }
  }
}

async function only(box: Signalbox, eventId: string): Promise<Run> {
  const { runs } = await box.api<Event>('GET', `/api/events/${eventId}`)
  assert.equal(runs.length, 1, JSON.stringify(runs))
  return box.api<Run>('GET', `/api/runs/${runs[0]!.id}`)
}

test('what an endpoint receives reaches a local server as it was sent, and its answer is recorded', async context => {
  const box = await startSignalbox(context)
  const target = await startTarget(context)
  const listen = desk(context, box)
  target.answer = () => ({ status: 201, body: '{"made":7}', headers: { 'x-by': 'the desk' } })
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', {
    name: 'orders',
    path: '/hooks/shops/:shop',
    methods: ['ANY'],
    authentication: [{ type: 'none' }],
  })
  const listening = await listen(`${target.url}/in`, '--endpoint', 'orders', '--print')
  await listening.sees('Waiting for requests')

  const bytes = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0xff, 0x00, 0x7d])
  const sent = await ask(`${endpoint.url.replace(':shop', 'berlin')}?a=1&b=%20`, {
    method: 'PATCH',
    body: bytes,
    headers: { 'content-type': 'application/x-odd', 'x-shop': 'berlin', 'x-signature': 'sha256=abc' },
  })
  assert.equal(sent.status, 202)
  const { id } = sent.json() as { id: string }
  const [received] = await target.have(1)
  assert.equal(received?.method, 'PATCH')
  assert.equal(received?.path, '/in?a=1&b=%20')
  assert.deepEqual(received?.body, bytes)
  assert.equal(received?.headers['content-type'], 'application/x-odd')
  assert.equal(received?.headers['x-signature'], 'sha256=abc')
  assert.equal(received?.headers['host'], new URL(target.url).host)

  await listening.sees(
    new RegExp(`PATCH /hooks/shops/berlin\\?a=1&b=%20  webhook\\.received  ${id} → 201 Created, \\d+ ms\n`),
  )
  await listening.sees(/x-by: the desk\n[^>]*\{"made":7\}/)

  const run = await only(box, id)
  assert.equal(run.state, 'succeeded')
  assert.equal(run.reactionName, `listen ${target.url}/in`)
  const [attempt] = run.attemptList
  assert.equal(attempt?.request?.method, 'PATCH')
  assert.equal(attempt?.request?.url, `${target.url}/in?a=1&b=%20`)
  assert.equal(headerOf(attempt?.request ?? null, 'x-shop'), 'berlin')
  assert.equal(attempt?.response?.status, 201)
  assert.equal(attempt?.response?.body, '{"made":7}')
  assert.equal(headerOf(attempt?.response ?? null, 'x-by'), 'the desk')
  assert.equal(received?.headers['signalbox-run'], run.id)

  listening.interrupt()
  const { exitCode, err } = await listening.ended
  assert.equal(exitCode, 130)
  assert.match(err, /Started again, it goes on from here\.\n$/)
})

test('without an endpoint a temporary one is made, and is the same one the next time', async context => {
  const box = await startSignalbox(context)
  const target = await startTarget(context)
  const listen = desk(context, box)
  const { port } = new URL(target.url)
  const first = await listen(`127.0.0.1:${port}`, '--path', '/app')
  await first.sees('Waiting for requests')
  const url = /Forwarding (\S+) →/.exec(first.err())?.[1] ?? ''
  await deliver({ url }, { n: 1 })
  assert.equal((await target.have(1))[0]?.path, '/app')
  await first.sees('200 OK')
  first.interrupt()
  await first.ended

  // While nobody listens.
  await deliver({ url }, { n: 2 })
  const second = await listen(`127.0.0.1:${port}`, '--path', '/app')
  await second.sees('Going on where it stopped')
  assert.match(second.err(), new RegExp(`Forwarding ${url} →`))
  assert.equal((await target.have(2))[1]?.body.toString(), '{"n":2}')
  await second.sees('200 OK')
  assert.equal((await box.api<List<Endpoint>>('GET', '/api/endpoints')).items.length, 1)
})

test('a local server that is down or unwell is told and recorded; what got no answer is tried again', async context => {
  const box = await startSignalbox(context)
  const target = await startTarget(context)
  const listen = desk(context, box)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  const listening = await listen(target.url, '--endpoint', 'orders')
  await listening.sees('Waiting for requests')

  await target.down()
  const missed = await deliver(endpoint, { n: 1 })
  await listening.sees(`${missed} → Nothing listens on 127\\.0\\.0\\.1:\\d+, \\d+ ms; next try`)
  await target.up()
  await listening.sees(`${missed} → 200 OK`)
  await listening.sees('answers again')
  const mended = await only(box, missed)
  assert.equal(mended.state, 'succeeded')
  assert.deepEqual(
    [mended.attemptList[0]?.outcome, mended.attemptList[0]?.errorCode, mended.attemptList[0]?.response],
    ['failed', 'target.refused', null],
  )

  target.answer = () => ({ status: 500, body: 'a bug of ours' })
  const unwell = await deliver(endpoint, { n: 2 })
  await listening.sees(`${unwell} → 500 Internal Server Error`)
  const failed = await runInState(box, (await only(box, unwell)).id, 'failed')
  assert.equal(failed.attemptList.length, 1)
  assert.equal(failed.attemptList[0]?.response?.body, 'a bug of ours')

  // The bug is mended, and somebody presses Retry in the dashboard.
  target.answer = () => ({ status: 200 })
  await box.api('POST', `/api/runs/${failed.id}/retry`)
  await listening.sees(`${unwell} → 200 OK`)
  await runWhich(box, failed.id, run => run.state === 'succeeded' && run.attempts === 2)
  const told = await box.api<List<unknown>>('GET', '/api/events?kind=run')
  assert.deepEqual(told.items, [], 'it wakes nobody but whoever listens')
})

test('nothing is lost or doubled when the server and the listener are killed and started again', async context => {
  const directory = temporaryFolder(context)
  const started = await startSignalbox(context, { directory })
  const port = new URL(started.url).port
  const target = await startTarget(context)
  const listen = desk(context, started)
  const endpoint = await started.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  const first = await listen(target.url, '--endpoint', 'orders', '--concurrency', '3')
  await first.sees('Waiting for requests')
  const ids: string[] = []
  const send = async (count: number) => {
    for (let at = 0; at < count; at++) ids.push(await deliver(endpoint, { n: ids.length }))
  }
  await send(20)
  await started.kill()
  const box = await startSignalbox(context, { directory, args: ['--port', port] })
  await first.sees('onnected again')
  await send(20)
  await target.have(40, 30_000)

  // The listener dies while the target has a request that it has not answered.
  let hung = 0
  target.answer = () => (hung++ === 0 ? 'hang' : { status: 200 })
  await send(1)
  await until(
    () => 'a request hangs',
    () => hung === 1,
  )
  first.kill()
  await first.ended
  await send(20)
  const second = await listen(target.url, '--endpoint', 'orders')
  await second.sees('Going on where it stopped')
  for (const id of ids) {
    const run = await until(
      () => `the event ${id} is forwarded. The terminal shows:\n${second.err()}${second.out()}`,
      async () => {
        const { runs } = await box.api<Event>('GET', `/api/events/${id}`)
        return runs[0]?.state === 'succeeded' ? only(box, id) : null
      },
    )
    const outcomes = run.attemptList.map(({ outcome }) => outcome)
    assert.equal(outcomes.filter(outcome => outcome === 'succeeded').length, 1)
  }
  const counts = new Map<string, number>()
  for (const { body } of target.received) {
    const { n } = JSON.parse(body.toString()) as { n: number }
    counts.set(ids[n]!, (counts.get(ids[n]!) ?? 0) + 1)
  }
  for (const id of ids) {
    const { attemptList } = await only(box, id)
    const lost = attemptList.filter(({ outcome }) => outcome === 'lost').length
    const received = counts.get(id) ?? 0
    assert.ok(
      received >= 1 && received <= 1 + lost,
      `${id} came ${received} times; ${lost} attempts were lost`,
    )
  }
  assert.equal(counts.get(ids[40]!), 2, 'what was under way is made again, and says so')
})

test('with --from and --where it forwards again what fits, once for each time that it is asked to', async context => {
  const box = await startSignalbox(context)
  const target = await startTarget(context)
  const listen = desk(context, box)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  for (const n of [1, 2, 3]) await deliver(endpoint, { n })
  for (const from of ['beginning', '1h', '1h']) {
    target.received.length = 0
    const listening = await listen(
      target.url,
      '--endpoint',
      'orders',
      '--from',
      from,
      '--where',
      'body.n != 2',
    )
    const received = await target.have(2)
    assert.deepEqual(
      received.map(({ body }) => body.toString()),
      ['{"n":1}', '{"n":3}'],
    )
    await listening.sees(/→ 200 OK[^]*→ 200 OK/)
    listening.interrupt()
    await listening.ended
  }
  const now = await listen(target.url, '--endpoint', 'orders', '--from', 'now')
  await now.sees('Waiting for requests')
  const newest = await deliver(endpoint, { n: 4 })
  await now.sees(`${newest} → 200 OK`)
  assert.equal(target.received.at(-1)?.body.toString(), '{"n":4}')
})

test('it ends with a sentence when it cannot go on', async context => {
  const box = await startSignalbox(context)
  const target = await startTarget(context)
  const listen = desk(context, box)
  const refused = await listen(target.url, '--token', 'sba_wrong')
  assert.equal((await refused.ended).exitCode, 1)
  assert.match(refused.err(), /Not signed in \(401 access\.unauthenticated\)/)
  const unknown = await listen(target.url, '--endpoint', 'nothing')
  assert.equal((await unknown.ended).exitCode, 4)
  const odd = await listen('http://[', '--endpoint', 'nothing')
  assert.equal((await odd.ended).exitCode, 2)
  const broken = await listen(target.url, '--where', 'body.n ==')
  assert.equal((await broken.ended).exitCode, 1)
  assert.match(broken.err(), /\/settings\/where:1:\d+: does not compile/)

  await box.api('POST', '/api/endpoints', { name: 'orders' })
  const former = await listen(target.url, '--endpoint', 'orders')
  await former.sees('Waiting for requests')
  const latter = await listen(target.url, '--endpoint', 'orders')
  assert.equal((await former.ended).exitCode, 1)
  assert.match(former.err(), /Another `signalbox listen` forwards the same endpoint/)

  await latter.sees(/Going on|Waiting/)
  await box.api('PATCH', '/api/endpoints/orders', { state: 'disabled' })
  await latter.sees('The endpoint is disabled: it takes no requests')
  await box.api('DELETE', '/api/endpoints/orders')
  assert.equal((await latter.ended).exitCode, 4)
  assert.match(latter.err(), /is gone: it was deleted/)
})
