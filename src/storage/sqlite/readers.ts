import { Worker } from 'node:worker_threads'
import { closed } from '../group-commit.ts'
import { StorageError } from '../port.ts'
import type { Queries } from '../queries/index.ts'
import type { ReaderAnswer, ReaderRequest } from './reader-thread.ts'

export interface Readers {
  query(name: keyof Queries, input: unknown, deadlineMs: number): Promise<unknown>
  close(): Promise<void>
}

interface Asked {
  request: ReaderRequest
  resolve(value: unknown): void
  reject(error: Error): void
  timer: NodeJS.Timeout
}

interface Reader {
  thread: Worker
  asked: Map<number, Asked>
}

/**
 * Threads that read; each query goes to the one with the fewest under way. A query that is past its deadline cannot
 * be interrupted inside SQLite, so its thread is ended and a new one takes its place, and its other queries.
 */
export function startReaders(file: string, count: number): Readers {
  let nextId = 1
  let ended = false
  const readers = Array.from({ length: count }, () => startReader(file))

  const replace = (late: Reader): Map<number, Asked> => {
    const asked = new Map(late.asked)
    late.asked.clear()
    late.thread.removeAllListeners('error').on('error', () => {})
    void late.thread.terminate()
    readers[readers.indexOf(late)] = startReader(file)
    return asked
  }
  const ask = (one: Asked): void => {
    const reader = readers.reduce((best, other) => (other.asked.size < best.asked.size ? other : best))
    reader.asked.set(one.request.id, one)
    reader.thread.postMessage(one.request)
  }
  const endLate = (id: number, deadlineMs: number): void => {
    const reader = readers.find(({ asked }) => asked.has(id))
    if (!reader) return
    for (const one of replace(reader).values()) {
      if (one.request.id === id) one.reject(late(deadlineMs))
      else ask(one)
    }
  }
  return {
    query(name, input, deadlineMs) {
      if (ended) return Promise.reject(closed())
      return new Promise((resolve, reject) => {
        const request: ReaderRequest = { id: nextId++, name, input }
        const timer = setTimeout(endLate, deadlineMs, request.id, deadlineMs)
        ask({ request, resolve, reject, timer })
      })
    },
    async close() {
      ended = true
      for (const reader of readers) rejectAll(reader, closed())
      await Promise.all(readers.map(reader => reader.thread.terminate()))
    },
  }
}

function startReader(file: string): Reader {
  const thread = new Worker(new URL('./reader-thread.ts', import.meta.url), { workerData: { file } })
  const reader: Reader = { thread, asked: new Map() }
  thread.unref()
  thread.on('message', (answer: ReaderAnswer) => {
    const one = reader.asked.get(answer.id)
    if (!one) return
    reader.asked.delete(answer.id)
    clearTimeout(one.timer)
    if ('value' in answer) one.resolve(answer.value)
    else one.reject(unreadable('The store could not be read', answer.error))
  })
  thread.on('error', cause => rejectAll(reader, unreadable('A reader of the store ended', cause)))
  return reader
}

function rejectAll({ asked }: Reader, error: StorageError): void {
  for (const one of asked.values()) {
    clearTimeout(one.timer)
    one.reject(error)
  }
  asked.clear()
}

const unreadable = (message: string, cause: unknown) =>
  new StorageError('storage.failed', message, { retryable: false, cause })

const late = (deadlineMs: number) =>
  new StorageError('storage.deadline', `The query took longer than ${deadlineMs} ms`, { retryable: true })
