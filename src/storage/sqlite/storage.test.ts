import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testStorage } from '../contract.ts'
import { openSqliteStorage } from './storage.ts'

testStorage({
  name: 'SQLite',
  async open(options = {}) {
    const directory = await mkdtemp(join(tmpdir(), 'signalbox-sqlite-'))
    const storage = await openSqliteStorage({ directory, readers: 1, ...options })
    return {
      storage,
      node: async () => storage,
      async close() {
        await storage.close()
        await rm(directory, { recursive: true, force: true })
      },
    }
  },
})
