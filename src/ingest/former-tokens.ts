import type { Endpoint } from '../core/endpoint.ts'
import type { FormerTokenUse } from '../storage/commands/endpoints.ts'
import type { Storage } from '../storage/port.ts'
import { gather } from './gather.ts'

/** Who still sends with a token that was rotated away: counted in memory, written once a second. */
export interface FormerTokenUses {
  add(endpoint: Endpoint, sender: string): void
  flush(): Promise<void>
  stop(): Promise<void>
}

export function countFormerTokenUses(storage: Storage, now: () => number): FormerTokenUses {
  const gathered = gather<FormerTokenUse>(
    uses => storage.execute('recordFormerTokenUses', { uses }),
    (former, newer) => ({ ...newer, count: former.count + newer.count }),
  )
  return {
    ...gathered,
    add({ id, formerToken }, sender) {
      if (formerToken === null) return
      const use = { endpointId: id, tokenHash: formerToken.hash, count: 1, atMs: now(), sender }
      gathered.add(formerToken.hash, use)
    },
  }
}
