import { type ChildProcess, fork, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { nodeEnvironment, nodeFlags } from '../../scripts/node-options.js'
import type { Load, Sent } from './load-child.ts'
import type { SinkOrder, SinkReport } from './sink-child.ts'

const children = new Set<ChildProcess>()
process.on('exit', () => children.forEach(child => child.kill('SIGKILL')))

function forkChild(file: string, args: string[] = []): ChildProcess {
  const child = fork(new URL(file, import.meta.url), args, { stdio: 'inherit' })
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

const answerOf = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`a bench process ended with ${code}`))
    child.once('exit', ended)
    child.once('message', message => {
      child.off('exit', ended)
      resolve(message as T)
    })
  })

/** Signalbox as a user runs it, on a store of its own. */
export interface Signalbox {
  url: string
  port: number
  pid: number
  directory: string
  api<T>(method: string, path: string, body?: unknown): Promise<T>
  /** Resident memory in megabytes. */
  memoryMb(): number
  stop(options?: { keepStore?: boolean }): Promise<void>
}

export async function startSignalbox(
  options: { directory?: string; args?: string[] } = {},
): Promise<Signalbox> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'signalbox-bench-'))
  rmSync(join(directory, 'running.json'), { force: true })
  const main = new URL('../../src/main.ts', import.meta.url).pathname
  const args = [
    ...nodeFlags,
    main,
    '--data',
    directory,
    '--port',
    '0',
    '--log-level',
    'warn',
    ...(options.args ?? []),
  ]
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...nodeEnvironment },
  })
  children.add(child)
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const url = await runningUrl(directory, child)
  const token = readFileSync(join(directory, 'admin-token'), 'utf8').trim()
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid!,
    directory,
    async api(method, path, body) {
      const response = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
      return (text === '' ? undefined : JSON.parse(text)) as never
    },
    memoryMb: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024,
    async stop({ keepStore = false } = {}) {
      child.kill('SIGTERM')
      await Promise.race([exited, sleep(20_000).then(() => child.kill('SIGKILL'))])
      children.delete(child)
      if (!keepStore) rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function runningUrl(directory: string, child: ChildProcess): Promise<string> {
  for (let waitedMs = 0; waitedMs < 120_000; waitedMs += 5) {
    if (child.exitCode !== null) throw new Error(`Signalbox ended with ${child.exitCode}`)
    try {
      const { url } = JSON.parse(readFileSync(join(directory, 'running.json'), 'utf8')) as { url?: string }
      if (url !== undefined) return url
    } catch {
      // Not written yet.
    }
    await sleep(5)
  }
  throw new Error('Signalbox did not start within two minutes')
}

export interface Sink {
  port: number
  order(order: SinkOrder): void
  /** What arrived since the last report. */
  report(): Promise<SinkReport>
  stop(): void
}

export async function startSink(): Promise<Sink> {
  const child = forkChild('./sink-child.ts')
  const { port } = await answerOf<{ port: number }>(child)
  return {
    port,
    order: order => void child.send(order),
    report() {
      const report = answerOf<SinkReport>(child)
      child.send({ report: true })
      return report
    },
    stop: () => void child.kill(),
  }
}

export async function startBaseline(secret: string): Promise<{ port: number; stop(): void }> {
  const child = forkChild('./baseline-child.ts', [secret])
  const { port } = await answerOf<{ port: number }>(child)
  return { port, stop: () => void child.kill() }
}

/** Sends in a process of its own, and answers with the journal. */
export async function send(load: Load): Promise<Sent> {
  const child = forkChild('./load-child.ts')
  const sent = answerOf<Sent>(child)
  child.send(load)
  const journal = await sent
  child.kill()
  return journal
}
