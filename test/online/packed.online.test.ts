// The package as somebody gets it who has never seen the clone: an empty folder, the registry, and `npx signalbox`.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ask, send } from '../journeys/support/ask.ts'
import { atEnd } from '../journeys/support/at-end.ts'
import { temporaryFolder } from '../journeys/support/signalbox.ts'
import { until } from '../kill/support/until.ts'

const runFile = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const withinMs = 110_000
/** Our own Node, whatever the machine has. */
const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}` }
const mostPackedBytes = 1_000_000

interface Packed {
  filename: string
  size: number
  files: { path: string }[]
}

const folder = temporaryFolder({ after })
let packed: Packed
before(async () => {
  const pack = ['pack', '--json', '--pack-destination', folder]
  const { stdout } = await runFile('npm', pack, { cwd: root, env, timeout: withinMs })
  packed = (JSON.parse(stdout) as Packed[])[0]!
  // A manifest of its own, or npm looks for one in the folders above.
  await runFile('npm', ['init', '--yes'], { cwd: folder, env, timeout: withinMs })
  const install = ['install', '--no-audit', '--no-fund', join(folder, packed.filename)]
  await runFile('npm', install, { cwd: folder, env, timeout: withinMs })
})

test('the package is small, and holds what runs and nothing else', () => {
  const odd = packed.files
    .map(({ path }) => path)
    .filter(
      path => !/^(?:bin|dist|web\/dist)\/|^(?:package\.json|README\.md|CHANGELOG\.md|LICENSE)$/.test(path),
    )
  assert.deepEqual(odd, [])
  const needless = packed.files.filter(({ path }) => /\.test\.|\.map$|\.ts$|contract/.test(path))
  assert.deepEqual(needless, [])
  assert.ok(packed.size < mostPackedBytes, `${packed.size} bytes`)
  assert.ok(!existsSync(join(folder, 'node_modules/typescript')), 'nothing that only builds is installed')
})

test('npx signalbox in an empty folder starts it, takes a webhook, and shows it', async context => {
  const child = spawn('npx', ['signalbox'], {
    cwd: folder,
    env: { ...env, SIGNALBOX_PORT: '0' },
    detached: true,
  })
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  // npx hands no signal on to what it started: the whole group is ended.
  const stop = (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, signal)
  }
  atEnd(context, () => stop('SIGKILL'))
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk))
  const link = await until(
    () => `it prints its link. It printed: ${printed}`,
    () => /\S+\/sign-in#\S+/.exec(printed)?.[0],
  )
  const url = link.slice(0, link.indexOf('/sign-in#'))
  const signalbox = async (...args: string[]) =>
    (await runFile('npx', ['signalbox', ...args], { cwd: folder, env, timeout: withinMs })).stdout

  const endpoint = JSON.parse(await signalbox('endpoint', 'create', 'orders', '--json')) as { url: string }
  const sent = await send(endpoint.url, '{"order":7}')
  assert.equal(sent.status, 202)
  assert.match(await signalbox('event', 'list'), /endpoint:orders +\{"order":7\}/)

  const page = await ask(url, { headers: { accept: 'text/html' } })
  const asset = /src="\.?\/?(assets\/[^"]+\.js)"/.exec(page.text)?.[1]
  assert.ok(asset, page.text)
  assert.equal((await ask(`${url}/${asset}`)).status, 200)
  assert.equal((await ask(`${url}/api/openapi.json`)).status, 200)
  assert.equal((await ask(`${url}/api/docs/`)).status, 200)
  assert.ok(readFileSync(join(folder, 'data/admin-token')).length > 0, 'its data lies in ./data')
  stop('SIGTERM')
  await ended
  assert.match(printed, /SIGTERM: finishing what is under way/)
})

test('an old Node is told what to do', async () => {
  const old =
    'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.9.0"}})'
  const program = join(folder, 'node_modules/signalbox/bin/signalbox.js')
  const refused = await runFile(process.execPath, ['--import', old, program, 'status']).catch(
    (error: unknown) => error as { code: number; stderr: string },
  )
  assert.ok('code' in refused && refused.code === 1)
  assert.match(refused.stderr, /needs Node 24 or newer, and this is Node 20\.9\.0/)
  assert.match(refused.stderr, /npx --package node@24 --package signalbox signalbox status/)
})
