import type { Configuration } from './storage/configuration-view.ts'
import type { Storage } from './storage/port.ts'

export interface HousekeepingOptions {
  storage: Storage
  configuration: Configuration
  now(): number
  onError(error: unknown): void
}

const everyMs = 30_000
const day = 86_400_000

/** What has to end by itself: visitors' endpoints, runs past their deadline, old keys; and resumes cut short. */
export function startHousekeeping(options: HousekeepingOptions): () => void {
  const tick = () => void keepHouse(options).catch(options.onError)
  const timer = setInterval(tick, everyMs)
  tick()
  return () => clearInterval(timer)
}

export async function keepHouse({ storage, configuration, now }: HousekeepingOptions): Promise<void> {
  const nowMs = now()
  await storage.execute('expireEndpoints', { nowMs })
  while ((await storage.execute('expireRuns', { nowMs, limit: 500 })).length > 0);
  for (const reactionId of await storage.query('reactionsWithHeldRuns', null)) {
    if (configuration.reactions.get(reactionId)?.state === 'paused') continue
    while ((await storage.execute('releaseHeld', { reactionId, nowMs, limit: 500 })) > 0);
  }
  await storage.execute('sweep', { nowMs, keepKeysMs: day, keepDeliveriesMs: 30 * day })
}
