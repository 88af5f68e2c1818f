import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { WebSocket } from 'ws'
import { run, start } from './testing/captured.ts'
import { endpoint, eventSummary } from './testing/examples.ts'
import { type StandIn, startStandIn } from './testing/stand-in.ts'

interface Subscribe {
  type: string
  filter: object
  cursor: string | null
}

/** A watcher as the server sees it. */
interface Watcher {
  socket: WebSocket
  next(): Promise<Subscribe>
  send(message: object): void
}

/** Answers the watchers that come, one after the other. */
function watchersOf(server: StandIn): () => Promise<Watcher> {
  const come: Watcher[] = []
  let wake = (): void => {}
  server.onWatcher(socket => {
    const messages: Subscribe[] = []
    socket.on('message', data => messages.push(JSON.parse((data as Buffer).toString('utf8'))))
    come.push({
      socket,
      send: message => socket.send(JSON.stringify(message)),
      async next() {
        while (messages.length === 0) await once(socket, 'message')
        return messages.shift() as Subscribe
      },
    })
    wake()
  })
  return async () => {
    while (come.length === 0) {
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
    return come.shift() as Watcher
  }
}

const frame = (cursor: string, ...ids: string[]) => ({
  type: 'frame',
  cursor,
  changes: ids.map(id => ({ type: 'event', event: { ...eventSummary, id } })),
})

test('event tail prints each event as a line, and Ctrl-C ends it with 130 and the cursor', async context => {
  const server = await startStandIn(context, { 'GET /api/endpoints/orders': endpoint })
  const watcher = watchersOf(server)
  const tail = start(['event', 'tail', '--endpoint', 'orders', '--kind', 'webhook'], { server })
  const watching = await watcher()
  assert.deepEqual(await watching.next(), {
    type: 'subscribe',
    filter: { topics: ['events'], endpoints: ['ep_1'], kinds: ['webhook'] },
    cursor: null,
  })
  watching.send({ type: 'subscribed', cursor: 'c0' })
  watching.send({
    ...frame('c1', 'evt_1'),
    changes: [{ type: 'run', run: {} }, ...frame('c1', 'evt_1').changes],
  })
  await tail.sees('evt_1')
  tail.interrupt()
  const { code, stdout, stderr } = await tail.ended
  assert.equal(code, 130)
  assert.match(
    stdout,
    /^\d\d:\d\d:\d\d {2}evt_1 {2}webhook\.received {2}endpoint:orders {2}\{"order":"7"\}\n$/,
  )
  assert.match(stderr, /--from c1\n$/)
})

test('event tail --json prints one event a line, exactly as the API has it', async context => {
  const server = await startStandIn(context, {})
  const watcher = watchersOf(server)
  const tail = start(['event', 'tail', '--json', '--from', 'beginning'], { server })
  const watching = await watcher()
  assert.equal((await watching.next()).cursor, 'beginning')
  watching.send({ type: 'subscribed', cursor: 'c9' })
  watching.send(frame('c1', 'evt_1', 'evt_2'))
  await tail.sees('evt_2')
  tail.interrupt()
  const lines = (await tail.ended).stdout.trimEnd().split('\n')
  assert.deepEqual(
    lines.map(line => JSON.parse(line)),
    [
      { ...eventSummary, id: 'evt_1' },
      { ...eventSummary, id: 'evt_2' },
    ],
  )
})

test('event tail goes on from its cursor after a lost connection, and says so', async context => {
  const server = await startStandIn(context, {})
  const watcher = watchersOf(server)
  const tail = start(['event', 'tail', '--quiet'], { server })
  const first = await watcher()
  await first.next()
  first.send({ type: 'subscribed', cursor: 'c0' })
  first.send(frame('c1', 'evt_1'))
  await tail.sees('evt_1')
  first.socket.terminate()
  const second = await watcher()
  assert.equal((await second.next()).cursor, 'c1')
  second.send({ type: 'subscribed', cursor: 'c5' })
  second.socket.close(1001, 'restarting')
  const third = await watcher()
  assert.equal(
    (await third.next()).cursor,
    'c1',
    'what the server is at does not replace what was handed over',
  )
  third.send({ type: 'subscribed', cursor: 'c5' })
  third.send(frame('c2', 'evt_2'))
  await tail.sees('evt_2')
  tail.interrupt()
  const { stdout, stderr } = await tail.ended
  assert.equal(stdout, 'evt_1\nevt_2\n')
  assert.match(
    stderr,
    /Lost the connection: it broke off\. Trying again in \d+ ms\.\nConnected again; nothing was missed\.\nLost the connection: restarting/,
  )
})

test('event tail waits longer and longer for a server that stays away', async context => {
  const server = await startStandIn(context, {})
  const watcher = watchersOf(server)
  const tail = start(['event', 'tail'], { server })
  const first = await watcher()
  await first.next()
  first.send({ type: 'subscribed', cursor: 'c0' })
  await server.close()
  while (tail.waits.length < 8) await once(tail.terminal.stderr, 'data')
  await server.listen()
  const second = await watcher()
  assert.equal((await second.next()).cursor, 'c0')
  tail.interrupt()
  await tail.ended
  const bounds = [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]
  for (const [index, base] of bounds.entries()) {
    const waited = tail.waits[index] ?? 0
    assert.ok(waited >= base * 0.8 && waited <= base * 1.2, `wait ${index} was ${waited} ms`)
  }
})

test('event tail reads again what it fell behind by, without a gap or a duplicate', async context => {
  const server = await startStandIn(context, {})
  const watcher = watchersOf(server)
  const tail = start(['event', 'tail'], { server })
  const watching = await watcher()
  await watching.next()
  watching.send({ type: 'subscribed', cursor: 'c0' })
  watching.send(frame('c1', 'evt_1'))
  watching.send({ type: 'behind', cursor: 'c3', skipped: { events: 2, runs: 0 } })
  watching.send(frame('c4', 'evt_4'))
  assert.equal((await watching.next()).cursor, 'c1')
  watching.send({ type: 'subscribed', cursor: 'c4' })
  watching.send(frame('c4', 'evt_2', 'evt_3', 'evt_4'))
  await tail.sees('evt_3')
  tail.interrupt()
  const { stdout, stderr } = await tail.ended
  assert.deepEqual(stdout.match(/evt_\d/g), ['evt_1', 'evt_2', 'evt_3', 'evt_4'])
  assert.match(stderr, /Fell behind by 2 events/)
})

test('event tail notices a connection that is dead, though nobody closed it', async context => {
  const server = await startStandIn(context, {})
  const watcher = watchersOf(server)
  context.mock.timers.enable({ apis: ['setInterval'] })
  const tail = start(['event', 'tail'], { server })
  const first = await watcher()
  await first.next()
  first.send({ type: 'subscribed', cursor: 'c0' })
  first.send(frame('c1', 'evt_1'))
  await tail.sees('evt_1')
  first.socket.pause()
  context.mock.timers.tick(20_000)
  context.mock.timers.tick(20_000)
  const second = await watcher()
  assert.equal((await second.next()).cursor, 'c1')
  tail.interrupt()
  assert.match((await tail.ended).stderr, /Lost the connection: it broke off/)
})

test('event tail gives up on a server that never answers its subscription', async context => {
  const server = await startStandIn(context, {})
  const watcher = watchersOf(server)
  context.mock.timers.enable({ apis: ['setInterval'] })
  const tail = start(['event', 'tail'], { server })
  const first = await watcher()
  await first.next()
  const pinged = once(first.socket, 'ping')
  context.mock.timers.tick(20_000)
  await pinged
  // Its pong to our ping comes after the answer to the ping of tail: that one has arrived.
  const answered = once(first.socket, 'pong')
  first.socket.ping()
  await answered
  context.mock.timers.tick(20_000)
  const { code, stderr } = await tail.ended
  assert.equal(code, 3)
  assert.match(stderr, /Cannot reach .*: it broke off/)
})

test('event tail ends when the server refuses it', async context => {
  const server = await startStandIn(context, {})
  const refused = await run(['event', 'tail', '--token', 'wrong'], { server })
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /Not signed in \(401 access\.unauthorized\)/)

  const watcher = watchersOf(server)
  const tail = start(['event', 'tail', '--from', 'nonsense'], { server })
  const watching = await watcher()
  await watching.next()
  watching.send({ type: 'error', code: 'cursor.unknown', detail: 'The cursor is not known.' })
  const { code, stderr } = await tail.ended
  assert.equal(code, 1)
  assert.match(stderr, /The feed ended \(cursor\.unknown\)\n {2}The cursor is not known\./)
})

test('event tail of a server that is not there ends with 3', async context => {
  const server = await startStandIn(context, {})
  await server.close()
  assert.equal((await run(['event', 'tail'], { server })).code, 3)
})

test('payloads cannot drive the terminal of event tail', async context => {
  const server = await startStandIn(context, {})
  const watcher = watchersOf(server)
  const tail = start(['event', 'tail', '--no-color'], { server, columns: 60 })
  const watching = await watcher()
  await watching.next()
  watching.send({ type: 'subscribed', cursor: 'c0' })
  const evil = {
    ...eventSummary,
    kind: { type: 'external', name: 'a\u001b[2J' },
    preview: `\u001b]0;x\u0007${'y'.repeat(200)}`,
  }
  watching.send({ type: 'frame', cursor: 'c1', changes: [{ type: 'event', event: evil }] })
  await tail.sees('evt_1')
  tail.interrupt()
  const { stdout } = await tail.ended
  assert.match(stdout, /a\\x1b\[2J/)
  assert.doesNotMatch(stdout.trimEnd(), /\p{Cc}/u)
  assert.equal(stdout.length, 61)
})
