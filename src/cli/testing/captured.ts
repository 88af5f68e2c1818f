import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { PassThrough, Readable } from 'node:stream'
import { runProgram } from '../program.ts'
import type { Terminal } from '../terminal.ts'
import type { StandIn } from './stand-in.ts'

/** Runs the program inside the test, with a terminal that keeps what is written. */

export const now = '2026-11-21T07:00:00.000Z'

export interface Options {
  server?: Pick<StandIn, 'url' | 'token'>
  environment?: Record<string, string>
  directory?: string
  stdin?: string
  /** Of a terminal; without them stdout is a pipe. */
  columns?: number
}

export interface Captured {
  code: number
  stdout: string
  stderr: string
}

export async function run(args: string[], options: Options = {}): Promise<Captured> {
  return start(args, options).ended
}

export interface Started {
  ended: Promise<Captured>
  terminal: Terminal
  /** Ctrl-C. */
  interrupt(): void
  stdout(): string
  stderr(): string
  /** Resolves as soon as the text stands on stdout or stderr. */
  sees(text: string): Promise<void>
  /** Every wait that was asked for; waits end at once. */
  waits: number[]
}

export function start(
  args: string[],
  { server, environment = {}, directory = tmpdir(), stdin = '', columns }: Options = {},
): Started {
  const stdout = keep(new PassThrough(), columns)
  const stderr = keep(new PassThrough(), columns)
  let interrupt: (() => void) | undefined
  const waits: number[] = []
  const connection = server === undefined ? {} : { SIGNALBOX_URL: server.url, SIGNALBOX_TOKEN: server.token }
  const terminal: Terminal = {
    stdin: Readable.from([stdin]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    environment: { ...connection, ...environment },
    directory,
    nowMs: () => Date.parse(now),
    wait: async durationMs => void waits.push(durationMs),
    onInterrupt(listener) {
      interrupt = listener
      return () => {
        interrupt = undefined
      }
    },
  }
  const ended = runProgram(args, terminal).then(code => ({
    code,
    stdout: stdout.text(),
    stderr: stderr.text(),
  }))
  return {
    ended,
    terminal,
    waits,
    interrupt: () => interrupt?.(),
    stdout: stdout.text,
    stderr: stderr.text,
    async sees(text) {
      while (!stdout.text().includes(text) && !stderr.text().includes(text)) {
        await Promise.race([once(stdout.stream, 'data'), once(stderr.stream, 'data')])
      }
    },
  }
}

function keep(stream: PassThrough, columns: number | undefined) {
  let kept = ''
  stream.on('data', (chunk: Buffer) => {
    kept += chunk.toString('utf8')
  })
  return {
    stream: columns === undefined ? stream : Object.assign(stream, { isTTY: true, columns }),
    text: () => kept,
  }
}
