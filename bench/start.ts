import { statSync } from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { newEventId } from '../src/core/ids.ts'
import { toAppend } from '../src/storage/rows.ts'
import { openSqliteStorage } from '../src/storage/sqlite/storage.ts'
import { atMost, megabytes, ms, type Row, told } from './support/measure.ts'
import { startSignalbox } from './support/processes.ts'

const gigabyte = 1024 ** 3

/** From the start of the process until it answers /readyz, on a store of 1 GB; and what it holds when idle. */
export async function start({ rounds, events }: { rounds: number; events: number }): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-start-'))
  await (await startSignalbox({ directory })).stop({ keepStore: true })
  await fill(directory, events >= 1_000_000 ? gigabyte : gigabyte / 20)
  const tookMs: number[] = []
  const idleMb: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const startedAt = performance.now()
    const box = await startSignalbox({ directory })
    const ready = await fetch(`${box.url}/readyz`)
    if (!ready.ok) throw new Error(`/readyz answered ${ready.status}`)
    // The first round warms the compile cache.
    if (round > 0) tookMs.push(performance.now() - startedAt)
    await sleep(2000)
    if (round > 0) idleMb.push(box.memoryMb())
    await box.stop({ keepStore: true })
  }
  const sizeMb = statSync(join(directory, 'signalbox.db')).size / 1024 ** 2
  rmSync(directory, { recursive: true, force: true })
  return [
    told('start', 'size of the store', [sizeMb], megabytes),
    atMost('start', 'process start → /readyz', tookMs, 1000, ms),
    atMost('start', 'idle memory', idleMb, 150, megabytes),
  ]
}

async function fill(directory: string, bytes: number): Promise<void> {
  const storage = await openSqliteStorage({ directory })
  const body = new Uint8Array(16 * 1024).fill(120)
  const one = () => ({
    ...toAppend(
      {
        id: newEventId(Date.now()),
        position: 0,
        receivedAtMs: Date.now(),
        kind: { type: 'platform', name: 'bench.filled' },
        targets: [{ type: 'bench', value: 'start' }],
        owner: { type: 'user', name: 'bench' },
        error: null,
        team: null,
        actor: 'bench',
        endpointId: null,
        cause: null,
        hops: 0,
        request: null,
        contentType: 'text/plain',
        bodyBytes: body.length,
      },
      body,
    ),
  })
  for (let stored = 0; stored < bytes / body.length; stored += 200) {
    await Promise.all(Array.from({ length: 200 }, () => storage.execute('appendEvent', one())))
  }
  await storage.close()
}
