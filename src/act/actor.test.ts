import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { startSink, startWorld } from '../../test/support/act-world.ts'
import { until } from '../../test/support/store.ts'
import { listenerLane } from '../core/listener.ts'
import { toEvent } from '../storage/rows.ts'
import type { Actor } from './actor.ts'

/** Answers that wait until they are let go. */
function gate() {
  const waiting: (() => void)[] = []
  let open = false
  return {
    wait: () => new Promise<void>(resolve => (open ? resolve() : waiting.push(resolve))),
    open() {
      open = true
      for (const resolve of waiting.splice(0)) resolve()
    },
    openOne: () => waiting.shift()?.(),
  }
}

const nothingLeft = (actor: Actor) => {
  for (const lane of actor.lanes())
    assert.deepEqual([lane.underWay, lane.reserved, lane.claimed.length], [0, 0, 0], lane.name)
}
const noRetry = { delaysMs: [], permanentStatuses: [], retryStatuses: [] }
const retryAtOnce = { ...noRetry, delaysMs: [0, 0, 0, 0] }

test('a run that is due is claimed, tried and recorded', async t => {
  const world = await startWorld(t)
  const sink = await startSink(t)
  const actor = world.start()
  const reaction = await world.reaction({ action: { url: `${sink.url}/in` } })
  const id = await world.due(reaction)
  actor.wake()
  const run = await world.ended(id, 'succeeded')
  assert.deepEqual([run.attempts, run.tries, run.dueAtMs, run.label], [1, 1, null, '200 OK'])
  const [request] = sink.requests
  assert.deepEqual([request?.method, request?.url, request?.headers['webhook-id']], ['POST', '/in', id])
  assert.equal(JSON.parse(String(request?.body)).data.n, 1)
  const [attempt] = await world.attempts(id)
  assert.deepEqual([attempt?.number, attempt?.outcome, attempt?.errorCode], [1, 'succeeded', null])
  await actor.stop()
  nothingLeft(actor)
  assert.deepEqual(world.errors, [])
})

test('the runs of a listener are left to it', async t => {
  const world = await startWorld(t)
  const sink = await startSink(t)
  const actor = world.start()
  const reaction = await world.reaction({ action: { url: sink.url } })
  const before = await world.run(await world.due(reaction))
  const theirs = {
    ...before,
    id: 'r_listener',
    reactionId: 'lis_1',
    lane: listenerLane('lis_1', sink.url),
    state: 'due' as const,
    onLost: 'retry' as const,
  }
  await world.store.execute('replayEvent', { eventId: before.eventId, runs: [theirs] })
  actor.wake()
  await world.ended(before.id, 'succeeded')
  await world.ended(await world.due(reaction), 'succeeded')
  assert.deepEqual(
    await world.store.read('run', { id: theirs.id }).then(run => [run?.state, run?.claim_no]),
    ['due', 0],
  )
  await actor.stop()
  assert.deepEqual(world.errors, [])
})

test('a run that failed is tried again after its delay, under the same id', async t => {
  const world = await startWorld(t)
  const sink = await startSink(t, (count, response) => {
    response.statusCode = count < 3 ? 503 : 200
    response.end()
  })
  const actor = world.start()
  const soon = await world.due(await world.reaction({ action: { url: sink.url }, retry: retryAtOnce }))
  actor.wake()
  const run = await world.ended(soon, 'succeeded')
  assert.deepEqual([run.attempts, sink.requests.length], [3, 3])
  assert.deepEqual(new Set(sink.requests.map(({ headers }) => headers['webhook-id'])), new Set([soon]))
  assert.deepEqual(
    (await world.attempts(soon)).map(({ outcome, errorCode }) => [outcome, errorCode]),
    [
      ['failed', 'target.status'],
      ['failed', 'target.status'],
      ['succeeded', null],
    ],
  )
})

