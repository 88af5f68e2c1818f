import type { Worker } from 'node:worker_threads'
import { closed } from '../group-commit.ts'
import { StorageError } from '../port.ts'
import type { Queries } from '../queries/index.ts'
import type { ReaderAnswer, ReaderRequest } from './reader-thread.ts'
import { startThread } from './thread.ts'

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
  lastUsedMs: number
}

/** A thread holds some 40 MB and starts in 130 ms: one that nobody asks is not kept. */
const keepIdleMs = 30_000
const youngGenerationMb = 4

/**
 * Threads that read, started when they are needed; each query goes to the one with the fewest under way. A query that
 * is past its deadline cannot be interrupted inside SQLite, so its thread is ended and its other queries asked again.
 */
export function startReaders(file: string, count: number): Readers {
  let nextId = 1
  let ended = false
  const readers: Reader[] = []

  const remove = (reader: Reader): Map<number, Asked> => {
    const asked = new Map(reader.asked)
    reader.asked.clear()
    reader.thread.removeAllListeners('error').on('error', () => {})
    void reader.thread.terminate()
    readers.splice(readers.indexOf(reader), 1)
    return asked
  }
  const leastBusy = (): Reader => {
    const [first, ...others] = readers.toSorted((a, b) => a.asked.size - b.asked.size)
    if (first && (first.asked.size === 0 || others.length + 1 >= count)) return first
    const started = startReader(file)
    readers.push(started)
    return started
  }
  const ask = (one: Asked): void => {
    const reader = leastBusy()
    reader.lastUsedMs = Date.now()
    reader.asked.set(one.request.id, one)
    reader.thread.postMessage(one.request)
  }
  const endLate = (id: number, deadlineMs: number): void => {
    const reader = readers.find(({ asked }) => asked.has(id))
    if (!reader) return
    for (const one of remove(reader).values()) {
      if (one.request.id === id) one.reject(late(deadlineMs))
      else ask(one)
    }
  }
  const endIdle = (): void => {
    const idle = ({ asked, lastUsedMs }: Reader) => asked.size === 0 && lastUsedMs < Date.now() - keepIdleMs
    for (const reader of readers.filter(idle)) remove(reader)
  }
  const timer = setInterval(endIdle, keepIdleMs / 2).unref()
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
      clearInterval(timer)
      for (const reader of readers) rejectAll(reader, closed())
      await Promise.all(readers.map(reader => reader.thread.terminate()))
    },
  }
}

function startReader(file: string): Reader {
  const thread = startThread('reader-thread', { file }, youngGenerationMb)
  const reader: Reader = { thread, asked: new Map(), lastUsedMs: Date.now() }
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
