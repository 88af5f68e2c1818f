import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { startPostgres } from './postgres.ts'

async function ask(url: string, question: string): Promise<unknown> {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query({ text: question, rowMode: 'array' }).finally(() => client.end())
  return rows[0]?.[0]
}

for (const version of [15, 18] as const) {
  test(`Postgres ${version} starts, keeps what it is told, and stops`, async () => {
    const server = await startPostgres(version)
    try {
      assert.match(String(await ask(server.url, 'SHOW server_version')), new RegExp(`^${version}\\.`))
      assert.equal(await ask(server.url, 'SHOW fsync'), 'on')

      const [one, other] = [await server.createDatabase(), await server.createDatabase()]
      await ask(one, 'CREATE TABLE kept (id int)')
      assert.equal(await ask(one, "SELECT count(*)::int FROM pg_tables WHERE tablename = 'kept'"), 1)
      assert.equal(await ask(other, "SELECT count(*)::int FROM pg_tables WHERE tablename = 'kept'"), 0)
    } finally {
      await server.stop()
    }
    await assert.rejects(ask(server.url, 'SELECT 1'), { code: 'ECONNREFUSED' })
  })
}
