// Signalbox as somebody has it who started it in a folder: a printed link, a URL, a token, a command line.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '../../kill/support/until.ts'
import { type Answer, ask } from './ask.ts'
import { atEnd, type Scope } from './at-end.ts'

export interface Signalbox {
  url: string
  /** The link that signs the administrator in, as it was printed. */
  link: string
  /** The administrator's token, as it lies in the data folder. */
  token: string
  directory: string
  /** All that it printed, both streams. */
  printed(): string
  /** As the administrator; whatever is no success throws. */
  api<T>(method: string, path: string, body?: unknown): Promise<T>
  /** As the administrator, with whatever answer comes. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>
  /** SIGTERM, until it has ended; answers the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL: nothing is flushed, nothing is finished. */
  kill(): Promise<void>
  hasEnded(): boolean
}

export interface StartOptions {
  directory?: string
  args?: readonly string[]
  environment?: Record<string, string>
  /** Certificates to trust when it serves https. */
  ca?: string
}

const main = fileURLToPath(new URL('../../../src/main.ts', import.meta.url))
const startWithinMs = 30_000
const stopWithinMs = 10_000

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1))

/** Starts it on a free port and waits until it has printed its link; it ends with the test. */
export async function startSignalbox(scope: Scope, options: StartOptions = {}): Promise<Signalbox> {
  const directory = options.directory ?? temporaryFolder(scope)
  const started = launch(directory, options)
  atEnd(scope, async () => {
    await started.stop()
  })
  const waiting = () => `Signalbox prints its link. It printed: ${started.printed()}`
  const link = await until(
    waiting,
    () => /\S+\/sign-in#\S+/.exec(started.printed())?.[0] ?? (started.hasEnded() ? '' : null),
    { deadlineMs: startWithinMs },
  )
  if (link === '') throw new Error(`Signalbox ended at its start. It printed: ${started.printed()}`)
  const url = link.slice(0, link.indexOf('/sign-in#'))
  const token = readFileSync(join(directory, 'admin-token'), 'utf8').trim()
  const asked = (method: string, path: string, body?: unknown): Promise<Answer> =>
    ask(url + path, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { json: body }),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    })
  return {
    url,
    link,
    token,
    directory,
    printed: started.printed,
    stop: started.stop,
    kill: started.kill,
    hasEnded: started.hasEnded,
    ask: asked,
    async api<T>(method: string, path: string, body?: unknown): Promise<T> {
      const answer = await asked(method, path, body)
      if (answer.status >= 300)
        throw new Error(`${method} ${path} was answered ${answer.status} ${answer.text}`)
      return (answer.text === '' ? undefined : answer.json()) as T
    },
  }
}

/** Starts a process that is expected to end by itself; answers what it printed and its exit code. */
export async function startAndFail(
  scope: Scope,
  options: StartOptions & { directory: string },
): Promise<{ exitCode: number | null; printed: string }> {
  const started = launch(options.directory, options)
  atEnd(scope, async () => {
    await started.stop()
  })
  await until(
    () => `The process ends by itself. It printed: ${started.printed()}`,
    () => started.hasEnded(),
    { deadlineMs: startWithinMs },
  )
  return { exitCode: await started.stop(), printed: started.printed() }
}

function launch(directory: string, { args = [], environment = {} }: StartOptions) {
  const own = ['--data', directory, '--port', '0', '--log-level', 'warn', ...args]
  const child = spawn(process.execPath, [main, ...own], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  running.add(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const ended = new Promise<number | null>(resolve =>
    child.once('close', code => {
      running.delete(child)
      resolve(code)
    }),
  )
  return {
    printed: () => text,
    hasEnded: () => !running.has(child),
    async kill(): Promise<void> {
      child.kill('SIGKILL')
      await ended
    },
    async stop(): Promise<number | null> {
      child.kill('SIGTERM')
      const kill = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
      return ended.finally(() => clearTimeout(kill))
    },
  }
}

/** A folder of the test's own, removed with it. */
export function temporaryFolder(scope: Scope): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-journey-'))
  atEnd(scope, () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
