import { type TsuruEvent, tsuruTimeMs } from '../../core/template/tsuru/event.ts'
import { tsuruEventOf } from '../../core/template/tsuru/shape.ts'
import type { StoredEvent } from '../../storage/key-queries.ts'
import type { EventFilter } from '../../storage/queries/event-filter.ts'
import { toEvent } from '../../storage/rows.ts'
import type { Services } from '../services.ts'
import type { Caller } from './caller.ts'
import type { EventListQuery } from './event-query.ts'

/** An event as tsuru tells of it; ours, or one that came from there. */
export interface ShownEvent {
  event: TsuruEvent
  body: Uint8Array
  isOurs: boolean
}

export function shownEvent({ event: row, body }: StoredEvent): ShownEvent {
  const event = tsuruEventOf(toEvent(row), body)
  return { event, body, isOurs: event.UniqueID === row.id.slice('evt_'.length) }
}

const pageSize = 200
/** How much is looked through for one list, and for how long. */
const mostSorted = 10_000
const searchMs = 5_000
/** What began at a time has ended so much later, mostly. */
const longestMs = 7 * 86_400_000
/** Neighbours in the order of commits may have begun the other way round. */
const disorder = 100

/** Those that the caller may see, in the order that is asked for. */
export async function listTsuruEvents(
  { storage }: Pick<Services, 'storage'>,
  query: EventListQuery,
  caller: Caller,
): Promise<TsuruEvent[]> {
  const { limit, skip, sort, descending } = query
  const enough = sort === 'starttime' && descending ? skip + limit + disorder : mostSorted
  const deadlineAtMs = Date.now() + searchMs
  const found: TsuruEvent[] = []
  for (let before: number | null = null; ; ) {
    const list: Awaited<ReturnType<typeof page>> = await page(before)
    const stored = await Promise.all(list.events.map(({ id }) => storage.read('event', { id })))
    for (const one of stored) {
      if (one === null) continue
      const { event } = shownEvent(one)
      if (matches(event, query) && maySee(event, caller)) found.push(event)
    }
    before = list.before
    if (before === null || found.length >= enough || Date.now() >= deadlineAtMs) break
  }
  const key = keyOf(sort)
  const compare = (a: TsuruEvent, b: TsuruEvent): number => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)
  return found.toSorted((a, b) => (descending ? compare(b, a) : compare(a, b))).slice(skip, skip + limit)

  function page(from: number | null) {
    return storage.query('listEvents', {
      filter: coarse(query),
      before: from,
      limit: Math.min(pageSize, enough),
      deadlineAtMs,
    })
  }
}

/** What the store can rule out by itself. */
function coarse({ kindNames, kindType, targetValue, errorOnly, sinceMs, untilMs }: EventListQuery) {
  const filter: EventFilter = {
    ...(kindNames.length === 0 ? {} : { kindNames }),
    ...(kindType === '' ? {} : { kindTypes: [kindType] }),
    ...(targetValue === '' ? {} : { target: { value: targetValue } }),
    ...(errorOnly ? { outcome: 'error' as const } : {}),
    ...(sinceMs === null ? {} : { sinceMs }),
    ...(untilMs === null ? {} : { untilMs: untilMs + longestMs }),
  }
  return filter
}

function matches(event: TsuruEvent, query: EventListQuery): boolean {
  const targets = [event.Target, ...(event.ExtraTargets ?? []).map(({ Target }) => Target)]
  const startMs = tsuruTimeMs(event.StartTime) ?? 0
  return (
    (query.kindNames.length === 0 || query.kindNames.includes(event.Kind.Name)) &&
    (query.kindType === '' || query.kindType === event.Kind.Type) &&
    (query.targetType === '' || targets.some(({ Type }) => Type === query.targetType)) &&
    (query.targetValue === '' || targets.some(({ Value }) => Value === query.targetValue)) &&
    (query.ownerType === '' || query.ownerType === event.Owner.Type) &&
    (query.ownerName === '' || query.ownerName === event.Owner.Name) &&
    (query.sinceMs === null || startMs >= query.sinceMs) &&
    (query.untilMs === null || startMs <= query.untilMs) &&
    (query.isRunning === null || query.isRunning === event.Running) &&
    (!query.errorOnly || event.Error !== '')
  )
}

/** By the permission that the event names, or ours, in one of its teams; or everywhere. */
export function maySee({ Allowed }: TsuruEvent, caller: Caller): boolean {
  const teams = (Allowed.Contexts ?? []).filter(({ CtxType }) => CtxType === 'team').map(({ Value }) => Value)
  return [null, ...teams].some(
    team => caller.allows(Allowed.Scheme, team) || caller.allows('event.read', team),
  )
}

function keyOf(sort: EventListQuery['sort']): (event: TsuruEvent) => string | number {
  switch (sort) {
    case 'starttime':
      return ({ StartTime }) => tsuruTimeMs(StartTime) ?? 0
    case 'endtime':
      return ({ EndTime }) => tsuruTimeMs(EndTime) ?? 0
    case 'kind.name':
      return ({ Kind }) => Kind.Name
    case 'target.value':
      return ({ Target }) => Target.Value
    case 'owner.name':
      return ({ Owner }) => Owner.Name
  }
}

/** By tsuru's own id, or by ours. */
export async function findTsuruEvent(
  { storage }: Pick<Services, 'storage'>,
  hex: string,
): Promise<ShownEvent | null> {
  const ours = await storage.read('event', { id: `evt_${hex}` })
  if (ours !== null) return shownEvent(ours)
  for (const id of (await storage.query('eventsDelivered', { deliveryId: hex })).toReversed()) {
    const stored = await storage.read('event', { id })
    const shown = stored === null ? null : shownEvent(stored)
    if (shown?.event.UniqueID === hex) return shown
  }
  return null
}
