import type { KeyObject } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { maskerOf } from '../act/record.ts'
import { causeHeader, readCause } from '../core/cause.ts'
import { mapReactionSecrets } from '../core/reaction.ts'
import type { Sealer } from '../core/seal.ts'
import type { Storage } from '../storage/port.ts'
import { toReaction } from '../storage/rows.ts'
import type { Sender } from './proof.ts'

/** Finds the run behind a request by the signed header that only this installation can have written. */
export const createSenderOf =
  ({ storage, sealer, causeKey }: { storage: Storage; sealer: Sealer; causeKey: KeyObject }) =>
  async (headers: IncomingHttpHeaders): Promise<Sender | null> => {
    const header = headers[causeHeader]
    const signed = typeof header === 'string' ? readCause(causeKey, header) : null
    const run = signed && (await storage.read('run', { id: signed.cause.runId }))
    if (!run) return null
    const row = await storage.read('reactionVersion', { id: run.reaction_id, version: run.reaction_version })
    if (!row) return null
    const definition = mapReactionSecrets(toReaction(row).definition, sealer.open)
    return {
      runId: run.id,
      eventId: run.event_id,
      reactionId: run.reaction_id,
      reactionName: definition.name,
      signingSecrets: definition.action.signingSecrets,
      hide: maskerOf(definition),
    }
  }
