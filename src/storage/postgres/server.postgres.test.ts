import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { type PostgresServer, startPostgres } from '../../../test/support/postgres.ts'
import { anEvent, append, aRun, commitReacted, createEndpoint, makeRuns } from '../contract/builders.ts'
import { settled } from '../contract/store.ts'
import type { Storage } from '../port.ts'
import { type Client, connectWriter, inspectServer } from './connection.ts'
import { openPostgresStorage } from './storage.ts'

/** What only a server with many writers can do: wait, break, deadlock. */

let server: PostgresServer
before(async () => {
  server = await startPostgres(15)
})
after(() => server.stop())

interface Opened {
  url: string
  storage: Storage
  /** A stranger's connection to the same database. */
  stranger: pg.Client
}

const scenario = (title: string, run: (opened: Opened) => Promise<void>) =>
  void test(title, { timeout: 60_000 }, async () => {
    const url = await server.createDatabase()
    const storage = await openPostgresStorage({ url, readers: 2 })
    const stranger = new pg.Client(url)
    await stranger.connect()
    try {
      await run({ url, storage, stranger })
    } finally {
      await stranger.end()
      await storage.close()
    }
  })

/** Until the writing connection of the store waits for a lock. */
async function writerWaits(stranger: pg.Client): Promise<number> {
  for (;;) {
    const { rows } = await stranger.query(
      "select pid from pg_stat_activity where application_name = 'signalbox' and wait_event_type = 'Lock' and datname = current_database()",
    )
    if (rows[0]) return rows[0].pid as number
    await new Promise(resolve => setImmediate(resolve))
  }
}

async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise(resolve => setImmediate(resolve))
}

const eventsOf = async (storage: Storage) =>
  (await storage.read('eventsAfter', { partition: 0, position: 0, limit: 10, maxBytes: 1e6 })).map(
    ({ event }) => event.id,
  )

scenario(
  'no position appears behind a reader, however long a neighbour writes',
  async ({ storage, stranger }) => {
    const before = anEvent()
    await settled(storage, (await storage.execute('appendEvent', before)).position)
    await stranger.query('begin')
    await stranger.query('select pg_current_xact_id()')
    const later = anEvent()
    const { position } = await storage.execute('appendEvent', later)

    assert.deepEqual(await eventsOf(storage), [before.id])
    assert.ok((await storage.read('lastPosition', null)) < position)
    const { changes } = await storage.read('changesAfter', { position: 0, limit: 10 })
    assert.equal(changes.length, 1)
    assert.ok(await storage.read('event', { id: later.id }), 'by its id it is found at once')

    await stranger.query('rollback')
    await settled(storage, position)
    assert.deepEqual(await eventsOf(storage), [before.id, later.id])
  },
)

scenario('a change of the configuration cannot slip by a commit of react', async ({ storage, stranger }) => {
  const event = anEvent()
  const { position } = await storage.execute('appendEvent', event)
  await stranger.query('begin; update config_state set version = version + 1')
  const reacted = commitReacted(storage, { position, runs: [aRun(event.id)] })
  await writerWaits(stranger)
  await stranger.query('commit')
  assert.deepEqual(await reacted, { stale: true, configVersion: 1 })
  assert.deepEqual(await storage.query('runsOfEvent', { eventId: event.id }), [])
})

scenario('two reactors on one partition follow one another', async ({ storage, stranger }) => {
  await commitReacted(storage, { position: 10 })
  await stranger.query('begin; select * from react_position where partition = 0 for update')
  const reacted = commitReacted(storage, { position: 20 })
  await writerWaits(stranger)
  assert.equal(await storage.read('reactPosition', { partition: 0 }), 10)
  await stranger.query('update react_position set position = 30 where partition = 0; commit')
  assert.equal((await reacted).stale, false)
  assert.equal(await storage.read('reactPosition', { partition: 0 }), 30)
})

scenario('a batch that loses a deadlock is run again', async ({ storage, stranger }) => {
  const [a, b] = await makeRuns(storage, {}, {})
  const lock = (id: string) => stranger.query("update run set label = 'seen' where id = $1", [id])
  await stranger.query('begin')
  await lock(b!.id)
  const cancelled = Promise.all(
    [a!, b!].map(run => storage.execute('cancelRun', { id: run.id, nowMs: 5_000, by: 'Ada' })),
  )
  await writerWaits(stranger)
  await lock(a!.id)
  await stranger.query('commit')
  assert.deepEqual(
    (await cancelled).map(run => run.state),
    ['cancelled', 'cancelled'],
  )
})

