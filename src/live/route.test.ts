import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { afterEach, beforeEach, test } from 'node:test'
import { WebSocket } from 'ws'
import {
  connect,
  follow,
  identifyByHeader,
  type LiveWorld,
  manualClock,
  openLiveStore,
  startLiveWorld,
} from '../../test/support/live-world.ts'
import {
  anAttempt,
  anEndpoint,
  anEvent,
  aReaction,
  aRun,
  claim,
  createReaction,
} from '../storage/contract/builders.ts'
import Fastify from 'fastify'
import type { AddressInfo } from 'node:net'
import { registerLive } from './route.ts'
import type { Viewer } from './viewer.ts'

let world: LiveWorld

beforeEach(async () => {
  world = await startLiveWorld()
})
afterEach(() => world.close())

const append = (set: Parameters<typeof anEvent>[0] = {}) =>
  world.storage.execute('appendEvent', anEvent({ body: Buffer.from('{"order":7}'), ...set }))

const visitorOf = (...endpointIds: string[]) => ({ authorization: ['visitor', ...endpointIds].join(' ') })

/** How the server answers a handshake that it does not accept. */
async function refusal(headers: Record<string, string>): Promise<{ status: number; body: string }> {
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}/api/live`, { headers })
  socket.on('error', () => {})
  const [, response] = await once(socket, 'unexpected-response')
  response.setEncoding('utf8')
  let body = ''
  for await (const chunk of response) body += chunk
  socket.terminate()
  return { status: response.statusCode, body }
}

test('an event is told as it happens, with its summary', async () => {
  const client = await follow(world)
  await append({ id: 'evt_1', kindName: 'deployment.failed', endpointId: 'ep_1', error: 'no', hops: 2 })
  const [change] = await client.hearsChanges(1)
  assert.ok(change?.type === 'event')
  assert.deepEqual(
    { ...change.event, time: '', targets: [] },
    {
      id: 'evt_1',
      time: '',
      kind: { type: 'external', name: 'deployment.failed' },
      targets: [],
      error: 'no',
      endpointId: 'ep_1',
      method: null,
      path: null,
      sender: null,
      contentType: null,
      bodyBytes: 11,
      preview: '{"order":7}',
      hops: 2,
      cause: null,
    },
  )
})

test('a run is told from its making to its end, by the name of its reaction', async () => {
  const client = await follow(world, { filter: { topics: ['runs'] } })
  const reaction = await createReaction(
    world.storage,
    aReaction({ definition: JSON.stringify({ name: 'mirror' }) }),
  )
  const { position } = await append({ id: 'evt_9', kindName: 'deployment.failed', endpointId: 'ep_1' })
  await world.storage.execute('commitReacted', {
    partition: 0,
    position,
    configVersion: reaction.config_version,
    runs: [aRun('evt_9', { reactionId: reaction.reaction_id })],
    ownEvents: [],
  })
  await client.hearsChanges(1)
  const [claimed] = await claim(world.storage, 1_000)
  await world.storage.execute('recordAttempt', anAttempt(claimed!.run))
  const changes = await client.hearsChanges(2)
  const runs = changes.map(change => {
    assert.ok(change.type === 'run')
    const { run, attempt } = change
    return [run.reactionName, run.state, run.attempts, attempt?.outcome ?? null, attempt?.status ?? null]
  })
  assert.deepEqual(runs, [
    ['mirror', 'due', 0, null, null],
    ['mirror', 'succeeded', 1, 'succeeded', 200],
  ])
})

test('a run is found by the endpoint and the kind of its event, however long ago that was', async () => {
  const { position } = await append({ id: 'evt_old', kindName: 'deployment.failed', endpointId: 'ep_1' })
  const filter = { endpoints: ['ep_1'], kinds: ['deployment'] }
  const clients = await Promise.all([
    follow(world, { filter }),
    follow(world, { filter: { kinds: ['release'] } }),
    follow(world, { filter: { endpoints: ['ep_2'] } }),
  ])
  const runs = [aRun('evt_old')]
  await world.storage.execute('commitReacted', {
    partition: 0,
    position,
    configVersion: 0,
    runs,
    ownEvents: [],
  })
  const [run] = await clients[0].hearsChanges(1)
  assert.ok(run?.type === 'run' && run.run.eventId === 'evt_old')
  for (const client of clients) client.say({ type: 'ping' })
  await Promise.all(clients.map(client => client.hears('pong')))
  assert.deepEqual([clients[1].changes(), clients[2].changes()], [[], []])
})

test('a visitor is told of their own endpoints and of nothing else', async () => {
  const mine = anEndpoint({ id: 'ep_mine' })
  const other = anEndpoint({ id: 'ep_other' })
  const visitor = await follow(world, { headers: visitorOf('ep_mine') })
  const curious = await follow(world, {
    headers: visitorOf('ep_mine'),
    filter: { endpoints: ['ep_other', 'ep_mine'], topics: ['events', 'runs', 'configuration'] },
    cursor: 'beginning',
  })
  await world.storage.execute('createEndpoint', other)
  await world.storage.execute('createEndpoint', mine)
  await createReaction(world.storage)
  await append({ endpointId: 'ep_other', body: Buffer.from('secret') })
  const { position } = await append({ endpointId: 'ep_mine', id: 'evt_mine' })
  await world.storage.execute('commitReacted', {
    partition: 0,
    position,
    configVersion: 3,
    runs: [aRun('evt_mine')],
    ownEvents: [],
  })
  await append({ endpointId: null })
  await append({ endpointId: 'ep_mine', id: 'evt_last' })
  for (const client of [visitor, curious]) {
    const changes = await client.hearsChanges(3)
    const names = changes.map(change => (change.type === 'event' ? change.event.id : change.type))
    assert.deepEqual(names, ['configuration', 'evt_mine', 'evt_last'])
    assert.doesNotMatch(JSON.stringify(client.told), /ep_other|secret|rea_/)
  }
})

test('subscribing again changes the filter', async () => {
  const client = await follow(world, { filter: { kinds: ['a'] } })
  await append({ kindName: 'a' })
  await client.hearsChanges(1)
  client.say({ type: 'subscribe', filter: { kinds: ['b'] }, cursor: null })
  await client.hears('subscribed', told => client.told.indexOf(told) > 0)
  await append({ kindName: 'a' })
  await append({ kindName: 'b' })
  const changes = await client.hearsChanges(2)
  assert.deepEqual(
    changes.map(change => change.type === 'event' && change.event.kind.name),
    ['a', 'b'],
  )
})

test('from the beginning everything that is stored is told, then that the watcher has caught up', async () => {
  await Promise.all(Array.from({ length: 730 }, () => append()))
  const client = await follow(world, { cursor: 'beginning' })
  const { cursor } = await client.hears('caught-up')
  const ids = client.changes().map(change => change.type === 'event' && change.event.id)
  assert.equal(ids.length, 730)
  assert.equal(new Set(ids).size, 730)
  await append({ id: 'evt_next' })
  await client.hearsChanges(731)
  const resumed = await follow(world, { cursor })
  assert.deepEqual(await resumed.hearsChanges(1), client.changes().slice(730))
})

test('messages that cannot be read are answered, and end nothing', async () => {
  const client = await follow(world)
  const answers: [unknown, string][] = [
    ['{"type":', 'message.malformed'],
    [{ type: 'shout' }, 'message.unknown'],
    [{ type: 'subscribe', filter: { topics: ['logs'] } }, 'message.malformed'],
    [{ type: 'subscribe', cursor: 'bm9uc2Vuc2U' }, 'cursor.invalid'],
  ]
  for (const [message, code] of answers) {
    client.say(message)
    await client.hears('error', error => error.code === code)
  }
  client.say({ type: 'ping' })
  await client.hears('pong')
  await append()
  await client.hearsChanges(1)
})

test('a cursor from the future is refused with its code', async () => {
  const client = await connect(world)
  const cursor = Buffer.from('1:999999').toString('base64url')
  client.say({ type: 'subscribe', cursor })
  assert.equal((await client.hears('error')).code, 'cursor.ahead')
  client.say({ type: 'subscribe', cursor: null })
  await client.hears('subscribed')
})

test('a message of more than 16 KiB ends the connection', async () => {
  const client = await follow(world)
  client.say('x'.repeat(16 * 1024 + 1))
  assert.equal((await client.closed).code, 1009)
})

test('whoever says more than 20 things a second is sent away with the reason', async () => {
  const client = await follow(world)
  for (let count = 0; count < 40; count++) client.say({ type: 'ping' })
  assert.deepEqual(await client.closed, { code: 1008, reason: 'more than 20 messages a second' })
})

test('nobody, another site and a plain request are refused as HTTP', async () => {
  const nobody = await refusal({})
  assert.equal(nobody.status, 401)
  assert.equal(JSON.parse(nobody.body).code, 'access.unauthenticated')
  assert.equal((await refusal({ authorization: 'admin', origin: 'https://evil.example' })).status, 403)
  const plain = await fetch(`${world.url}/api/live`, { headers: { authorization: 'admin' } })
  assert.equal(plain.status, 426)
  assert.equal(JSON.parse(await plain.text()).code, 'live.upgrade-required')
})

test('a request elsewhere that offers an upgrade stays an ordinary request, with its body', async () => {
  for (const upgrade of ['h2c', 'websocket']) {
    const body = JSON.stringify({ from: 'Java' })
    const sent = request(`${world.url}/echo`, {
      method: 'POST',
      headers: { connection: 'Upgrade', upgrade, 'content-type': 'application/json' },
    })
    sent.end(body)
    const [response] = await once(sent, 'response')
    let text = ''
    for await (const chunk of response) text += chunk
    assert.deepEqual([response.statusCode, text], [200, JSON.stringify({ body: { from: 'Java' } })])
  }
})

test('a watcher who reads nothing is left behind, costs a bounded amount, and does not delay others', async () => {
  const [stuck, quick] = await Promise.all([follow(world), follow(world)])
  const sockets = [...world.connections]
  stuck.socket.pause()
  // Events of 50 KB each in the feed, so that the kernel's buffers (some 10 MB) are full soon.
  const targets = Array.from({ length: 50 }, () => ({ type: 'path', value: 'x'.repeat(1000) }))
  const detail = JSON.stringify({ targets, owner: { type: 'a', name: 'b' }, cause: null, request: null })
  let peak = 0
  let count = 0
  const burst = async () => {
    await Promise.all(Array.from({ length: 10 }, () => append({ detail })))
    count += 10
    await quick.hearsChanges(count)
    peak = Math.max(peak, ...sockets.map(socket => socket.writableLength))
  }
  while (peak <= 1024 * 1024) {
    assert.ok(count < 2000, 'the buffers are full at last')
    await burst()
  }
  for (const before = count; count < before + 100; ) await burst()
  assert.ok(peak < 2 * 1024 * 1024, `${peak} bytes waited`)

  stuck.socket.resume()
  const { skipped } = await stuck.hears('behind')
  assert.ok(skipped.events >= 90, JSON.stringify(skipped))
  assert.equal(stuck.changes().length + skipped.events, count)
  const last = stuck.told.findLast(message => message.type === 'frame')
  assert.ok(last)
  stuck.say({ type: 'subscribe', cursor: last.cursor })
  assert.equal((await stuck.hearsChanges(count)).length, count)
  assert.deepEqual(stuck.changes(), quick.changes())
})

test('a server that closes says so to its watchers, and waits for none that do not answer', async () => {
  const [polite, stuck] = await Promise.all([follow(world), follow(world)])
  stuck.socket.pause()
  await world.server.close()
  assert.deepEqual(await polite.closed, { code: 1001, reason: 'Signalbox is stopping' })
  stuck.socket.resume()
  await stuck.closed
})

/** A feed whose heartbeats come when the test says so. */
async function withClock(
  identify: () => Promise<Viewer | null>,
  run: (url: string, advance: (ms: number) => void) => Promise<void>,
) {
  const store = await openLiveStore()
  const clock = manualClock()
  const server = Fastify({ forceCloseConnections: true })
  await registerLive(server, { ...store, clock, identify, onError: assert.ifError })
  await server.listen({ host: '127.0.0.1', port: 0 })
  try {
    await run(`http://127.0.0.1:${(server.server.address() as AddressInfo).port}`, clock.advance)
  } finally {
    await server.close()
    await store.close()
  }
}

