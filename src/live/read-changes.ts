import { LRUCache } from 'lru-cache'
import type { Configuration } from '../storage/configuration-view.ts'
import { type Storage, StorageError } from '../storage/port.ts'
import type { ChangeRow } from '../storage/queries/changes.ts'
import type { RunTable } from '../storage/schema.ts'
import { type Change, configurationChange, type EventFacts, eventChange, runChange } from './change.ts'

export interface Page {
  changes: Change[]
  /** Everything up to here has been told, also when nothing of it is in `changes`. */
  position: number
  more: boolean
}

export type ReadChanges = (position: number, limit: number) => Promise<Page>

/** A run comes soon after its event: this many events bridge the usual distance, at some 150 bytes each. */
const rememberedEvents = 20_000
const rememberedNames = 1000

/**
 * Reads pages of changes, and adds what their rows do not say: the reaction's name, and which event a run is for.
 * A row that cannot be told is left out and reported: it must not stop the feed for everybody.
 */
export function createReadChanges(
  storage: Storage,
  configuration: Configuration,
  onError: (error: unknown) => void,
): ReadChanges {
  const events = new LRUCache<string, EventFacts>({ max: rememberedEvents })
  const names = new LRUCache<string, string>({ max: rememberedNames })

  async function factsOf(eventId: string): Promise<EventFacts> {
    const known = events.get(eventId)
    if (known) return known
    const stored = await storage.read('event', { id: eventId })
    const facts = {
      endpointId: stored?.event.endpoint_id ?? null,
      kindName: stored?.event.kind_name ?? null,
    }
    events.set(eventId, facts)
    return facts
  }

  /** The name it has now; a deleted reaction goes by the name it had when the run was made. */
  async function nameOf({ reaction_id: id, reaction_version: version }: RunTable): Promise<string> {
    const current = configuration.reactions.get(id)
    if (current) return current.definition.name
    const known = names.get(`${id} ${version}`)
    if (known !== undefined) return known
    const row = await storage.read('reactionVersion', { id, version })
    const name = row === null ? id : (JSON.parse(row.definition) as { name: string }).name
    names.set(`${id} ${version}`, name)
    return name
  }

  async function describe(row: ChangeRow): Promise<Change> {
    if (row.type === 'event') return eventChange(row)
    if (row.type === 'configuration') return configurationChange(row)
    return runChange(row, await nameOf(row.run), await factsOf(row.run.event_id))
  }

  return async (position, limit) => {
    const page = await storage.read('changesAfter', { position, limit })
    for (const row of page.changes) {
      if (row.type === 'event')
        events.set(row.event.id, { endpointId: row.event.endpoint_id, kindName: row.event.kind_name })
    }
    const changes: Change[] = []
    for (const row of page.changes) {
      try {
        changes.push(await describe(row))
      } catch (error) {
        if (error instanceof StorageError) throw error
        onError(new Error(`The feed leaves out the change at ${row.position}`, { cause: error }))
      }
    }
    return { changes, position: page.position, more: page.more }
  }
}
