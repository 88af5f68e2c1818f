import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { type PostgresServer, startPostgres } from '../../../test/support/postgres.ts'
import { openPostgresStorage } from './storage.ts'

let server: PostgresServer
before(async () => {
  server = await startPostgres(18)
})
after(() => server.stop())

test('the store itself refuses to change the audit trail, whoever asks', async () => {
  const url = await server.createDatabase()
  const storage = await openPostgresStorage({ url, readers: 1 })
  const entry = {
    id: 'aud_1',
    atMs: 1_000,
    actor: 'Ada',
    by: 'token',
    from: '',
    userAgent: '',
    action: 'a.b',
  }
  await storage.execute('noteAudit', { entry })
  const client = new pg.Client(url)
  await client.connect()
  for (const statement of ["update audit set actor = 'Bob'", 'delete from audit', 'truncate audit'])
    await assert.rejects(client.query(statement), /the audit trail is append-only/, statement)
  await client.end()
  const rows = await storage.query('listAudit', { filter: {}, before: null, limit: 10 })
  assert.deepEqual(
    rows.map(({ actor }) => actor),
    ['Ada'],
  )
  await storage.close()
})
