import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isFinal, type RunState } from '../../core/run.ts'
import type { RecordAttempt } from '../hot.ts'
import type { Storage } from '../port.ts'
import { anAttempt, claim, makeRuns } from './builders.ts'
import type { Scenario } from './store.ts'

/**
 * The state machine at the head of core/run.ts, driven through the storage commands in any order, with a clock of its
 * own, beside a model that says how each run must stand. Claims are never forgotten: a claimant may come back at any
 * time and record under a claim that was lost long ago.
 */
interface ModelRun {
  id: string
  state: RunState
  onLost: 'retry' | 'fail'
  dueAtMs: number | null
  claimNo: number
  attempts: number
  tries: number
  deadlineAtMs: number
  endedAtMs: number | null
}

interface Model {
  nowMs: number
  runs: ModelRun[]
  claims: { id: string; claimNo: number; attempts: number }[]
  told: Set<string>
}

interface Real {
  storage: Storage
  lane: string
  reactionId: string
}

type Step = fc.AsyncCommand<Model, Real>

const leaseMs = 60_000

/** A command that changes the model and the store alike; afterwards every run must stand the same in both. */
function step(
  name: string,
  run: (model: Model, real: Real) => Promise<void>,
  check: (model: Model) => boolean = () => true,
): Step {
  return {
    check: model => check({ ...model }),
    async run(model, real) {
      const before = new Map(model.runs.map(one => [one.id, { ...one }]))
      await run(model, real)
      await compare(model, real, name, before)
    },
    toString: () => name,
  }
}

async function compare(
  model: Model,
  { storage }: Real,
  name: string,
  before: Map<string, ModelRun>,
): Promise<void> {
  for (const expected of model.runs) {
    const row = await storage.read('run', { id: expected.id })
    assert.ok(row)
    const actual: ModelRun = {
      id: row.id,
      state: row.state as RunState,
      onLost: expected.onLost,
      dueAtMs: row.due_at,
      claimNo: row.claim_no,
      attempts: row.attempts,
      tries: row.tries,
      deadlineAtMs: row.deadline_at,
      endedAtMs: row.ended_at,
    }
    assert.deepEqual(actual, expected, `after ${name}`)
    const waits = actual.state === 'due' || actual.state === 'trying'
    assert.equal(
      actual.dueAtMs !== null,
      waits,
      'a run has a due time while it is due or trying, and only then',
    )
    assert.equal(actual.endedAtMs !== null, isFinal(actual.state), 'a run has ended when its state is final')
    const former = before.get(actual.id)
    if (former && isFinal(former.state) && !name.startsWith('retry'))
      assert.deepEqual(actual, former, 'what is final changes only by a retry')
  }
}

const runAt = (model: Model, index: number): ModelRun => model.runs[index % model.runs.length]!
const someRun = (model: Model) => model.runs.length > 0
const end = (run: ModelRun, state: RunState, nowMs: number) =>
  Object.assign(run, { state, dueAtMs: null, endedAtMs: nowMs })

const wait = (ms: number): Step =>
  step(`wait ${ms}`, async model => {
    model.nowMs += ms
  })

const make = (onLost: 'retry' | 'fail', held: boolean, patienceMs: number): Step =>
  step(
    `make ${onLost}${held ? ' held' : ''} for ${patienceMs}`,
    async (model, { storage, lane, reactionId }) => {
      const { nowMs } = model
      const state = held ? 'held' : 'due'
      const dueAtMs = held ? null : nowMs
      const deadlineAtMs = nowMs + patienceMs
      const [run] = await makeRuns(storage, {
        lane,
        reactionId,
        onLost,
        state,
        dueAtMs,
        createdAtMs: nowMs,
        deadlineAtMs,
      })
      const fresh = { claimNo: 0, attempts: 0, tries: 0, endedAtMs: null }
      model.runs.push({ id: run!.id, state, onLost, dueAtMs, deadlineAtMs, ...fresh })
    },
  )

