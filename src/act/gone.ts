import { isTemplate } from '../core/template/language.ts'
import type { Work } from '../core/intake.ts'
import { reactionDisabledEvent } from '../core/own-events.ts'
import type { Storage } from '../storage/port.ts'
import { toAppend } from '../storage/rows.ts'

const reason = 'The target answered 410 Gone: it does not want these requests any more'

/** 410 Gone disables a reaction, unless its URL is a template: then only that one URL is gone. */
export async function disableGone(
  storage: Storage,
  { run, event, reaction }: Work,
  nowMs: number,
): Promise<void> {
  const { language, url } = reaction.definition.action
  if (isTemplate(language, url)) return
  const why = { reason, runId: run.id, eventId: event.id, hops: event.hops }
  const own = reactionDisabledEvent(reaction, why, nowMs)
  await storage.execute('updateReaction', {
    id: reaction.id,
    expectedVersion: reaction.version,
    actor: 'signalbox',
    atMs: nowMs,
    set: { state: 'disabled', stateReason: reason },
    ownEvents: [toAppend(own.event, own.body)],
  })
}
