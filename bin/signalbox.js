#!/usr/bin/env node
// The `signalbox` command. Plain JavaScript, so that an old Node gets a sentence and not a syntax error.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as module from 'node:module'
import { fileURLToPath } from 'node:url'

const oldestNode = 24
const current = process.versions.node

const published = new URL('../dist/cli/main.js', import.meta.url)
const cloned = new URL('../src/cli/main.ts', import.meta.url)
const isClone = existsSync(cloned)
const pinned = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))

if (Number.parseInt(current, 10) >= oldestNode) {
  module.enableCompileCache()
  await import((isClone ? cloned : published).href)
} else if (existsSync(pinned)) {
  // A clone brings its own Node.
  const child = spawn(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  process.on('SIGINT', () => {})
  child.on('exit', (code, signal) => (signal ? process.kill(process.pid, signal) : process.exit(code ?? 1)))
} else {
  console.error(
    `Signalbox needs Node ${oldestNode} or newer, and this is Node ${current}.\n` +
      `Install Node ${oldestNode} from https://nodejs.org, then run signalbox again; or have npx bring one for this ` +
      `once:\n\n    npx --package node@${oldestNode} --package signalbox signalbox ${process.argv.slice(2).join(' ')}`,
  )
  process.exit(1)
}