const claimSome = (limit: number): Step =>
  step(`claim ${limit}`, async (model, { storage, lane }) => {
    const { nowMs } = model
    const due = model.runs
      .filter(run => run.dueAtMs !== null && run.dueAtMs <= nowMs)
      .sort((a, b) => a.dueAtMs! - b.dueAtMs!)
      .slice(0, limit)
    for (const run of due) {
      if (run.state === 'trying') {
        run.attempts++
        run.tries++
        if (run.onLost === 'fail') {
          end(run, 'failed', nowMs)
          model.told.add(`run.failed ${run.id} ${run.attempts}`)
          continue
        }
      }
      Object.assign(run, { state: 'trying', claimNo: run.claimNo + 1, dueAtMs: nowMs + leaseMs })
      model.claims.push({ id: run.id, claimNo: run.claimNo, attempts: run.attempts })
    }
    const claimed = await claim(storage, nowMs, [{ lane, limit }])
    assert.deepEqual(
      claimed.map(({ run }) => run.id),
      due.filter(run => run.state === 'trying').map(run => run.id),
    )
  })

const recordOne = (index: number, next: RecordAttempt['next'], delayMs: number): Step =>
  step(
    `record ${next.state}`,
    async (model, { storage }) => {
      const { nowMs } = model
      const held = model.claims[index % model.claims.length]!
      const run = model.runs.find(one => one.id === held.id)!
      const counts = run.state === 'trying' && run.claimNo === held.claimNo
      const dueAtMs = next.state === 'due' ? nowMs + delayMs : null
      const claimed = { id: held.id, claim_no: held.claimNo, attempts: held.attempts }
      const attempt = anAttempt(claimed, { endedAtMs: nowMs, next: { ...next, dueAtMs } })
      const { recorded } = await storage.execute('recordAttempt', attempt)
      assert.equal(recorded, counts, 'a result counts under the claim that is held now, and no other')
      if (!counts) return
      run.attempts++
      run.tries++
      Object.assign(run, { state: next.state, dueAtMs, endedAtMs: isFinal(next.state) ? nowMs : null })
    },
    model => model.claims.length > 0,
  )

const refusedOr = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    (error: unknown) => {
      assert.equal((error as { code: string }).code, 'state-conflict')
      return false
    },
  )

const retry = (index: number): Step =>
  step(
    'retry',
    async (model, { storage }) => {
      const run = runAt(model, index)
      const { nowMs } = model
      const deadlineAtMs = nowMs + 500_000
      const done = await refusedOr(
        storage.execute('retryRun', { id: run.id, nowMs, deadlineAtMs, by: 'Ada' }),
      )
      assert.equal(done, ['due', 'failed', 'timed-out', 'cancelled'].includes(run.state))
      if (run.state === 'due') run.dueAtMs = Math.min(run.dueAtMs ?? nowMs, nowMs)
      else if (done)
        Object.assign(run, { state: 'due', dueAtMs: nowMs, deadlineAtMs, tries: 0, endedAtMs: null })
    },
    someRun,
  )

const cancel = (index: number): Step =>
  step(
    'cancel',
    async (model, { storage }) => {
      const run = runAt(model, index)
      const done = await refusedOr(
        storage.execute('cancelRun', { id: run.id, nowMs: model.nowMs, by: 'Ada' }),
      )
      assert.equal(done, !isFinal(run.state))
      if (done) Object.assign(end(run, 'cancelled', model.nowMs), { claimNo: run.claimNo + 1 })
    },
    someRun,
  )

const expire = (): Step =>
  step('expire', async (model, { storage }) => {
    const { nowMs } = model
    const late = model.runs.filter(
      run => run.state === 'due' && run.dueAtMs! <= nowMs && run.deadlineAtMs <= nowMs,
    )
    for (const run of late) {
      end(run, 'timed-out', nowMs)
      model.told.add(`run.timed-out ${run.id} ${run.attempts}`)
    }
    const expired = new Set(await storage.execute('expireRuns', { nowMs, limit: 10_000 }))
    for (const run of late) assert.ok(expired.has(run.id))
  })

