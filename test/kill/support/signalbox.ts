// Signalbox as its users run it: a command line, a folder, a URL. Nothing here knows its code.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from './until.ts'

export interface Signalbox {
  url: string
  api<T>(method: string, path: string, body?: unknown): Promise<T>
  /** SIGKILL: nothing is flushed, nothing is finished. */
  kill(): Promise<void>
  /** SIGTERM: it finishes what is under way. Only then does Node keep compiled code, and later starts are quicker. */
  stop(): Promise<void>
  /** How it ended: the name of a signal, or an exit code. */
  ended: Promise<string>
  hasEnded(): boolean
}

/** An answer that is no success. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface StartOptions {
  directory: string
  args?: string[]
  environment?: Record<string, string>
  /** A command that runs it, such as strace. */
  under?: string[]
}

const groups = new Set<number>()
const endAll = () => {
  for (const group of groups) endGroup(group)
}
process.on('exit', endAll)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1))

function endGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

const main = fileURLToPath(new URL('../../../src/main.ts', import.meta.url))
const startWithinMs = 30_000
const answerWithinMs = 20_000

/** Starts the process and does not wait for it. */
export function launch({ directory, args = [], environment = {}, under = [] }: StartOptions): {
  kill(): Promise<void>
  ready(): Promise<Signalbox>
} {
  // A killed one leaves it behind.
  rmSync(join(directory, 'running.json'), { force: true })
  const own = [main, '--data', directory, '--port', '0', '--log-level', 'warn', ...args]
  const [command, ...rest] = [...under, process.execPath, ...own]
  // A process group of its own, so that whatever runs it ends with it.
  const child = spawn(command!, rest, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  const group = child.pid!
  groups.add(group)
  const output = outputOf(child)
  const ended = new Promise<string>(resolve =>
    child.once('close', (code, signal) => {
      groups.delete(group)
      resolve(signal ?? `exit code ${code}`)
    }),
  )
  let gone: string | null = null
  void ended.then(how => (gone = how))
  const kill = async () => {
    endGroup(group)
    await ended
  }
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  const ready = async (): Promise<Signalbox> => {
    const said = () => `Signalbox says where it listens. It printed: ${output()}`
    const url = await until(said, () => urlIn(directory) ?? (gone === null ? null : ''), {
      deadlineMs: startWithinMs,
    })
    if (url === '') throw new Error(`Signalbox ended at its start (${gone}): ${output()}`)
    const token = readFileSync(join(directory, 'admin-token'), 'utf8').trim()
    return { url, api: createApi(url, token), kill, stop, ended, hasEnded: () => gone !== null }
  }
  return { kill, ready }
}

export const start = (options: StartOptions): Promise<Signalbox> => launch(options).ready()

/** A folder of the test's own, removed with it. */
export function temporaryFolder(t: { after(end: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-kill-'))
  t.after(() => {
    endAll()
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

function urlIn(directory: string): string | null {
  try {
    const text = readFileSync(join(directory, 'running.json'), 'utf8')
    return (JSON.parse(text) as { url?: string }).url ?? null
  } catch {
    return null
  }
}

/** The end of what it printed. */
function outputOf(child: ChildProcess): () => string {
  let text = ''
  const take = (chunk: Buffer) => (text = (text + chunk.toString()).slice(-4000))
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  return () => text
}

function createApi(url: string, token: string): Signalbox['api'] {
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerWithinMs),
    })
    const text = await response.text()
    if (!response.ok) throw new Refused(response.status, `${method} ${path}: ${response.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as never
  }
}

/** All pages of a list. */
export async function all<T>(box: Signalbox, path: string): Promise<T[]> {
  const items: T[] = []
  for (let cursor = ''; ; ) {
    const page: { items: T[]; next: string | null } = await box.api(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}limit=500${cursor}`,
    )
    items.push(...page.items)
    if (page.next === null) return items
    cursor = `&cursor=${encodeURIComponent(page.next)}`
  }
}
