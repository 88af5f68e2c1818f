import { after, before, describe } from 'node:test'
import { type PostgresServer, startPostgres } from '../../../test/support/postgres.ts'
import { testStorage } from '../contract.ts'
import type { Storage } from '../port.ts'
import { openPostgresStorage } from './storage.ts'

for (const version of [15, 18] as const) {
  describe(`on Postgres ${version}`, () => {
    let server: PostgresServer
    before(async () => {
      server = await startPostgres(version)
    })
    after(() => server.stop())

    testStorage({
      name: `Postgres ${version}`,
      async open(options = {}) {
        const url = await server.createDatabase()
        const nodes: Storage[] = []
        const node = async () => {
          const storage = await openPostgresStorage({ url, readers: 2, ...options })
          nodes.push(storage)
          return storage
        }
        return {
          storage: await node(),
          node,
          async close() {
            await Promise.all(nodes.map(one => one.close()))
          },
        }
      },
    })
  })
}
