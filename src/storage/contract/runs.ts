import assert from 'node:assert/strict'
import type { RecordAttempt } from '../hot.ts'
import type { Storage } from '../port.ts'
import { toEvent } from '../rows.ts'
import {
  anAttempt,
  anEvent,
  append,
  aRun,
  aRunEvent,
  claim,
  claimedRun,
  commitReacted,
  createReaction,
  makeRuns,
} from './builders.ts'
import { type Scenario, settled } from './store.ts'

const record = (storage: Storage, attempt: RecordAttempt) => storage.execute('recordAttempt', attempt)

const runOf = async (storage: Storage, id: string) => {
  const run = await storage.read('run', { id })
  assert.ok(run, `the run ${id} is there`)
  return run
}

/** Own events of a kind, as the store holds them. */
const ownEvents = async (storage: Storage, kindName: string) => {
  const filter = { kindTypes: ['signalbox'], kindNames: [kindName] }
  const deadlineAtMs = Date.now() + 10_000
  const { events } = await storage.query('listEvents', { filter, before: null, limit: 100, deadlineAtMs })
  return events.map(toEvent)
}

const refusedAs = (code: string) => ({ name: 'Refusal', code })

export function reactScenarios(scenario: Scenario): void {
  scenario(
    'a matching reaction gets one run per event and occasion, however often it is committed',
    async ({ storage }) => {
      const event = anEvent()
      const { position } = await storage.execute('appendEvent', event)
      const runs = [aRun(event.id, { reactionId: 'rea_1' }), aRun(event.id, { reactionId: 'rea_2' })]
      const first = await commitReacted(storage, { position, runs })
      assert.ok(!first.stale && first.positions.every(one => one > position))

      const same = await commitReacted(storage, { position, runs })
      assert.deepEqual(same, { stale: false, positions: [0, 0] })
      const others = runs.map(run => ({ ...run, id: `${run.id}b` }))
      const again = await commitReacted(storage, {
        position,
        runs: [...others, aRun(event.id, { occasion: 'replay 1' })],
      })
      assert.ok(!again.stale)
      assert.deepEqual(again.positions.slice(0, 2), [0, 0])
      assert.ok(again.positions[2]! > 0)
      assert.equal((await storage.query('runsOfEvent', { eventId: event.id })).length, 3)
    },
  )

  scenario('the same run twice in one commit is one run', async ({ storage }) => {
    const event = anEvent()
    const { position } = await storage.execute('appendEvent', event)
    const reacted = await commitReacted(storage, { position, runs: [aRun(event.id), aRun(event.id)] })
    assert.ok(!reacted.stale)
    assert.deepEqual(
      reacted.positions.map(one => one > 0),
      [true, false],
    )
  })

  scenario('own events come with the runs that they tell of, and are not told again', async ({ storage }) => {
    const event = anEvent()
    const { position } = await storage.execute('appendEvent', event)
    const commit = () => {
      const run = aRun(event.id)
      return commitReacted(storage, { position, runs: [run], ownEvents: [aRunEvent(run.id, event.id)] })
    }
    await commit()
    await commit()
    assert.equal((await ownEvents(storage, 'run.created')).length, 1)
  })

  scenario(
    'what was matched with an older configuration is stale, and changes nothing',
    async ({ storage }) => {
      const event = anEvent()
      const { position } = await storage.execute('appendEvent', event)
      const { config_version: version } = await createReaction(storage)
      const runs = [aRun(event.id)]
      assert.deepEqual(await commitReacted(storage, { position, runs }), {
        stale: true,
        configVersion: version,
      })
      assert.deepEqual(await storage.query('runsOfEvent', { eventId: event.id }), [])
      assert.equal(await storage.read('reactPosition', { partition: 0 }), 0)
      assert.equal((await commitReacted(storage, { position, runs, configVersion: version })).stale, false)
    },
  )

  scenario('the position of a partition moves forward only', async ({ storage }) => {
    assert.equal(await storage.read('reactPosition', { partition: 3 }), 0)
    await commitReacted(storage, { partition: 3, position: 50 })
    await commitReacted(storage, { partition: 3, position: 40 })
    assert.equal(await storage.read('reactPosition', { partition: 3 }), 50)
    assert.equal(await storage.read('reactPosition', { partition: 0 }), 0)
  })

  scenario('two reactors on one partition make no run twice', async store => {
    const nodes = [store.storage, await store.node()]
    const events = Array.from({ length: 10 }, () => anEvent())
    const appended = await Promise.all(events.map(event => store.storage.execute('appendEvent', event)))
    const position = Math.max(...appended.map(one => one.position))
    const reacted = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        commitReacted(nodes[index % 2]!, { position, runs: events.map(event => aRun(event.id)) }),
      ),
    )
    const made = reacted.flatMap(one => (one.stale ? [] : one.positions)).filter(one => one > 0)
    assert.equal(made.length, 10)
    const { runs } = await store.storage.query('listRuns', { filter: {}, before: null, limit: 100 })
    assert.equal(new Set(runs.map(run => run.event_id)).size, 10)
  })

  scenario('the configuration that an event was matched with is known afterwards', async ({ storage }) => {
    const at = (position: number) => storage.query('configVersionOf', { partition: 0, position })
    const first = await append(storage)
    await commitReacted(storage, { position: first.position })
    assert.equal(await at(first.position), 0)

    const reaction = await createReaction(storage)
    const second = await append(storage)
    assert.equal(await at(second.position), null, 'react has not come to it')
    await commitReacted(storage, { position: second.position, configVersion: reaction.config_version })
    assert.equal(await at(second.position), reaction.config_version)
    assert.equal(await at(first.position), 0)
  })
}

