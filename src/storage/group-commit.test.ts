import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { commitBatch } from './batch.ts'
import type { Command, Failure, Outcome } from './command.ts'
import { anEvent } from './contract/builders.ts'
import { createGroupCommit } from './group-commit.ts'
import { StorageError } from './port.ts'

const done = (commands: readonly Command[]): Outcome[] => commands.map(() => ({ ok: true, value: null }))
const append = (bytes = 0): Command => ({
  name: 'appendEvent',
  input: anEvent({ body: new Uint8Array(bytes), detail: '' }),
})
const full: Failure = { code: 'storage.full', message: 'The disk is full', retryable: true, cause: 'ENOSPC' }
const turn = () => new Promise(resolve => setImmediate(resolve))

/** A commit that answers when it is told to. */
function slowCommits() {
  const batches: Command[][] = []
  const answers: ((outcomes: Outcome[]) => void)[] = []
  const commits = createGroupCommit(
    commands =>
      new Promise(resolve => {
        batches.push(commands)
        answers.push(resolve)
      }),
    () => {},
  )
  return { commits, batches, answer: (index: number) => answers[index]!(done(batches[index]!)) }
}

test('what comes while a commit is under way leaves with the next one', async () => {
  const { commits, batches, answer } = slowCommits()
  const first = commits.execute(append())
  await turn()
  const others = [commits.execute(append()), commits.execute(append())]
  await turn()
  assert.deepEqual(
    batches.map(batch => batch.length),
    [1],
  )
  answer(0)
  await first
  others.push(commits.execute(append()))
  await turn()
  assert.deepEqual(
    batches.map(batch => batch.length),
    [1, 3],
    'what an answer sets off leaves with it, too',
  )
  answer(1)
  await Promise.all(others)
})

test('a transaction is bounded by its commands and by their bytes', async () => {
  const sizes: number[] = []
  const commits = createGroupCommit(
    async commands => {
      sizes.push(commands.length)
      return done(commands)
    },
    () => {},
  )
  const mebibyte = 1024 * 1024
  await Promise.all(Array.from({ length: 4_500 }, () => commits.execute(append())))
  assert.deepEqual(sizes.splice(0), [2_000, 2_000, 500])
  await Promise.all(Array.from({ length: 70 }, () => commits.execute(append(mebibyte))))
  assert.deepEqual(sizes.splice(0), [32, 32, 6])
  await commits.execute(append(40 * mebibyte))
  assert.deepEqual(sizes, [1], 'one that is larger than the bound goes alone')
})

test('more than the disk keeps up with is refused at the door', async () => {
  const { commits } = slowCommits()
  const waiting = Array.from({ length: 20_000 }, () => commits.execute(append()))
  await assert.rejects(commits.execute(append()), { code: 'storage.busy', retryable: true })
  commits.end(new StorageError('storage.closed', 'over', { retryable: false }))
  const ends = await Promise.allSettled(waiting)
  assert.ok(ends.every(end => end.status === 'rejected'))
})

test('a store that could not write finds out by itself that it can again', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const told: string[] = []
    let room = false
    const commits = createGroupCommit(
      async commands => (room ? done(commands) : commands.map(() => ({ ok: false, failure: full }))),
      commands => void told.push(...commands.map(command => command.name)),
    )
    await assert.rejects(commits.execute(append()), { code: 'storage.full' })
    assert.deepEqual(commits.health(), { ok: false, reason: 'The disk is full (ENOSPC)' })
    mock.timers.tick(1_000)
    await turn()
    assert.equal(commits.health().ok, false)
    room = true
    mock.timers.tick(1_000)
    await turn()
    assert.deepEqual(commits.health(), { ok: true })
    assert.deepEqual(told, [], 'nobody is told of the trial')
    await commits.drain()
  } finally {
    mock.timers.reset()
  }
})

test('draining waits for what was taken, and takes nothing more', async () => {
  const { commits, answer } = slowCommits()
  const taken = commits.execute(append())
  await turn()
  const drained = commits.drain()
  await assert.rejects(commits.execute(append()), { code: 'storage.closed' })
  answer(0)
  await Promise.all([taken, drained])
})

test('a batch that one command spoils is committed without that one', async () => {
  const commands = Array.from({ length: 13 }, () => append())
  const spoiled = commands[5]!
  let transactions = 0
  const failure: Failure = { code: 'storage.failed', message: 'no', retryable: false, cause: '' }
  const outcomes = await commitBatch(commands, async part => {
    transactions++
    return part.includes(spoiled) ? { failure, spoiledByOne: true } : done(part)
  })
  assert.deepEqual(
    outcomes.map(outcome => outcome.ok),
    commands.map(command => command !== spoiled),
  )
  assert.ok(transactions <= 9, `${transactions} transactions`)
})

test('when the whole store fails, the batch is not tried in parts', async () => {
  let transactions = 0
  const outcomes = await commitBatch([append(), append()], async () => {
    transactions++
    return { failure: full, spoiledByOne: false }
  })
  assert.equal(transactions, 1)
  assert.deepEqual(outcomes, [
    { ok: false, failure: full },
    { ok: false, failure: full },
  ])
})
