import { test } from 'node:test'
import type { Command } from '../command.ts'
import type { Storage } from '../port.ts'

/** One store of an engine, for one test. */
export interface Store {
  storage: Storage
  /** Another node on the same store; the same one, where the engine has only one. */
  node(): Promise<Storage>
  close(): Promise<void>
}

export type OpenStore = (options?: { onCommitted?: (commands: readonly Command[]) => void }) => Promise<Store>

/** A test with a store of its own. */
export type Scenario = (title: string, run: (store: Store) => Promise<void>) => void

export const scenarioOn =
  (open: OpenStore): Scenario =>
  (title, run) =>
    void test(title, { timeout: 60_000 }, async () => {
      const store = await open()
      try {
        await run(store)
      } finally {
        await store.close()
      }
    })

/** Until a reader may see this position: at once, unless some other transaction of the server is still open. */
export async function settled(storage: Storage, position: number): Promise<void> {
  const untilMs = Date.now() + 10_000
  while ((await storage.read('lastPosition', null)) < position) {
    if (Date.now() > untilMs) throw new Error(`Position ${position} has not settled within 10 s`)
    await new Promise(resolve => setImmediate(resolve))
  }
}
