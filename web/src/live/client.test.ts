import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLiveClient, type Socket } from './client.ts'
import type { Change, FromServer } from './protocol.ts'

/** A server and a clock in the hands of the test. */
function stage() {
  const sockets: FakeSocket[] = []
  const timers: { work: () => void; delayMs: number }[] = []
  const told: string[] = []
  const client = createLiveClient({
    connect() {
      const socket = fakeSocket()
      sockets.push(socket)
      return socket
    },
    later(work, delayMs) {
      const timer = { work, delayMs }
      timers.push(timer)
      return () => timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0)
    },
    random: () => 0.5,
  })
  client.onChanges(changes => told.push(...changes.map(idOf)))
  client.onGap(() => told.push('gap'))
  return {
    client,
    told,
    socket: () => sockets.at(-1) ?? assert.fail('never connected'),
    /** Lets the timer of that delay ring, and answers whether there was one. */
    ring(delayMs: number) {
      const at = timers.findIndex(timer => timer.delayMs === delayMs)
      const [timer] = at < 0 ? [] : timers.splice(at, 1)
      timer?.work()
      return timer !== undefined
    },
  }
}

const idOf = (change: Change): string => (change.type === 'configuration' ? change.id : change.type)
const change = (id: string): Change => ({ type: 'configuration', topic: 'endpoint', id })

interface FakeSocket extends Socket {
  sent: string[]
  happens(type: 'open' | 'close'): void
  tells(message: FromServer): void
}

function fakeSocket(): FakeSocket {
  const listeners: Record<string, ((message: { data: unknown }) => void)[]> = {
    open: [],
    close: [],
    message: [],
  }
  return {
    sent: [],
    send(text) {
      this.sent.push(text)
    },
    close() {},
    addEventListener(type: string, listener: (message: { data: unknown }) => void) {
      listeners[type]?.push(listener)
    },
    happens: type => listeners[type]?.forEach(listener => listener({ data: null })),
    tells: message => listeners['message']?.forEach(listener => listener({ data: JSON.stringify(message) })),
  }
}

function connected() {
  const scene = stage()
  scene.client.start()
  scene.socket().happens('open')
  scene.socket().tells({ type: 'subscribed', cursor: 'c0' })
  return scene
}

test('it begins from now, and tells lists to read themselves afresh', () => {
  const { client, socket, told } = connected()
  assert.deepEqual(JSON.parse(socket().sent[0] ?? ''), { type: 'subscribe', filter: {}, cursor: null })
  assert.equal(client.status(), 'live')
  assert.deepEqual(told, ['gap'])
})

test('after a lost connection it asks for what came since its last frame', () => {
  const { client, socket, told, ring } = connected()
  socket().tells({ type: 'frame', cursor: 'c1', changes: [change('a')] })
  socket().happens('close')
  assert.equal(client.status(), 'reconnecting')
  assert.ok(ring(500))
  socket().happens('open')
  assert.deepEqual(JSON.parse(socket().sent[0] ?? ''), { type: 'subscribe', filter: {}, cursor: 'c1' })
  socket().tells({ type: 'subscribed', cursor: 'c1' })
  assert.equal(client.status(), 'catching-up')
  socket().tells({ type: 'frame', cursor: 'c2', changes: [change('b')] })
  socket().tells({ type: 'caught-up', cursor: 'c2' })
  assert.equal(client.status(), 'live')
  assert.deepEqual(told, ['gap', 'a', 'b'])
})

test('it waits longer after each failure, and short again after a success', () => {
  const { socket, ring } = connected()
  for (const delayMs of [500, 1000, 2000]) {
    socket().happens('close')
    assert.ok(ring(delayMs), `no timer of ${delayMs} ms`)
  }
  socket().happens('open')
  socket().tells({ type: 'subscribed', cursor: 'c0' })
  socket().happens('close')
  assert.ok(ring(500))
})

test('a cursor that the server no longer knows means a gap, not an endless loop', () => {
  const { client, socket, told, ring } = connected()
  socket().happens('close')
  ring(500)
  socket().happens('open')
  socket().tells({ type: 'error', code: 'live.cursor', detail: 'too old' })
  assert.deepEqual(JSON.parse(socket().sent[1] ?? ''), { type: 'subscribe', filter: {}, cursor: null })
  socket().tells({ type: 'subscribed', cursor: 'c9' })
  assert.equal(client.status(), 'live')
  assert.deepEqual(told, ['gap', 'gap'])
})

test('a watcher that fell behind asks for the rest from its last frame, and nothing moves it past the gap', () => {
  const { client, socket, told } = connected()
  socket().tells({ type: 'frame', cursor: 'c1', changes: [change('a')] })
  socket().tells({ type: 'behind', cursor: 'c7', skipped: { events: 6, runs: 0 } })
  socket().tells({ type: 'frame', cursor: 'c8', changes: [change('h')] })
  assert.equal(client.status(), 'catching-up')
  assert.equal(JSON.parse(socket().sent.at(-1) ?? '').cursor, 'c1')
  socket().tells({ type: 'subscribed', cursor: 'c1' })
  socket().tells({ type: 'frame', cursor: 'c8', changes: [change('b'), change('h')] })
  assert.deepEqual(told, ['gap', 'a', 'b', 'h'])
})

test('a watcher that fell far behind begins from now', () => {
  const { socket, told } = connected()
  socket().tells({ type: 'behind', cursor: 'c9', skipped: { events: 100_000, runs: 0 } })
  assert.equal(JSON.parse(socket().sent.at(-1) ?? '').cursor, null)
  socket().tells({ type: 'subscribed', cursor: 'c9' })
  assert.deepEqual(told, ['gap', 'gap'])
})

test('a connection that was stopped says nothing more', () => {
  const { client, socket, told } = connected()
  const former = socket()
  client.stop()
  former.tells({ type: 'frame', cursor: 'c1', changes: [change('late')] })
  former.happens('close')
  assert.equal(client.status(), 'off')
  assert.deepEqual(told, ['gap'])
})

test('where no connection ever comes about, lists are told to read themselves at each try', () => {
  const { client, socket, told, ring } = stage()
  client.start()
  socket().happens('close')
  assert.ok(ring(500))
  socket().happens('close')
  assert.deepEqual(told, ['gap', 'gap'])
})
