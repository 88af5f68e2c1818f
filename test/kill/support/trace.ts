// Reads what strace wrote: every write, sync and change of names, in the order in which they happened.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

const known =
  'openat mkdir rename link unlink rmdir ftruncate write writev pwrite64 sendto sendmsg fsync fdatasync'
/** Ways to change a file that the model of the disk does not know; on a file of the store they fail the test. */
const unknown =
  'open creat mkdirat renameat renameat2 linkat unlinkat truncate fallocate pwritev pwritev2 sendfile copy_file_range'

/** How strace is to run a command: all threads, paths beside descriptors, every byte that is written. */
export const straceTo = (file: string): string[] => {
  const traced = `trace=${`${known} ${unknown}`.replaceAll(' ', ',')}`
  const all = ['-f', '--seccomp-bpf', '-yy', '-xx', '-s', '1000000']
  return ['strace', ...all, '-o', file, '-e', 'signal=none', '-e', traced]
}

/**
 * A call begins and ends; what other threads do in between stands in between. A write may have reached the disk, and
 * an answer its reader, once it has begun. A sync holds once it has ended, and covers what had ended as it began.
 */
export interface Step {
  phase: 'begin' | 'end'
  /** The same in both phases of a call. */
  call: Call
}

export type Call =
  | { type: 'create'; path: string; truncates: boolean }
  | { type: 'mkdir'; path: string }
  | { type: 'write'; path: string; offset: number | null; bytes: Buffer }
  | { type: 'truncate'; path: string; length: number }
  | { type: 'sync'; path: string }
  | { type: 'rename' | 'link'; from: string; path: string }
  | { type: 'unlink'; path: string }
  | { type: 'sent'; text: string }

/** The steps that concern files below `folder`, and what was sent over sockets. */
export async function readTrace(file: string, folder: string): Promise<Step[]> {
  const steps: Step[] = []
  const unfinished = new Map<string, { text: string; step: Step | null }>()
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const match = /^(\d+) +(.*)$/s.exec(line)
    if (!match) continue
    const [, thread, text] = match as unknown as [string, string, string]
    const begun = / *<unfinished \.\.\.>$/.exec(text)
    const resumed = /^<\.\.\. \w+ resumed>/.exec(text)
    if (begun) {
      const start = text.slice(0, begun.index)
      // Its result is not known yet; whatever it is, the call has begun.
      const call = callOf(`${start}) = ?`, folder)
      const step: Step | null = call && { phase: 'begin', call }
      if (step) steps.push(step)
      unfinished.set(thread, { text: start, step })
    } else if (resumed) {
      const former = unfinished.get(thread)
      unfinished.delete(thread)
      const whole = (former?.text ?? '') + text.slice(resumed[0].length)
      if (failed(whole)) steps.splice(former?.step ? steps.indexOf(former.step) : steps.length, 1)
      else if (former?.step) steps.push({ phase: 'end', call: former.step.call })
      else if (former) both(steps, callOf(whole, folder))
    } else if (!failed(text)) both(steps, callOf(text, folder))
  }
  return steps
}

const both = (steps: Step[], call: Call | null): void => {
  if (call) steps.push({ phase: 'begin', call }, { phase: 'end', call })
}
const failed = (text: string): boolean => / = -1 E/.test(text)

/** `"\x61\x62"` as strace writes bytes with -xx. */
const quoted = /"((?:\\x[0-9a-f]{2})*)"/g
const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll('\\x', ''), 'hex')
const descriptor = /^\w+\(\d+<((?:\\x[0-9a-f]{2})+)/
const socket = /^\w+\(\d+<(?:TCP|socket|UNIX)/

function callOf(text: string, folder: string): Call | null {
  const name = /^\w+/.exec(text)?.[0] ?? ''
  const strings = () => [...text.matchAll(quoted)].map(match => bytesOf(match[1]!))
  if (socket.test(text))
    return /^(write|writev|sendto|sendmsg)$/.test(name)
      ? { type: 'sent', text: Buffer.concat(strings()).toString('latin1') }
      : null
  const on = descriptor.exec(text)
  const path = on ? bytesOf(on[1]!).toString() : (strings().at(-1)?.toString() ?? '')
  if (!path.startsWith(folder)) return null
  switch (name) {
    case 'openat':
      return text.includes('O_CREAT') ? { type: 'create', path, truncates: text.includes('O_TRUNC') } : null
    case 'mkdir':
      return { type: 'mkdir', path }
    case 'write':
    case 'writev':
      return { type: 'write', path, offset: null, bytes: Buffer.concat(strings()) }
    case 'pwrite64': {
      const offset = Number(/, (\d+)\) += /.exec(text)?.[1] ?? /, (\d+)$/.exec(text)?.[1])
      return { type: 'write', path, offset, bytes: Buffer.concat(strings()) }
    }
    case 'ftruncate':
      return { type: 'truncate', path, length: Number(/, (\d+)\) += /.exec(text)?.[1]) }
    case 'fsync':
    case 'fdatasync':
      return { type: 'sync', path }
    case 'rename':
    case 'link':
      return { type: name, from: strings()[0]!.toString(), path }
    case 'unlink':
    case 'rmdir':
      return { type: 'unlink', path }
    default:
      throw new Error(`The model of the disk does not know ${text.slice(0, 300)}`)
  }
}
