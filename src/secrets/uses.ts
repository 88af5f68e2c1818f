import type { Work } from '../core/intake.ts'
import type { Confinement } from '../core/secret.ts'
import { gather } from '../ingest/gather.ts'
import type { SecretUse } from '../storage/commands/secrets.ts'
import type { Storage } from '../storage/port.ts'

/** When each secret was used last: kept in memory, written once a second. */
export interface SecretUses {
  /** The one place where a use of named secrets is told, before the request leaves. */
  note(used: readonly Confinement[], work: Work): void
  stop(): Promise<void>
}

export function countSecretUses(storage: Storage, now: () => number): SecretUses {
  const gathered = gather<SecretUse>(
    uses => storage.execute('recordSecretUses', { uses }),
    (_former, newer) => newer,
  )
  return {
    note(used) {
      for (const { id } of used) gathered.add(id, { secretId: id, atMs: now() })
    },
    stop: gathered.stop,
  }
}