test('until its delay has passed, a run waits in the store', async t => {
  const world = await startWorld(t)
  const sink = await startSink(t, (_count, response) => {
    response.writeHead(503, { 'retry-after': '7' }).end()
  })
  const actor = world.start()
  const id = await world.due(await world.reaction({ action: { url: sink.url } }))
  actor.wake()
  const run = await until('the first attempt is recorded', async () => {
    const current = await world.run(id)
    return current.attempts === 1 ? current : null
  })
  assert.equal(run.state, 'due')
  const waitsMs = (run.dueAtMs ?? 0) - Date.now()
  assert.ok(waitsMs > 6_000 && waitsMs <= 7_000, `${waitsMs}`)
  world.clock.aheadMs = 7_001
  actor.wake()
  await until('the second attempt', () => sink.requests.length === 2)
})

test('never more at once than the limits of the host and of the reaction, whatever the targets do', async t => {
  const world = await startWorld(t)
  const plans = fc.record({
    hostConcurrency: fc.integer({ min: 1, max: 6 }),
    targets: fc.array(
      fc.record({
        concurrency: fc.option(fc.integer({ min: 1, max: 4 })),
        onLost: fc.constantFrom('retry' as const, 'fail' as const),
        runs: fc.integer({ min: 1, max: 25 }),
        // Never ten failures in a row: the breaker would open, and its rests outlast the test.
        statuses: fc.array(fc.constantFrom(200, 404, 503), { maxLength: 5 }).map(some => [200, ...some]),
        delays: fc.array(fc.nat(12), { minLength: 1, maxLength: 4 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  await fc.assert(
    fc.asyncProperty(plans, async ({ hostConcurrency, targets }) => {
      const sinks = await Promise.all(
        targets.map(({ statuses, delays }) =>
          startSink(t, async (count, response) => {
            await new Promise(resolve => setTimeout(resolve, delays[count % delays.length]))
            response.statusCode = statuses[count % statuses.length]!
            response.end()
          }),
        ),
      )
      const ids: string[] = []
      for (const [at, { concurrency, onLost, runs }] of targets.entries()) {
        const reaction = await world.reaction({
          action: { url: sinks[at]!.url },
          retry: noRetry,
          concurrency,
          onLost,
        })
        for (let count = 0; count < runs; count++) ids.push(await world.due(reaction))
      }
      const actor = world.start({ hostConcurrency })
      for (const id of ids)
        await until('all runs have ended', async () => (await world.run(id)).endedAtMs !== null)
      for (const [at, { concurrency, runs }] of targets.entries()) {
        assert.ok(sinks[at]!.most <= Math.min(concurrency ?? hostConcurrency, hostConcurrency))
        assert.equal(sinks[at]!.requests.length, runs)
      }
      await actor.stop()
      nothingLeft(actor)
    }),
    { numRuns: 6 },
  )
})

test('a target that hangs delays its own runs only', async t => {
  const world = await startWorld(t)
  const hanging = gate()
  const slow = await startSink(t, async (_count, response) => {
    await hanging.wait()
    response.end()
  })
  const quick = await startSink(t)
  const actor = world.start({ hostConcurrency: 2 })
  const slowReaction = await world.reaction({ action: { url: slow.url } })
  const quickReaction = await world.reaction({ action: { url: quick.url } })
  for (let count = 0; count < 10; count++) await world.due(slowReaction)
  actor.wake()
  await until('the slow target is full', () => slow.underWay === 2)
  const ids = []
  for (let count = 0; count < 30; count++) ids.push(await world.due(quickReaction))
  actor.wake()
  for (const id of ids) await world.ended(id, 'succeeded')
  assert.deepEqual([slow.requests.length, slow.most], [2, 2])
  hanging.open()
  await until('the others follow', () => slow.requests.length === 10)
})

test('a dead target is left alone, probed by one run at a time, and served when it is back', {
  timeout: 30_000,
}, async t => {
  const world = await startWorld(t)
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  const actor = world.start()
  const retry = { ...noRetry, delaysMs: Array<number>(40).fill(0) }
  const reaction = await world.reaction({ action: { url: `http://127.0.0.1:${port}` }, retry })
  const ids: string[] = []
  for (let count = 0; count < 60; count++) ids.push(await world.due(reaction))
  actor.wake()
  await until('the breaker is open', () => world.opened.length === 1)
  const given = await until('the claimed runs are given back', async () => {
    const runs = await Promise.all(ids.map(world.run))
    return runs.every(run => run.state === 'due') ? runs : null
  })
  const spent = given.reduce((sum, run) => sum + run.attempts, 0)
  assert.ok(spent >= 10 && spent < 30, `${spent} attempts`)
  assert.ok(given.some(run => run.attempts === 0 && run.tries === 0))

  const hanging = gate()
  const asked: string[] = []
  const back = createServer(async (request, response) => {
    asked.push(String(request.headers['webhook-id']))
    await hanging.wait()
    response.end()
  })
  await new Promise<void>(resolve => back.listen(port, '127.0.0.1', resolve))
  t.after(() => {
    back.closeAllConnections()
    back.close()
  })
  assert.deepEqual(asked, [])
  world.clock.aheadMs = 3_000
  actor.wake()
  await until('it is probed', () => asked.length === 1)
  assert.equal(actor.lanes()[0]?.breaker.state, 'probing')
  // React finds no place for more, and the store's runs stay there.
  assert.equal(actor.reserve(actor.lanes()[0]!.name, 0), null)
  await new Promise(resolve => setTimeout(resolve, 100))
  assert.equal(asked.length, 1)
  hanging.open()
  for (const id of ids) await world.ended(id, 'succeeded')
  assert.equal(actor.lanes()[0]?.breaker.state, 'closed')
  assert.equal(new Set(asked).size, 60)
})

test('runs that react reserved before the breaker opened are not sent into it', async t => {
  const world = await startWorld(t)
  const actor = world.start()
  const reaction = await world.reaction({ action: { url: 'http://127.0.0.1:1/' }, retry: noRetry })
  const works = []
  for (let count = 0; count < 12; count++) {
    const id = await world.due(reaction)
    const [claimed] = await world.store.execute('claimRuns', {
      lanes: [{ lane: '127.0.0.1:1', limit: 1 }],
      nowMs: Date.now(),
      leaseUntilMs: Date.now() + 60_000,
    })
    assert.equal(claimed?.run.id, id)
    assert.notEqual(actor.reserve('127.0.0.1:1', 0), null)
    works.push({ run: await world.run(id), event: toEvent(claimed.event), body: claimed.body, reaction })
  }
  const [lane] = actor.lanes()
  assert.ok(lane)
  for (const work of works.slice(0, 10)) actor.offer(work)
  await until('the breaker is open', () => world.opened.length === 1)
  for (const work of works.slice(10)) actor.offer(work)
  for (const { run } of works.slice(10)) {
    const back = await world.ended(run.id, 'due')
    assert.equal(back.attempts, 0)
  }
  await actor.stop()
  nothingLeft(actor)
})

test('a run that is cancelled in the midst of its call is called off, and its result does not count', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const world = await startWorld(t)
  const hanging = gate()
  let hungUp = false
  const sink = await startSink(t, async (_count, response) => {
    response.once('close', () => (hungUp = true))
    await hanging.wait()
  })
  const actor = world.start()
  const id = await world.due(await world.reaction({ action: { url: sink.url } }))
  actor.wake()
  await until('it is called', () => sink.requests.length === 1)
  await world.store.execute('cancelRun', { id, nowMs: Date.now(), by: 'tester' })
  t.mock.timers.tick(15_000)
  await until('the call is ended', () => hungUp)
  await until('nothing is under way', () => actor.lanes().every(lane => lane.underWay === 0))
  const run = await world.run(id)
  assert.deepEqual([run.state, run.attempts, run.label], ['cancelled', 0, 'Cancelled by tester'])
  assert.deepEqual(await world.attempts(id), [])
})

test('leases are extended while a call is under way', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const world = await startWorld(t)
  const hanging = gate()
  const sink = await startSink(t, async (_count, response) => {
    await hanging.wait()
    response.end()
  })
  const actor = world.start()
  const id = await world.due(await world.reaction({ action: { url: sink.url } }))
  actor.wake()
  await until('it is called', () => sink.requests.length === 1)
  const { dueAtMs } = await world.run(id)
  world.clock.aheadMs = 15_000
  t.mock.timers.tick(15_000)
  const extended = await until('the lease is longer', async () => {
    const run = await world.run(id)
    return run.dueAtMs !== dueAtMs ? run : null
  })
  assert.ok((extended.dueAtMs ?? 0) >= (dueAtMs ?? 0) + 14_000)
  hanging.open()
  await world.ended(id, 'succeeded')
})

test('after the machine slept, what is still under way is not tried a second time', async t => {
  const world = await startWorld(t)
  const hanging = gate()
  const sink = await startSink(t, async (_count, response) => {
    await hanging.wait()
    response.end()
  })
  const actor = world.start()
  const reaction = await world.reaction({ action: { url: sink.url } })
  const id = await world.due(reaction)
  actor.wake()
  await until('it is called', () => sink.requests.length === 1)
  world.clock.aheadMs = 600_000
  const other = await world.due(reaction)
  actor.wake()
  await until('the other is called', () => sink.requests.length === 2)
  hanging.open()
  await world.ended(other, 'succeeded')
  assert.equal((await world.ended(id, 'succeeded')).attempts, 1)
  assert.equal(sink.requests.length, 2)
})

test('what was delivered while the store was full is recorded when it is not, and delivered once', async t => {
  const world = await startWorld(t)
  const sink = await startSink(t)
  const actor = world.start()
  const id = await world.due(await world.reaction({ action: { url: sink.url } }))
  world.store.breakCommands('recordAttempt')
  actor.wake()
  await until(
    'two records were refused',
    () => world.store.asked.filter(name => name === 'recordAttempt').length > 1,
  )
  assert.equal((await world.run(id)).state, 'trying')
  world.store.mend()
  assert.equal((await world.ended(id, 'succeeded')).attempts, 1)
  assert.equal(sink.requests.length, 1)
})

test('while nothing can be claimed, act asks once a second and not more often', async t => {
  const world = await startWorld(t)
  const sink = await startSink(t)
  world.store.breakCommands('claimRuns')
  const id = await world.due(await world.reaction({ action: { url: sink.url } }))
  const actor = world.start()
  await until('it was asked', () => world.errors.length > 0)
  await new Promise(resolve => setTimeout(resolve, 300))
  assert.ok(world.errors.length <= 2, `${world.errors.length} errors`)
  world.store.mend()
  actor.wake()
  await world.ended(id, 'succeeded')
})

test('runs that must not be sent twice never wait claimed', async t => {
  const world = await startWorld(t)
  const hanging = gate()
  const sink = await startSink(t, async (_count, response) => {
    await hanging.wait()
    response.end()
  })
  const reaction = await world.reaction({ action: { url: sink.url }, onLost: 'fail', concurrency: 2 })
  const ids: string[] = []
  for (let count = 0; count < 6; count++) ids.push(await world.due(reaction))
  const actor = world.start()
  await until('two are called', () => sink.underWay === 2)
  assert.deepEqual(
    actor.lanes().map(lane => lane.claimed.length),
    [0],
  )
  const states = (await Promise.all(ids.map(world.run))).map(({ state }) => state)
  assert.deepEqual(states.toSorted(), ['due', 'due', 'due', 'due', 'trying', 'trying'])
  hanging.open()
  for (const id of ids) await world.ended(id, 'succeeded')
  assert.equal(sink.most, 2)
})

test('stop finishes what is under way and gives back what was not started', async t => {
  const world = await startWorld(t)
  const hanging = gate()
  const sink = await startSink(t, async (_count, response) => {
    await hanging.wait()
    response.end()
  })
  const reaction = await world.reaction({ action: { url: sink.url } })
  const ids: string[] = []
  for (let count = 0; count < 12; count++) ids.push(await world.due(reaction))
  const actor = world.start({ hostConcurrency: 3 })
  await until('three are called', () => sink.underWay === 3)
  let stopped = false
  const stopping = actor.stop().then(() => (stopped = true))
  await until('the others are given back', async () => {
    const runs = await Promise.all(ids.map(world.run))
    return runs.filter(({ state }) => state === 'due').length === 9
  })
  assert.equal(stopped, false)
  hanging.open()
  await stopping
  const runs = await Promise.all(ids.map(world.run))
  assert.deepEqual(
    new Set(runs.map(run => `${run.state} ${run.attempts}`)),
    new Set(['due 0', 'succeeded 1']),
  )
  assert.equal(sink.requests.length, 3)
  nothingLeft(actor)
})

test('stop in the midst of a claim gives back what it brings', async t => {
  const world = await startWorld(t)
  const sink = await startSink(t)
  const reaction = await world.reaction({ action: { url: sink.url } })
  const ids: string[] = []
  for (let count = 0; count < 5; count++) ids.push(await world.due(reaction))
  const actor = world.start()
  await until('the claim is under way', () => world.store.asked.includes('claimRuns'))
  await actor.stop()
  const runs = await Promise.all(ids.map(world.run))
  assert.ok(
    runs.every(run => run.state === 'due' || run.state === 'succeeded'),
    runs.map(r => r.state).join(),
  )
  nothingLeft(actor)
})

test('a reaction that cannot be read just now costs its runs no attempt', async t => {
  const world = await startWorld(t)
  const sink = await startSink(t)
  const reaction = await world.reaction({ action: { url: sink.url } })
  const id = await world.due(reaction)
  let fails = true
  const actor = world.start({
    reactionOf: async () => {
      if (fails) throw new Error('the store is busy')
      return reaction
    },
  })
  await until('the failure is told', () => world.errors.length > 0)
  assert.equal((await world.ended(id, 'due')).attempts, 0)
  fails = false
  actor.wake()
  assert.equal((await world.ended(id, 'succeeded')).attempts, 1)
})

test('a 410 that ends a run tells that the target is gone; one that was expected does not', async t => {
  const world = await startWorld(t)
  const sink = await startSink(t, (_count, response) => {
    response.statusCode = 410
    response.end()
  })
  const actor = world.start()
  const gone = await world.reaction({ action: { url: sink.url } })
  const success = await world.reaction({ action: { url: sink.url, successStatuses: ['410'] } })
  const again = await world.reaction({
    action: { url: sink.url },
    retry: { ...retryAtOnce, retryStatuses: [410] },
  })
  const ids = [await world.due(gone), await world.due(success), await world.due(again)]
  actor.wake()
  await world.ended(ids[0]!, 'failed')
  await world.ended(ids[1]!, 'succeeded')
  await world.ended(ids[2]!, 'failed')
  assert.deepEqual(world.gone, [gone.id])
  assert.equal(sink.requests.length, 7)
})

test('a call that the target broke off is tried again', async t => {
  const world = await startWorld(t)
  const sink = await startSink(t, (count, response) => {
    if (count === 1) response.socket?.destroy()
    else response.end()
  })
  const actor = world.start()
  const id = await world.due(await world.reaction({ action: { url: sink.url }, retry: retryAtOnce }))
  actor.wake()
  await world.ended(id, 'succeeded')
  const [first] = await world.attempts(id)
  assert.equal(first?.errorCode, 'target.reset')
})

test('who brings many runs waits a moment for a quick lane, and not at all for an idle one', async t => {
  const world = await startWorld(t)
  const { wait, open } = gate()
  const sink = await startSink(t, async (_count, response) => {
    await wait()
    response.end()
  })
  const actor = world.start({ hostConcurrency: 1 })
  const reaction = await world.reaction({ action: { url: sink.url } })
  const many = new Map([[new URL(sink.url).host, 200]])
  assert.equal(actor.quickRoom(many), null)
  const ids = [await world.due(reaction), await world.due(reaction), await world.due(reaction)]
  actor.wake()
  await until('the first call is under way', () => sink.requests.length === 1)
  const room = actor.quickRoom(many)
  assert.notEqual(room, null)
  open()
  await room
  for (const id of ids) await world.ended(id, 'succeeded')
  assert.equal(actor.quickRoom(many), null)
})