test('a watcher that answers no heartbeat is ended, one that answers stays', () =>
  withClock(identifyByHeader.bind(null, { headers: { authorization: 'admin' } }), async (url, advance) => {
    const [alive, dead] = await Promise.all([connect({ url }), connect({ url })])
    dead.socket.pause()
    const pinged = once(alive.socket, 'ping')
    advance(30_000)
    await pinged
    alive.say({ type: 'ping' })
    await alive.hears('pong')
    advance(30_000)
    dead.socket.resume()
    assert.equal((await dead.closed).code, 1006)
    assert.equal(alive.socket.readyState, WebSocket.OPEN)
    alive.socket.terminate()
  }))

test('whoever may watch no more, or something else, is sent away within a heartbeat', async () => {
  const viewers: (Viewer | null)[] = [null, { kind: 'visitor', endpointIds: new Set(['ep_2']) }]
  for (const later of viewers) {
    let viewer: Viewer | null = { kind: 'visitor', endpointIds: new Set(['ep_1', 'ep_2']) }
    await withClock(
      async () => viewer,
      async (url, advance) => {
        const client = await connect({ url })
        client.say({ type: 'ping' })
        await client.hears('pong')
        viewer = later
        advance(30_000)
        assert.equal((await client.closed).code, 1008)
      },
    )
  }
})
