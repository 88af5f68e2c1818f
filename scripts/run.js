// Starts other programs for the scripts beside this file. Plain JavaScript for Node 18 and newer, since it
// runs before anything is installed.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The folder of the clone, where every command of ours runs. */
export const root = fileURLToPath(new URL('..', import.meta.url))

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs a program on our own terminal and hands our signals on to it.
 * @returns {Promise<{ code: number | null, signal: string | null }>} how it ended
 */
export function run(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit' })
  return ended(child)
}

/**
 * Runs a program without showing what it prints.
 * @returns {Promise<{ ok: boolean, output: string, code: number | null, signal: string | null }>}
 */
export async function runQuietly(command, args, { timeoutMs = 600_000, cwd = root } = {}) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs })
  const chunks = []
  child.stdout.on('data', chunk => chunks.push(chunk))
  child.stderr.on('data', chunk => chunks.push(chunk))
  const end = await ended(child)
  return { ...end, ok: end.code === 0, output: Buffer.concat(chunks).toString() }
}

/** Ends this process the way the child ended: the same exit code, or the same signal. */
export function endLike({ code, signal }) {
  if (signal) process.kill(process.pid, signal)
  else process.exit(code ?? 1)
}

function ended(child) {
  // Ctrl-C in a terminal reaches the child directly, and npm sends it to us once more: handing it on would
  // make one key press look like two, and a second SIGINT means "stop at once" to most servers.
  const hand = signal => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  }
  for (const signal of forwarded) process.on(signal, hand)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal }))
  }).finally(() => {
    for (const signal of forwarded) process.removeListener(signal, hand)
  })
}
