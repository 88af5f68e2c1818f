#!/usr/bin/env node
// The `signalbox` command. Plain JavaScript, so that an old Node gets a sentence and not a syntax error.
import { existsSync } from 'node:fs'
import * as module from 'node:module'

const oldestNode = 24
const current = process.versions.node

if (Number.parseInt(current, 10) < oldestNode) {
  console.error(
    `Signalbox needs Node ${oldestNode} or newer, and this is Node ${current}.\n` +
      `Install Node ${oldestNode} from https://nodejs.org, then run signalbox again.`,
  )
  process.exit(1)
}

module.enableCompileCache()
const published = new URL('../dist/cli/main.js', import.meta.url)
const cloned = new URL('../src/cli/main.ts', import.meta.url)
await import((existsSync(published) ? published : cloned).href)
