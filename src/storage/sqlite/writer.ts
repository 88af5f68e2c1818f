import { Worker } from 'node:worker_threads'
import type { Command, Outcome } from '../batch.ts'
import { StorageError } from '../port.ts'
import { Refusal } from '../refusal.ts'
import type { WriterAnswer } from './writer-thread.ts'

export interface Writer {
  execute(command: Command): Promise<unknown>
  health(): { ok: true } | { ok: false; reason: string }
  close(): Promise<void>
}

interface Waiting {
  command: Command
  resolve(value: unknown): void
  reject(error: Error): void
}

/** More than this many commands waiting means that the disk does not keep up: refuse at the door, don't swell. */
const maxWaiting = 20_000
/** Bounds a transaction: 2,000 events of 1 KB commit in some 50 ms. */
const maxBatch = 2_000

/**
 * The main thread's side. One batch is under way; the next leaves when its commit answers, with all that came
 * meanwhile. No timer: one of 2 ms halved the rate.
 */
export async function startWriter(
  file: string,
  onCommitted: (commands: readonly Command[]) => void,
): Promise<Writer> {
  const thread = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: { file } })
  const waiting: Waiting[] = []
  let underWay: Waiting[] = []
  let ended: StorageError | null = null
  let lastFailure: string | null = null

  await new Promise<void>((resolve, reject) => {
    thread.once('message', () => resolve())
    thread.once('error', reject)
  })

  const flush = () => {
    if (underWay.length > 0 || waiting.length === 0 || ended) return
    underWay = waiting.splice(0, maxBatch)
    thread.postMessage(underWay.map(one => one.command))
  }
  thread.on('message', (answer: WriterAnswer) => {
    if (answer.type === 'ready') return
    const done = underWay
    underWay = []
    flush()
    lastFailure = answer.type === 'failed' ? answer.message : null
    if (answer.type === 'failed') return settleFailed(done, answer)
    settle(done, answer.outcomes)
    onCommitted(done.map(one => one.command))
  })
  const end = (cause: unknown) => {
    ended = new StorageError('storage.closed', 'The store was closed', { retryable: false, cause })
    for (const one of [...underWay.splice(0), ...waiting.splice(0)]) one.reject(ended)
  }
  thread.on('error', end)
  thread.on('exit', () => end(null))

  return {
    execute(command) {
      if (ended) return Promise.reject(ended)
      if (waiting.length >= maxWaiting) return Promise.reject(busy())
      return new Promise((resolve, reject) => {
        waiting.push({ command, resolve, reject })
        // Everything that is asked for in the same turn of the event loop leaves together.
        if (waiting.length === 1) queueMicrotask(flush)
      })
    },
    health: () => {
      if (ended) return { ok: false, reason: ended.message }
      return lastFailure === null ? { ok: true } : { ok: false, reason: lastFailure.split('\n')[0]! }
    },
    async close() {
      while (!ended && (waiting.length > 0 || underWay.length > 0))
        await new Promise(resolve => setImmediate(resolve))
      if (ended) return
      const exited = new Promise(resolve => thread.once('exit', resolve))
      thread.postMessage('close')
      await exited
    },
  }
}

function settle(done: readonly Waiting[], outcomes: readonly Outcome[]): void {
  for (const [index, one] of done.entries()) {
    const outcome = outcomes[index]!
    if (outcome.ok) one.resolve(outcome.value)
    else one.reject(new Refusal(outcome.code, outcome.message))
  }
}

function settleFailed(
  done: readonly Waiting[],
  { sqliteCode, message }: { sqliteCode: string; message: string },
): void {
  const error =
    sqliteCode === 'SQLITE_FULL'
      ? new StorageError('storage.full', 'The disk that holds the store is full', {
          retryable: true,
          cause: message,
        })
      : new StorageError('storage.failed', 'The store could not write', {
          retryable: sqliteCode.startsWith('SQLITE_IOERR'),
          cause: message,
        })
  for (const one of done) one.reject(error)
}

const busy = () =>
  new StorageError('storage.busy', 'More is waiting to be written than the disk keeps up with', {
    retryable: true,
  })
