import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Attempt, RunSummary } from './support/checker.ts'
import { createRandom, seedOfTest } from './support/random.ts'
import { endpointPath, makeRules, senderToken } from './support/rules.ts'
import { newJournal, send } from './support/sender.ts'
import { type Signalbox, start, temporaryFolder } from './support/signalbox.ts'
import { type Call, startSink } from './support/sink.ts'
import { until } from './support/until.ts'

type Run = RunSummary & { attemptList: Attempt[] }

/** Signalbox with one run whose call has reached the target, which answers when the test says so. */
async function withOneCall(t: { after(end: () => void | Promise<void>): void }) {
  const sink = await startSink(t)
  const answers: ((status: number) => void)[] = []
  sink.answer = () => new Promise(resolve => answers.push(resolve))
  const box = await start({ directory: join(temporaryFolder(t), 'data') })
  await makeRules(box, { slow: { url: sink.url, groups: ['a'], retryDelaysMs: [] } })
  const journal = newJournal()
  const random = createRandom(seedOfTest())
  const load = { path: endpointPath, token: senderToken, journal, random, groups: ['a'], connections: 1 }
  await send(box, { ...load, limit: 1 }).done
  const call = (number: number): Promise<Call> =>
    until(
      () => `call ${number} reaches the target`,
      () => sink.calls[number - 1],
    )
  const { webhookId: id } = await call(1)
  return {
    id,
    call,
    calls: sink.calls,
    answer: (number: number, status: number) => answers[number - 1]!(status),
    byHand: (verb: 'cancel' | 'retry') => box.api<RunSummary>('POST', `/api/runs/${id}/${verb}`),
    run: () => box.api<Run>('GET', `/api/runs/${id}`),
    /** What was under way and has ended is recorded, or refused. */
    underWay: (count: number) =>
      until(
        () => `${count} attempts are under way`,
        async () => (await attemptsUnderWay(box)) === count,
      ),
  }
}

async function attemptsUnderWay(box: Signalbox): Promise<number> {
  const { lanes } = await box.api<{ lanes: { underWay: number }[] }>('GET', '/api/status')
  return lanes.reduce((sum, lane) => sum + lane.underWay, 0)
}

test('The result of an attempt whose run was cancelled meanwhile changes nothing', async t => {
  const { answer, byHand, run, underWay } = await withOneCall(t)
  await byHand('cancel')
  answer(1, 200)
  await underWay(0)
  const { state, attemptList } = await run()
  assert.equal(state, 'cancelled', 'the late result ended the cancelled run')
  assert.deepEqual(attemptList, [])
})

test('The result of an attempt that a newer one has overtaken changes nothing, and the newer one counts', async t => {
  const { id, call, calls, answer, byHand, run, underWay } = await withOneCall(t)
  await byHand('cancel')
  await byHand('retry')
  assert.equal((await call(2)).webhookId, id)
  answer(1, 500)
  await underWay(1)
  assert.equal((await run()).state, 'trying', 'the overtaken attempt ended the run')
  answer(2, 200)
  await underWay(0)
  const { state, attemptList } = await run()
  assert.equal(state, 'succeeded')
  assert.deepEqual(
    attemptList.map(({ number, outcome, response }) => [number, outcome, response?.status]),
    [[1, 'succeeded', 200]],
  )
  assert.equal(calls.length, 2)
})