scenario(
  'when the connection breaks, what was under way fails, and the next is taken',
  async ({ storage, stranger }) => {
    await stranger.query('begin; select * from config_state for update')
    const lost = createEndpoint(storage, { name: 'lost' })
    const failed = assert.rejects(lost, (error: { code: string; retryable: boolean; message: string }) => {
      assert.equal(error.code, 'storage.unavailable')
      assert.equal(error.retryable, true)
      assert.match(error.message, /nothing of this was kept/)
      return true
    })
    const pid = await writerWaits(stranger)
    await stranger.query('select pg_terminate_backend($1)', [pid])
    await failed
    assert.equal(storage.health().ok, false)
    await stranger.query('rollback')

    await until(() => storage.health().ok)
    assert.equal((await createEndpoint(storage, { name: 'lost' })).name, 'lost')
  },
)

scenario(
  'a connection that breaks while nothing is under way is not noticed',
  async ({ storage, stranger }) => {
    await append(storage)
    const { rows } = await stranger.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'signalbox' and datname = current_database()",
    )
    assert.ok(rows.length >= 1)
    await until(() => !storage.health().ok)
    assert.ok((await append(storage)).position > 0)
    assert.deepEqual(storage.health(), { ok: true })
    assert.ok((await storage.read('lastPosition', null)) > 0)
  },
)

scenario(
  'a writing session waits for the disk, whatever the default of its database is',
  async ({ url, stranger }) => {
    const setting = async () => {
      const client = await connectWriter(url)
      const { rows } = await client.query('show synchronous_commit')
      await client.end()
      return rows[0].synchronous_commit
    }
    const database = new URL(url).pathname.slice(1)
    await stranger.query(`alter database ${database} set synchronous_commit = off`)
    assert.equal(await setting(), 'on')
    await stranger.query(`alter database ${database} set synchronous_commit = remote_apply`)
    assert.equal(await setting(), 'remote_apply')
  },
)

scenario('all text is in the order of its bytes', async ({ stranger }) => {
  const { rows } = await stranger.query(
    `select table_name, column_name from information_schema.columns
     where table_schema = 'public' and data_type = 'text' and collation_name is distinct from 'C'`,
  )
  assert.deepEqual(rows, [])
})

test('any number of nodes may start at once on an empty database', { timeout: 60_000 }, async () => {
  const url = await server.createDatabase()
  const nodes = await Promise.all([1, 2, 3, 4].map(() => openPostgresStorage({ url, readers: 1 })))
  for (const node of nodes) assert.ok((await append(node)).position > 0)
  await Promise.all(nodes.map(node => node.close()))
})

test('a server that cannot be reached is said to be so', { timeout: 60_000 }, async () => {
  await assert.rejects(openPostgresStorage({ url: 'postgres://nobody@127.0.0.1:1/none' }), {
    code: 'storage.unavailable',
    retryable: true,
  })
})

const settings = {
  version: '150004',
  encoding: 'UTF8',
  fsync: 'on',
  full_page_writes: 'on',
  standbys: '',
  in_recovery: 'false',
}
const answering = (set: Partial<typeof settings>): Client =>
  ({ query: async () => ({ rows: [{ ...settings, ...set }] }) }) as unknown as Client

test('what a commit rests on is said as the server has it', async () => {
  const said = async (set: Partial<typeof settings>) => (await inspectServer(answering(set))).durability
  assert.equal(await said({}), 'Postgres WAL (fsync on this server)')
  assert.equal(await said({ standbys: 'b' }), 'Postgres WAL (fsync on this server) and a synchronous standby')
  assert.match(await said({ fsync: 'off' }), /NOT fsynced/)
  assert.match(await said({ full_page_writes: 'off' }), /full_page_writes=off/)
})

test('a server that could not keep its word is refused, with the reason', async () => {
  const refused = (set: Partial<typeof settings>, reason: RegExp) =>
    assert.rejects(
      inspectServer(answering(set)),
      (error: { code: string; retryable: boolean; message: string }) => {
        assert.match(error.message, reason)
        return error.code === 'storage.unavailable' && !error.retryable
      },
    )
  await refused({ version: '140011' }, /Postgres 14/)
  await refused({ encoding: 'SQL_ASCII' }, /SQL_ASCII/)
  await refused({ in_recovery: 'true' }, /standby/)
})
