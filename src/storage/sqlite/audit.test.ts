import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openConnection } from './connection.ts'
import { openSqliteStorage } from './storage.ts'

const entry = { id: 'aud_1', atMs: 1_000, actor: 'Ada', by: 'token', from: '', userAgent: '', action: 'a.b' }

test('the store itself refuses to change the audit trail, whoever asks', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-audit-'))
  const storage = await openSqliteStorage({ directory, readers: 1 })
  await storage.execute('noteAudit', { entry })
  const connection = openConnection(join(directory, 'signalbox.db'), { readonly: false })
  for (const statement of [
    "update audit set actor = 'Bob'",
    'delete from audit',
    'insert or replace into audit select * from audit',
  ])
    assert.throws(() => connection.exec(statement), /the audit trail is append-only/, statement)
  connection.close()
  const rows = await storage.query('listAudit', { filter: {}, before: null, limit: 10 })
  assert.deepEqual(
    rows.map(({ actor }) => actor),
    ['Ada'],
  )
  await storage.close()
  await rm(directory, { recursive: true, force: true })
})

test('after a restart the trail goes on behind its last row', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-audit-'))
  for (const id of ['aud_1', 'aud_2']) {
    const storage = await openSqliteStorage({ directory, readers: 1 })
    await storage.execute('noteAudit', { entry: { ...entry, id } })
    await storage.close()
  }
  const storage = await openSqliteStorage({ directory, readers: 1 })
  const rows = await storage.query('listAudit', { filter: {}, before: null, limit: 10 })
  assert.deepEqual(
    rows.map(({ id }) => id),
    ['aud_2', 'aud_1'],
  )
  await storage.close()
  await rm(directory, { recursive: true, force: true })
})
