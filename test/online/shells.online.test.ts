import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Signalbox, startSignalbox, temporaryFolder } from '../journeys/support/signalbox.ts'

const runFile = promisify(execFile)
const program = fileURLToPath(new URL('../../bin/signalbox.js', import.meta.url))

/** A shell that finds our program and knows the server. */
function environmentOf(box: Signalbox, folder: string): NodeJS.ProcessEnv {
  symlinkSync(program, join(folder, 'signalbox'))
  return {
    PATH: `${folder}:${join(process.execPath, '..')}:${process.env['PATH']}`,
    HOME: folder,
    TERM: 'dumb',
    SIGNALBOX_URL: box.url,
    SIGNALBOX_TOKEN: box.token,
  }
}

test('in fish, Tab completes commands, flags and names, and tells what they are', async context => {
  const box = await startSignalbox(context)
  const { url } = await box.api<{ url: string }>('POST', '/api/endpoints', { name: 'orders' })
  const folder = temporaryFolder(context)
  const script = `
    signalbox completion fish | source
    complete -C 'signalbox endp'
    complete -C 'signalbox endpoint show ord'
    complete -C 'signalbox event list --endpoint=ord'`
  const options = { env: environmentOf(box, folder), timeout: 30_000 }
  const { stdout } = await runFile('fish', ['--no-config', '-c', script], options)
  assert.deepEqual(stdout.trimEnd().split('\n'), [
    'endpoint\tcreate, list, show, edit and delete endpoints',
    `orders\t${url}`,
    `--endpoint=orders\t${url}`,
  ])
})

test('in zsh, Tab completes what is typed at a prompt', async context => {
  const box = await startSignalbox(context)
  await box.api('POST', '/api/endpoints', { name: 'orders' })
  const folder = temporaryFolder(context)
  // A zsh of its own behind a terminal: it is typed to, a Tab is pressed, and the line is run as an argument of echo.
  const script = `
    zmodload zsh/zpty
    zpty z zsh -f -i
    zpty -w z 'PROMPT=; setopt no_beep; autoload -Uz compinit; compinit -u -D; source <(signalbox completion zsh); echo rea''dy'
    while zpty -r z line; do [[ $line == *ready* ]] && break; done
    for typed in 'signalbox endp' 'signalbox endpoint show ord' 'signalbox event list --endpoint=ord'; do
      zpty -n -w z "$typed"$'\\t'
      zpty -w z $'\\x01echo DONE \\x05'
      while zpty -r z line; do [[ $line == DONE* ]] && break; done
      print -r -- "$line"
    done
    zpty -d z`
  const options = { env: environmentOf(box, folder), timeout: 60_000 }
  const { stdout } = await runFile('zsh', ['-f', '-c', script], options)
  const lines = stdout.split('\n').filter(line => line.startsWith('DONE'))
  assert.deepEqual(
    lines.map(line => line.replaceAll('\r', '').trimEnd()),
    [
      'DONE signalbox endpoint',
      'DONE signalbox endpoint show orders',
      'DONE signalbox event list --endpoint=orders',
    ],
  )
})
