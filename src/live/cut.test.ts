import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { type LiveWorld, startLiveWorld, type Told } from '../../test/support/live-world.ts'
import type { RunTable } from '../storage/schema.ts'
import type { Storage } from '../storage/port.ts'
import { anAttempt, anEvent, aRun, claim, createEndpoint } from '../storage/contract/builders.ts'
import type { ChangeRow } from '../storage/queries/changes.ts'
import type { ChangeMessage } from './change.ts'

const watchers = 4
const cutsOfEach = 50

/** Repeatable: a failure can be looked at again. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Appends events, makes and tries runs, and changes endpoints, until told to stop. */
async function write(storage: Storage, writer: number, isOver: () => boolean): Promise<void> {
  const random = randomNumbers(writer)
  const lane = `lane-${writer}`
  const body = Buffer.from('{"text":"\u0000 \ud83d\ude80 \\u2028"}')
  while (!isOver()) {
    const event = anEvent({ body, endpointId: `ep_${random(3)}` })
    const { position } = await storage.execute('appendEvent', event)
    const runs = [aRun(event.id, { lane })]
    const { version: configVersion } = await storage.read('configurationSince', { version: 1e9 })
    await storage.execute('commitReacted', { partition: 0, position, configVersion, runs, ownEvents: [] })
    const claimed = await claim(storage, 1_000, [{ lane, limit: 10 }])
    for (const { run } of claimed) await settle(storage, run, random(4))
    if (random(10) === 0) await createEndpoint(storage)
  }
}

async function settle(storage: Storage, run: RunTable, choice: number): Promise<void> {
  if (choice === 0) return void (await storage.execute('cancelRun', { id: run.id, nowMs: 2_000, by: 'Ada' }))
  const failed = { outcome: 'failed', next: { state: 'failed', dueAtMs: null, label: '500' } } as const
  await storage.execute('recordAttempt', anAttempt(run, choice === 1 ? failed : {}))
  if (choice === 1)
    await storage.execute('retryRun', { id: run.id, nowMs: 1_000, deadlineAtMs: 1e6, by: 'Ada' })
}

interface Record {
  changes: ChangeMessage[]
  cursor: string
  cuts: number
}

/** Watches from the beginning, is cut again and again, and goes on from the last cursor that it has. */
async function watchAndBeCut(world: LiveWorld, seed: number): Promise<Record> {
  const random = randomNumbers(seed)
  const record: Record = { changes: [], cursor: 'beginning', cuts: 0 }
  while (record.cuts < cutsOfEach) {
    const messages = random(12)
    await watchUntil(world, record, random(2) === 0 ? 'watcher' : 'server', told => told >= messages)
    record.cuts += 1
  }
  return record
}

async function watchUntil(
  world: LiveWorld,
  record: Record,
  cutter: 'watcher' | 'server',
  isEnough: (told: number, message: Told | null) => boolean,
): Promise<void> {
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}/api/live`, {
    headers: { authorization: 'admin' },
  })
  const closed = new Promise(resolve => socket.once('close', resolve))
  socket.on('error', () => {})
  let told = 0
  let isCut = false
  const cut = () => {
    isCut = true
    if (cutter === 'watcher') return socket.terminate()
    for (const connection of world.connections) {
      if (connection.remotePort === localPort) connection.resetAndDestroy()
    }
  }
  let localPort: number | undefined
  socket.on('upgrade', response => {
    localPort = response.socket.localPort
  })
  socket.on('open', () => {
    socket.send(JSON.stringify({ type: 'subscribe', cursor: record.cursor }))
    if (isEnough(0, null)) cut()
  })
  socket.on('message', (data: Buffer) => {
    // What has come to this machine after the cut never came to the watcher.
    if (isCut) return
    const message = JSON.parse(data.toString('utf8')) as Told
    assert.ok(message.type === 'subscribed' || message.type === 'frame' || message.type === 'caught-up')
    record.cursor = message.cursor
    if (message.type === 'frame') record.changes.push(...message.changes)
    told += 1
    if (isEnough(told, message)) cut()
  })
  await closed
}

async function everythingStored(storage: Storage): Promise<ChangeRow[]> {
  const rows: ChangeRow[] = []
  for (let position = 0; ; ) {
    const page = await storage.read('changesAfter', { position, limit: 1000 })
    rows.push(...page.changes)
    position = page.position
    if (!page.more) return rows
  }
}

const nameOfRow = (row: ChangeRow): string => {
  if (row.type === 'event') return `event ${row.event.id}`
  if (row.type === 'configuration') return `${row.topic} ${row.subjectId}`
  return `run ${row.run.id} ${row.type === 'attempt' ? row.attempt.number : ''}`
}

const nameOfChange = (change: ChangeMessage): string => {
  if (change.type === 'event') return `event ${change.event.id}`
  if (change.type === 'configuration') return `${change.topic} ${change.id}`
  return `run ${change.run.id} ${change.attempt?.number ?? ''}`
}

test('watchers who are cut 200 times under load receive what is stored', { timeout: 120_000 }, async () => {
  const world = await startLiveWorld()
  let isOver = false
  try {
    // More than one frame a page, to be cut between them.
    await Promise.all(Array.from({ length: 500 }, () => world.storage.execute('appendEvent', anEvent())))
    const writing = Promise.all([1, 2, 3].map(writer => write(world.storage, writer, () => isOver)))
    const records = await Promise.all(
      Array.from({ length: watchers }, (_, watcher) => watchAndBeCut(world, 100 + watcher)),
    )
    isOver = true
    await writing
    const stored = await everythingStored(world.storage)
    assert.ok(stored.length > 1000, `the load was a load: ${stored.length} changes`)
    for (const record of records) {
      assert.equal(record.cuts, cutsOfEach)
      await watchUntil(world, record, 'watcher', (_, message) => message?.type === 'caught-up')
      assert.deepEqual(record.changes.map(nameOfChange), stored.map(nameOfRow))
      await toldAsStored(record, world.storage)
    }
  } finally {
    isOver = true
    await world.close()
  }
})

async function toldAsStored({ changes }: Record, storage: Storage): Promise<void> {
  const last = new Map(
    changes.flatMap(change => (change.type === 'run' ? [[change.run.id, change.run]] : [])),
  )
  for (const [id, { state, label, attempts }] of last) {
    const row = await storage.read('run', { id })
    assert.deepEqual({ state, label, attempts }, row && pick(row))
  }
}

const pick = ({ state, label, attempts }: RunTable) => ({ state, label, attempts })
