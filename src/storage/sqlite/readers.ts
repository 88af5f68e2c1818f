import { Worker } from 'node:worker_threads'
import type { Queries } from '../queries/index.ts'
import { StorageError } from '../port.ts'
import type { ReaderAnswer, ReaderRequest } from './reader-thread.ts'

export interface Readers {
  query(name: keyof Queries, input: unknown, deadlineMs: number): Promise<unknown>
  close(): Promise<void>
}

interface Asked {
  resolve(value: unknown): void
  reject(error: Error): void
  timer: NodeJS.Timeout
}

/**
 * Threads that read; each query goes to the one with the fewest under way. A query that is past its deadline cannot
 * be interrupted inside SQLite, so its thread is ended and a new one takes its place.
 */
export function startReaders(file: string, count: number): Readers {
  let nextId = 1
  const readers = Array.from({ length: count }, () => startReader(file))
  return {
    query(name, input, deadlineMs) {
      const index = readers.reduce(
        (best, reader, at) => (reader.asked.size < readers[best]!.asked.size ? at : best),
        0,
      )
      const reader = readers[index]!
      const request: ReaderRequest = { id: nextId++, name, input }
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          readers[index] = startReader(file)
          reader.end(
            new StorageError('storage.deadline', `The query took longer than ${deadlineMs} ms`, {
              retryable: true,
            }),
          )
        }, deadlineMs)
        reader.asked.set(request.id, { resolve, reject, timer })
        reader.thread.postMessage(request)
      })
    },
    async close() {
      const closed = new StorageError('storage.closed', 'The store was closed', { retryable: false })
      await Promise.all(readers.map(reader => reader.end(closed)))
    },
  }
}

function startReader(file: string) {
  const thread = new Worker(new URL('./reader-thread.ts', import.meta.url), { workerData: { file } })
  const asked = new Map<number, Asked>()
  thread.unref()
  thread.on('message', (answer: ReaderAnswer) => {
    const one = asked.get(answer.id)
    if (!one) return
    asked.delete(answer.id)
    clearTimeout(one.timer)
    if ('value' in answer) one.resolve(answer.value)
    else
      one.reject(
        new StorageError('storage.failed', 'The store could not be read', {
          retryable: false,
          cause: answer.error,
        }),
      )
  })
  const end = async (error: Error) => {
    for (const one of asked.values()) {
      clearTimeout(one.timer)
      one.reject(error)
    }
    asked.clear()
    await thread.terminate()
  }
  thread.on(
    'error',
    cause => void end(new StorageError('storage.failed', 'A reader ended', { retryable: true, cause })),
  )
  return { thread, asked, end }
}