const release = (limit: number): Step =>
  step(`release ${limit}`, async (model, { storage, reactionId }) => {
    const held = model.runs.filter(run => run.state === 'held').slice(0, limit)
    for (const run of held) Object.assign(run, { state: 'due', dueAtMs: model.nowMs })
    assert.equal(await storage.execute('releaseHeld', { reactionId, nowMs: model.nowMs, limit }), held.length)
  })

const extend = (index: number): Step =>
  step(
    'extend',
    async (model, { storage }) => {
      const { id: runId, claimNo } = model.claims[index % model.claims.length]!
      const run = model.runs.find(one => one.id === runId)!
      const holds = run.state === 'trying' && run.claimNo === claimNo
      const leaseUntilMs = model.nowMs + leaseMs
      const gone = await storage.execute('extendLeases', { claims: [{ runId, claimNo }], leaseUntilMs })
      assert.deepEqual(gone, holds ? [] : [runId])
      if (holds) run.dueAtMs = leaseUntilMs
    },
    model => model.claims.length > 0,
  )

const restart = (): Step =>
  step('restart', async (model, { storage }) => {
    for (const run of model.runs) if (run.state === 'trying') run.dueAtMs = model.nowMs
    await storage.execute('releaseLeases', { nowMs: model.nowMs })
  })

const anyIndex = fc.nat(50)
const anyLimit = fc.integer({ min: 1, max: 4 })
const steps = [
  fc.integer({ min: 1, max: 100_000 }).map(wait),
  fc
    .tuple(fc.constantFrom('retry', 'fail'), fc.boolean(), fc.integer({ min: 1, max: 300_000 }))
    .map(args => make(...args)),
  anyLimit.map(claimSome),
  anyLimit.map(claimSome),
  fc
    .tuple(
      anyIndex,
      fc.constantFrom<RunState>('succeeded', 'failed', 'timed-out', 'due', 'in-progress'),
      fc.nat(90_000),
    )
    .map(([index, state, delayMs]) => recordOne(index, { state, dueAtMs: null, label: state }, delayMs)),
  anyIndex.map(retry),
  anyIndex.map(cancel),
  fc.constant(null).map(expire),
  anyLimit.map(release),
  anyIndex.map(extend),
  fc.constant(null).map(restart),
]

export function runMachineScenarios(scenario: Scenario): void {
  scenario(
    'a run follows its state machine, whatever happens to it and in whatever order',
    async ({ storage }) => {
      let games = 0
      await fc.assert(
        fc.asyncProperty(fc.commands(steps, { maxCommands: 60, size: '+1' }), async commands => {
          const game = ++games
          const model: Model = { nowMs: game * 10_000_000, runs: [], claims: [], told: new Set() }
          const real: Real = { storage, lane: `lane ${game}`, reactionId: `rea_game_${game}` }
          await fc.asyncModelRun(() => ({ model, real }), commands)
          await checkRecords(model, storage)
          for (const { id, state } of model.runs) {
            // The next game's clock is ahead: what is left over would expire in it.
            if (!isFinal(state)) await storage.execute('cancelRun', { id, nowMs: model.nowMs, by: 'the end' })
          }
        }),
        { numRuns: 40 },
      )
    },
  )
}

/** Every attempt has its record, numbered from one, and every end that we brought about is told once. */
async function checkRecords(model: Model, storage: Storage): Promise<void> {
  for (const run of model.runs) {
    const attempts = await storage.query('attemptsOfRun', { runId: run.id })
    assert.deepEqual(
      attempts.map(attempt => attempt.number),
      Array.from({ length: run.attempts }, (_, index) => index + 1),
    )
    const filter = { kindTypes: ['signalbox'], target: { type: 'run', value: run.id } }
    const input = { filter, before: null, limit: 100, deadlineAtMs: Date.now() + 10_000 }
    const { events } = await storage.query('listEvents', input)
    const told = [...model.told].filter(one => one.split(' ')[1] === run.id)
    assert.deepEqual(
      events.map(event => event.kind_name).toReversed(),
      told.map(one => one.split(' ')[0]),
    )
  }
}