export function claimScenarios(scenario: Scenario): void {
  scenario('a claim gives the run, its event and its body, and counts', async ({ storage }) => {
    const [run] = await makeRuns(storage, { team: 'core' })
    const [claimed, ...others] = await claim(storage, 1_500)
    assert.deepEqual(others, [])
    assert.deepEqual({ ...claimed!.run }, { ...(await runOf(storage, run!.id)) })
    const { state, due_at, claim_no, team } = claimed!.run
    assert.deepEqual(
      { state, due_at, claim_no, team },
      { state: 'trying', due_at: 61_500, claim_no: 1, team: 'core' },
    )
    assert.equal(claimed!.event.id, run!.eventId)
    assert.equal(Buffer.from(claimed!.body).toString(), '{"hello":1}')
  })

  scenario('each lane gives its oldest due runs, up to its own limit', async ({ storage }) => {
    const due = (lane: string, ...times: number[]) => times.map(dueAtMs => ({ lane, dueAtMs }))
    const runs = await makeRuns(
      storage,
      ...due('a', 30, 10, 20, 5_000).map((set, index) => ({ ...set, reactionId: `a${index}` })),
      ...due('b', 40, 15).map((set, index) => ({ ...set, reactionId: `b${index}` })),
      { lane: 'c', dueAtMs: 1, reactionId: 'c0' },
    )
    assert.deepEqual(await storage.read('dueLanes', null), [
      { lane: 'a', dueAtMs: 10 },
      { lane: 'b', dueAtMs: 15 },
      { lane: 'c', dueAtMs: 1 },
    ])
    const claimed = await claim(storage, 100, [
      { lane: 'b', limit: 10 },
      { lane: 'a', limit: 2 },
      { lane: 'nobody', limit: 5 },
    ])
    assert.deepEqual(
      claimed.map(({ run }) => run.id),
      [runs[5]!.id, runs[4]!.id, runs[1]!.id, runs[2]!.id],
    )
    assert.deepEqual(
      (await claim(storage, 100, [{ lane: 'a', limit: 9 }])).map(({ run }) => run.id),
      [runs[0]!.id],
    )
    assert.deepEqual(await claim(storage, 4_999, [{ lane: 'a', limit: 9 }]), [])
  })

  scenario('a run is claimed by one of many nodes', async store => {
    const nodes = [store.storage, await store.node(), await store.node()]
    await makeRuns(store.storage, ...Array.from({ length: 60 }, () => ({})))
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        claim(nodes[index % 3]!, 2_000, [{ lane: 'example.com', limit: 10 }]),
      ),
    )
    const ids = claims.flat().map(({ run }) => run.id)
    assert.equal(new Set(ids).size, ids.length, 'none twice')
    const rest = await claim(store.storage, 2_000)
    assert.equal(ids.length + rest.length, 60)
  })

  scenario('what a claimant records settles the run and is kept with its bodies', async ({ storage }) => {
    const claimed = await claimedRun(storage)
    const attempt = anAttempt(claimed.run, {
      request: Buffer.from([0, 1, 255]),
      response: Buffer.from('thanks'),
      record: '{"status":200}',
    })
    assert.deepEqual(await record(storage, attempt), { recorded: true })
    const run = await runOf(storage, claimed.run.id)
    const { state, due_at, ended_at, attempts, tries, label } = run
    assert.deepEqual(
      { state, due_at, ended_at, attempts, tries, label },
      { state: 'succeeded', due_at: null, ended_at: 2_100, attempts: 1, tries: 1, label: '200 OK' },
    )
    const [stored] = await storage.query('attemptsOfRun', { runId: run.id })
    const { request, response, position, ...rest } = stored!
    assert.deepEqual([...request], [0, 1, 255])
    assert.equal(Buffer.from(response).toString(), 'thanks')
    assert.ok(position > run.position)
    assert.deepEqual(
      { ...rest },
      {
        run_id: run.id,
        number: 1,
        started_at: 2_000,
        ended_at: 2_100,
        outcome: 'succeeded',
        error_code: null,
        message: '',
        status: 200,
        record: '{"status":200}',
        run_state: 'succeeded',
        run_due_at: null,
      },
    )
  })

  scenario('a run that is to be tried again is due again, and not ended', async ({ storage }) => {
    const { run } = await claimedRun(storage)
    const next = { state: 'due', dueAtMs: 9_000, label: 'next try soon' } as const
    await record(storage, anAttempt(run, { outcome: 'failed', errorCode: 'http.status', status: 500, next }))
    assert.deepEqual(await claim(storage, 8_999), [])
    const [again] = await claim(storage, 9_000)
    const { claim_no, attempts, tries, ended_at } = again!.run
    assert.deepEqual(
      { claim_no, attempts, tries, ended_at },
      { claim_no: 2, attempts: 1, tries: 1, ended_at: null },
    )
  })

  scenario(
    'nothing is recorded under a claim that was overtaken, not even its own events',
    async ({ storage }) => {
      const { run } = await claimedRun(storage)
      const [second] = await claim(storage, 70_000)
      const told = [aRunEvent(run.id, run.event_id)]
      assert.deepEqual(await record(storage, anAttempt(run, { ownEvents: told })), { recorded: false })
      assert.equal((await runOf(storage, run.id)).state, 'trying')
      assert.deepEqual(await ownEvents(storage, 'run.created'), [])
      assert.deepEqual(await record(storage, anAttempt(second!.run, { ownEvents: told })), { recorded: true })
      assert.equal((await ownEvents(storage, 'run.created')).length, 1)
      assert.deepEqual(await record(storage, anAttempt(second!.run)), { recorded: false }, 'once is enough')
    },
  )

  scenario('of results that are recorded at once each settles its own run', async ({ storage }) => {
    await makeRuns(storage, ...Array.from({ length: 30 }, () => ({})))
    const claimed = await claim(storage, 1_000)
    const recorded = await Promise.all(
      claimed.map(({ run }, index) =>
        record(
          storage,
          anAttempt(index % 3 === 0 ? { ...run, claim_no: 9 } : run, {
            request: Buffer.from(`request of ${run.id}`),
            next: { state: 'succeeded', dueAtMs: null, label: run.id },
          }),
        ),
      ),
    )
    for (const [index, { run }] of claimed.entries()) {
      assert.equal(recorded[index]!.recorded, index % 3 !== 0)
      const attempts = await storage.query('attemptsOfRun', { runId: run.id })
      const requests = attempts.map(attempt => Buffer.from(attempt.request).toString())
      assert.deepEqual(requests, index % 3 === 0 ? [] : [`request of ${run.id}`])
      assert.equal((await runOf(storage, run.id)).label, index % 3 === 0 ? 'Due' : run.id)
    }
  })

  scenario('a lost attempt is recorded, and its run tried again', async ({ storage }) => {
    const { run } = await claimedRun(storage, { onLost: 'retry' })
    assert.deepEqual(await claim(storage, 60_999), [], 'the lease still holds')
    const [again] = await claim(storage, 61_000)
    const { id, claim_no, attempts, tries, state, label } = again!.run
    assert.deepEqual(
      { id, claim_no, attempts, tries, state, label },
      {
        id: run.id,
        claim_no: 2,
        attempts: 1,
        tries: 1,
        state: 'trying',
        label: 'An attempt was lost; trying again',
      },
    )
    assert.deepEqual({ ...(await runOf(storage, id)) }, { ...again!.run })
    const [lost] = await storage.query('attemptsOfRun', { runId: id })
    assert.equal(lost!.outcome, 'lost')
    assert.equal(lost!.error_code, 'attempt.lost')
    assert.deepEqual(await ownEvents(storage, 'run.failed'), [])
  })

  scenario(
    'where twice is worse than not knowing, a lost attempt fails the run and tells of it',
    async ({ storage }) => {
      const reaction = await createReaction(storage, { name: 'charge-card' })
      const event = anEvent({ hops: 4 })
      const { position } = await storage.execute('appendEvent', event)
      const failing = aRun(event.id, { reactionId: reaction.reaction_id, onLost: 'fail', team: 'core' })
      const other = aRun(event.id, { reactionId: 'rea_other' })
      const configVersion = reaction.config_version
      await commitReacted(storage, { position, configVersion, runs: [failing, other] })
      await claim(storage, 1_000)
      const claimed = await claim(storage, 100_000)
      assert.deepEqual(
        claimed.map(({ run }) => run.id),
        [other.id],
      )
      const run = await runOf(storage, failing.id)
      assert.equal(run.state, 'failed')
      assert.equal(run.ended_at, 100_000)
      assert.equal(run.due_at, null)
      const [told, ...more] = await ownEvents(storage, 'run.failed')
      assert.deepEqual(more, [])
      assert.deepEqual(told!.cause, { runId: failing.id, eventId: event.id })
      assert.equal(told!.error, run.label)
      assert.equal(told!.hops, 5)
      assert.equal(told!.team, 'core')
      assert.deepEqual(told!.targets, [
        { type: 'run', value: failing.id },
        { type: 'reaction', value: 'charge-card' },
      ])
    },
  )

  scenario('a run that is born claimed can be recorded by its maker', async ({ storage }) => {
    const [run] = await makeRuns(storage, { state: 'trying', dueAtMs: 61_000 })
    assert.deepEqual(await claim(storage, 2_000), [])
    const stored = await runOf(storage, run!.id)
    assert.equal(stored.claim_no, 1)
    assert.deepEqual(await record(storage, anAttempt(stored)), { recorded: true })
  })
}

