import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { endpoint } from './testing/examples.ts'
import { adminToken, startStandIn } from './testing/stand-in.ts'

const program = fileURLToPath(new URL('main.ts', import.meta.url))

function spawnProgram(context: TestContext, args: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
  })
  context.after(() => child.kill('SIGKILL'))
  return child
}

test('the program runs by itself, and its exit code says how it went', async context => {
  const server = await startStandIn(context, { 'GET /api/endpoints': { items: [endpoint], next: null } })
  const environment = { SIGNALBOX_URL: server.url, SIGNALBOX_TOKEN: adminToken }
  const child = spawnProgram(context, ['endpoint', 'list', '--quiet'], environment)
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  assert.equal(stdout, 'orders\n')
  assert.equal(code, 0)
  const [missing] = await once(spawnProgram(context, ['endpoint', 'show', 'gone'], environment), 'exit')
  assert.equal(missing, 4)
})

test('Ctrl-C ends event tail with 130', async context => {
  const server = await startStandIn(context, {})
  const watched = new Promise<void>(resolve => {
    server.onWatcher(socket => {
      socket.once('message', () => {
        socket.send('{"type":"subscribed","cursor":"c7"}')
        resolve()
      })
    })
  })
  const child = spawnProgram(context, ['event', 'tail'], {
    SIGNALBOX_URL: server.url,
    SIGNALBOX_TOKEN: adminToken,
  })
  const stderr = text(child.stderr)
  await watched
  child.kill('SIGINT')
  const [code] = await once(child, 'exit')
  assert.equal(code, 130)
  // What it got to say before the signal depends on which was quicker.
  assert.match(
    await stderr,
    /^(Waiting for events\. Ctrl-C ends\.\n)?(To go on from here: signalbox event tail --from c7\n)?$/,
  )
})

test('a pipe that is closed early is no failure', async context => {
  const items = Array.from({ length: 500 }, (_, index) => ({
    ...endpoint,
    description: 'x'.repeat(2000),
    name: `e${index}`,
  }))
  const server = await startStandIn(context, { 'GET /api/endpoints': { items, next: null } })
  const child = spawnProgram(context, ['endpoint', 'list', '--json'], {
    SIGNALBOX_URL: server.url,
    SIGNALBOX_TOKEN: adminToken,
  })
  const stderr = text(child.stderr)
  child.stdout.once('data', () => child.stdout.destroy())
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
  assert.equal(await stderr, '')
})
