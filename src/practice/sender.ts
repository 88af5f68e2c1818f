import type { KeyObject } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { maskerOf } from '../act/record.ts'
import { noSecrets, type ReadableSecrets, type ReadSecrets } from '../act/secrets.ts'
import { compiled } from '../act/templates.ts'
import { isTemplate } from '../core/template/language.ts'
import { causeHeader, readCause } from '../core/cause.ts'
import { mapReactionSecrets, type ReactionDefinition } from '../core/reaction.ts'
import type { Sealer } from '../core/seal.ts'
import type { Storage } from '../storage/port.ts'
import { toReaction } from '../storage/rows.ts'
import type { Sender } from './proof.ts'

interface SenderNeeds {
  storage: Storage
  sealer: Sealer
  secrets: ReadSecrets
  causeKey: KeyObject
}

/** Finds the run behind a request by the signed header that only this installation can have written. */
export const createSenderOf =
  ({ storage, sealer, secrets, causeKey }: SenderNeeds) =>
  async (headers: IncomingHttpHeaders): Promise<Sender | null> => {
    const header = headers[causeHeader]
    const signed = typeof header === 'string' ? readCause(causeKey, header) : null
    const run = signed && (await storage.read('run', { id: signed.cause.runId }))
    if (!run) return null
    const row = await storage.read('reactionVersion', { id: run.reaction_id, version: run.reaction_version })
    if (!row) return null
    const definition = mapReactionSecrets(toReaction(row).definition, sealer.open)
    const readable = (await secrets(definition, row.team)) ?? noSecrets
    return {
      runId: run.id,
      eventId: run.event_id,
      reactionId: run.reaction_id,
      reactionName: definition.name,
      signingSecrets: signingSecretsOf(definition, readable),
      hide: maskerOf(definition, readable.values),
    }
  }

/** A key that a template makes of the event as well is unknown here. */
const signingSecretsOf = ({ action }: ReactionDefinition, { find }: ReadableSecrets): string[] =>
  action.signingSecrets.flatMap(source => {
    try {
      if (!isTemplate(action.language, source)) return [source]
      return [
        compiled(action, source)
          .render({}, { secrets: name => find(name).value })
          .trim(),
      ]
    } catch {
      return []
    }
  })
