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
 * Runs a program without showing what it prints. A signal that reaches us meanwhile ends us both.
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export async function runQuietly(command, args, { timeoutMs = 600_000 } = {}) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs })
  const chunks = []
  child.stdout.on('data', chunk => chunks.push(chunk))
  child.stderr.on('data', chunk => chunks.push(chunk))
  const { code, received } = await ended(child)
  if (received) process.kill(process.pid, received)
  return { ok: code === 0, output: Buffer.concat(chunks).toString() }
}

/** Ends this process the way the child ended: the same exit code, or the same signal. */
export function endLike({ code, signal }) {
  if (signal) process.kill(process.pid, signal)
  else process.exit(code ?? 1)
}

/** Waits for the child to end, and says which signal we received meanwhile. */
function ended(child) {
  let received
  const hand = signal => {
    received = signal
    // Ctrl-C in a terminal reaches the child directly, and npm sends it to us once more: handing it on would
    // make one key press look like two, and a second SIGINT means "stop at once" to most servers.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  }
  for (const signal of forwarded) process.on(signal, hand)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, received }))
  }).finally(() => {
    for (const signal of forwarded) process.removeListener(signal, hand)
  })
}
