import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { startPostgres } from '../test/support/postgres.ts'
import { postgresSchema, schemaFile } from './schema.ts'

for (const version of [15, 18] as const) {
  test(`docs/schema/postgres.sql is what the migrations make on Postgres ${version}`, async () => {
    const server = await startPostgres(version)
    try {
      const printed = await postgresSchema(await server.createDatabase())
      assert.equal(await readFile(schemaFile('postgres'), 'utf8'), printed, 'run: node scripts/schema.ts')
    } finally {
      await server.stop()
    }
  })
}