export function runScenarios(scenario: Scenario): void {
  const by = 'Ada'

  scenario('a failed run is opened again: the same run, its tries counted from zero', async ({ storage }) => {
    const { run } = await claimedRun(storage)
    await record(
      storage,
      anAttempt(run, { outcome: 'failed', next: { state: 'failed', dueAtMs: null, label: 'no' } }),
    )
    const retried = await storage.execute('retryRun', { id: run.id, nowMs: 5_000, deadlineAtMs: 9_000, by })
    const { state, due_at, tries, attempts, ended_at, deadline_at, label } = retried
    assert.deepEqual(
      { state, due_at, tries, attempts, ended_at, deadline_at, label },
      {
        state: 'due',
        due_at: 5_000,
        tries: 0,
        attempts: 1,
        ended_at: null,
        deadline_at: 9_000,
        label: 'Retried by Ada',
      },
    )
    const [claimed] = await claim(storage, 5_000)
    assert.equal(claimed!.run.id, run.id)
    assert.deepEqual(await record(storage, anAttempt(claimed!.run)), { recorded: true })
    assert.equal((await storage.query('attemptsOfRun', { runId: run.id })).length, 2)
  })

  scenario('a run that succeeded, or has not ended, is not opened again', async ({ storage }) => {
    const retry = (id: string) => storage.execute('retryRun', { id, nowMs: 1, deadlineAtMs: 2, by })
    const { run } = await claimedRun(storage)
    await assert.rejects(retry(run.id), refusedAs('state-conflict'))
    await record(storage, anAttempt(run))
    await assert.rejects(retry(run.id), refusedAs('state-conflict'))
    await assert.rejects(retry('r_none'), refusedAs('not-found'))
    assert.equal((await runOf(storage, run.id)).state, 'succeeded')
  })

  scenario('a cancelled run has ended, and whoever was trying it records nothing', async ({ storage }) => {
    const { run } = await claimedRun(storage)
    const cancelled = await storage.execute('cancelRun', { id: run.id, nowMs: 3_000, by })
    assert.equal(cancelled.state, 'cancelled')
    assert.equal(cancelled.ended_at, 3_000)
    assert.deepEqual(await record(storage, anAttempt(run)), { recorded: false })
    assert.deepEqual({ ...(await runOf(storage, run.id)) }, { ...cancelled })
    await assert.rejects(
      storage.execute('cancelRun', { id: run.id, nowMs: 4_000, by }),
      refusedAs('state-conflict'),
    )
    await assert.rejects(storage.execute('cancelRun', { id: 'r_none', nowMs: 1, by }), refusedAs('not-found'))
  })

  scenario('a replay makes runs of an occasion of its own, once', async ({ storage }) => {
    const [run] = await makeRuns(storage, {})
    const { eventId } = run!
    const replay = (occasion: string) => {
      const again = aRun(eventId, { reactionId: run!.reactionId, occasion })
      return storage.execute('replayEvent', { eventId, runs: [again] })
    }
    assert.equal((await replay('occ_1')).created.length, 1)
    assert.equal((await replay('occ_1')).created.length, 0)
    assert.equal((await replay('occ_2')).created.length, 1)
    assert.equal((await storage.query('runsOfEvent', { eventId })).length, 3)
    await assert.rejects(
      storage.execute('replayEvent', { eventId: 'evt_none', runs: [] }),
      refusedAs('not-found'),
    )
  })

  scenario(
    'held runs wait for their reaction and are released in steps, oldest first',
    async ({ storage }) => {
      const held = { state: 'held', dueAtMs: null, reactionId: 'rea_p' } as const
      const runs = await makeRuns(storage, ...['1', '2', '3'].map(occasion => ({ ...held, occasion })), {
        reactionId: 'rea_q',
      })
      assert.equal((await claim(storage, 9_000)).length, 1)
      assert.deepEqual(await storage.query('reactionsWithHeldRuns', null), ['rea_p'])
      assert.deepEqual(await storage.query('countWaitingRuns', null), { due: 1, held: 3 })
      const release = () => storage.execute('releaseHeld', { reactionId: 'rea_p', nowMs: 7_000, limit: 2 })
      assert.equal(await release(), 2)
      const released = await claim(storage, 7_000)
      assert.deepEqual(
        released.map(({ run }) => run.id),
        runs.slice(0, 2).map(run => run.id),
      )
      assert.equal(await release(), 1)
      assert.equal(await release(), 0)
      assert.deepEqual(await storage.query('reactionsWithHeldRuns', null), [])
      assert.deepEqual(await storage.query('countWaitingRuns', null), { due: 4, held: 0 })
    },
  )

  scenario('a run whose deadline passed while it waited is timed out, and told of', async ({ storage }) => {
    const [late, early, later] = await makeRuns(
      storage,
      { deadlineAtMs: 5_000, team: 'core' },
      { deadlineAtMs: 5_001 },
      { deadlineAtMs: 5_000, dueAtMs: 6_000 },
    )
    const expired = await storage.execute('expireRuns', { nowMs: 5_000, limit: 10 })
    assert.deepEqual(expired, [late!.id])
    const { state, ended_at, due_at, label } = await runOf(storage, late!.id)
    assert.deepEqual({ state, ended_at, due_at }, { state: 'timed-out', ended_at: 5_000, due_at: null })
    for (const run of [early!, later!]) assert.equal((await runOf(storage, run.id)).state, 'due')
    const [told, ...more] = await ownEvents(storage, 'run.timed-out')
    assert.deepEqual(more, [])
    assert.equal(told!.error, label)
    assert.equal(told!.hops, 3)
    assert.equal(told!.team, 'core')
    assert.deepEqual(told!.cause, { runId: late!.id, eventId: late!.eventId })
    assert.deepEqual(await storage.execute('expireRuns', { nowMs: 5_000, limit: 10 }), [])
  })

  scenario('a lease is extended while its claim holds', async ({ storage }) => {
    const { run } = await claimedRun(storage)
    const extend = (claimNo: number) =>
      storage.execute('extendLeases', { claims: [{ runId: run.id, claimNo }], leaseUntilMs: 90_000 })
    assert.deepEqual(await extend(1), [])
    assert.deepEqual(await claim(storage, 89_999), [])
    assert.deepEqual(await extend(2), [run.id])
    await record(storage, anAttempt(run))
    assert.deepEqual(await extend(1), [run.id])
  })

  scenario(
    'the leases of a process that is gone are released, and what waits is left alone',
    async ({ storage }) => {
      await makeRuns(storage, {}, { dueAtMs: 8_000 })
      await claim(storage, 1_000)
      assert.equal(await storage.execute('releaseLeases', { nowMs: 1_500 }), 1)
      const claimed = await claim(storage, 1_500)
      assert.deepEqual(
        claimed.map(({ run }) => run.attempts),
        [1],
      )
    },
  )

  scenario('people and claimants who change one run at once end in one state', async store => {
    const nodes = [store.storage, await store.node()]
    await makeRuns(store.storage, ...Array.from({ length: 20 }, () => ({})))
    const claimed = await claim(store.storage, 1_000)
    const results = await Promise.all(
      claimed.map(({ run }, index) =>
        Promise.allSettled([
          record(nodes[index % 2]!, anAttempt(run)),
          nodes[(index + 1) % 2]!.execute('cancelRun', { id: run.id, nowMs: 3_000, by }),
        ]),
      ),
    )
    for (const [index, { run }] of claimed.entries()) {
      const [recorded, cancelled] = results[index]!
      const won = recorded.status === 'fulfilled' && recorded.value.recorded
      assert.notEqual(won, cancelled.status === 'fulfilled', 'exactly one of them counts')
      assert.equal((await runOf(store.storage, run.id)).state, won ? 'succeeded' : 'cancelled')
    }
    await settled(store.storage, 1)
  })
}
