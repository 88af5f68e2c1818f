import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { schemaFile, sqliteSchema } from './schema.ts'

test('docs/schema/sqlite.sql is what the migrations make', async () => {
  assert.equal(
    await readFile(schemaFile('sqlite'), 'utf8'),
    await sqliteSchema(),
    'run: node scripts/schema.ts',
  )
})
