import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startSignalbox, temporaryFolder } from './support/signalbox.ts'

const program = fileURLToPath(new URL('../../bin/signalbox.js', import.meta.url))

test('in bash, Tab completes commands, flags and names of what is there', async context => {
  const box = await startSignalbox(context)
  await box.api('POST', '/api/endpoints', { name: 'orders' })
  await box.api('POST', '/api/endpoints', { name: 'ordinary' })
  const folder = temporaryFolder(context)
  symlinkSync(program, join(folder, 'signalbox'))
  const script = `
    eval "$(signalbox completion bash)"
    tab() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _signalbox; echo "\${COMPREPLY[*]}"; }
    complete -p signalbox
    tab signalbox endp
    tab signalbox endpoint show ord
    tab signalbox event list --endpoint = ordi
    tab signalbox run list --st
    PATH=\${PATH#*:}; alias signalbox=${JSON.stringify(program)}; shopt -s expand_aliases
    tab signalbox reac`
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', script], {
    env: {
      PATH: `${folder}:${join(process.execPath, '..')}:${process.env['PATH']}`,
      SIGNALBOX_URL: box.url,
      SIGNALBOX_TOKEN: box.token,
    },
    timeout: 30_000,
  })
  assert.deepEqual(stdout.trimEnd().split('\n'), [
    'complete -F _signalbox signalbox',
    'endpoint',
    'orders ordinary',
    'ordinary',
    '--state',
    'reaction',
  ])
})
