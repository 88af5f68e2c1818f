import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../../bin/signalbox.js', import.meta.url))
const usuallyWithinMs = 30_000

export interface Ended {
  exitCode: number | null
  out: string
  err: string
}

export interface CommandOptions {
  /** Where it is called: `./data` is looked for here. */
  directory: string
  input?: string
  environment?: Record<string, string>
  /** It is ended then, whatever it does. */
  withinMs?: number
}

/** Runs `signalbox` as a terminal would, and answers what it printed and how it ended. */
export const signalbox = (args: readonly string[], options: CommandOptions): Promise<Ended> =>
  startCommand(args, options).ended

export function startCommand(
  args: readonly string[],
  { directory, input = '', environment = {}, withinMs = usuallyWithinMs }: CommandOptions,
): { out(): string; err(): string; interrupt(): void; kill(): void; ended: Promise<Ended> } {
  const { SIGNALBOX_URL: _url, SIGNALBOX_TOKEN: _token, SIGNALBOX_DATA: _data, ...inherited } = process.env
  const child = spawn(process.execPath, [program, ...args], {
    cwd: directory,
    env: { ...inherited, ...environment },
    timeout: withinMs,
    killSignal: 'SIGKILL',
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk))
  child.stdin.end(input)
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', exitCode => resolve({ exitCode, out, err }))
  })
  return {
    out: () => out,
    err: () => err,
    interrupt: () => child.kill('SIGINT'),
    kill: () => child.kill('SIGKILL'),
    ended,
  }
}

/** The words of a line as a shell reads it; knows quotes, escapes and lines that go on, and nothing else. */
export function shellWords(line: string): string[] {
  const words = line.replaceAll(/\\\n/g, ' ').matchAll(/(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/gs)
  return [...words].map(([word]) =>
    word.replaceAll(
      /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/gs,
      (_, single: string | undefined, double: string | undefined, escaped: string | undefined) =>
        single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? '',
    ),
  )
}
