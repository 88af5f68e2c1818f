import type { Readable, Writable } from 'node:stream'

/** Everything of the outside that a command touches, so that a test can stand in for it. */
export interface Terminal {
  stdin: Readable & { isTTY?: boolean }
  stdout: Writable & { isTTY?: boolean; columns?: number }
  stderr: Writable & { isTTY?: boolean }
  environment: Readonly<Record<string, string | undefined>>
  /** The working directory, in which files and the data folder are looked for. */
  directory: string
  nowMs(): number
  /** Resolves after that time, or as soon as the signal aborts. */
  wait(durationMs: number, signal?: AbortSignal): Promise<void>
  /** Calls back on Ctrl-C instead of ending the process; answers how to stop doing so. */
  onInterrupt(listener: () => void): () => void
}
