/** The `signalbox` program: this process as a terminal. */
import { setTimeout } from 'node:timers/promises'
import { runProgram } from './program.ts'
import type { Terminal } from './terminal.ts'

const terminal: Terminal = {
  // A getter: opening stdin costs, and few commands read it.
  get stdin() {
    return process.stdin
  },
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  directory: process.cwd(),
  nowMs: Date.now,
  wait: async (durationMs, signal) => {
    await setTimeout(durationMs, undefined, signal && { signal }).catch(() => {})
  },
  onInterrupt(listener) {
    // The second Ctrl-C finds no listener and ends the process at once.
    process.once('SIGINT', listener)
    return () => process.off('SIGINT', listener)
  },
}

// `signalbox event list | head` closes the pipe early; that is no failure.
process.stdout.on('error', error => {
  process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1)
})

const given = process.argv.slice(2)
// `npx signalbox` alone starts the server: the first thing that anybody wants of it.
process.exitCode = await runProgram(given.length === 0 ? ['serve'] : given, terminal)
