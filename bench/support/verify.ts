import { setTimeout as sleep } from 'node:timers/promises'
import type { Signalbox } from './processes.ts'

interface Page<T> {
  items: T[]
  next: string | null
}

async function all<T>(box: Signalbox, path: string): Promise<T[]> {
  const items: T[] = []
  let cursor = ''
  do {
    const page: Page<T> = await box.api('GET', `${path}${path.includes('?') ? '&' : '?'}limit=500${cursor}`)
    items.push(...page.items)
    cursor = page.next === null ? '' : `&cursor=${encodeURIComponent(page.next)}`
  } while (cursor !== '')
  return items
}

export async function drained(box: Signalbox, deadlineMs = 120_000): Promise<void> {
  const endAt = Date.now() + deadlineMs
  for (;;) {
    const { waiting } = await box.api<{ waiting: { due: number } }>('GET', '/api/status')
    if (waiting.due === 0) return
    if (Date.now() > endAt) throw new Error(`${waiting.due} runs are still waiting after ${deadlineMs} ms`)
    await sleep(100)
  }
}

/** Every id that was acknowledged is stored once; every one has its run; the sink saw each. */
export async function verify(
  box: Signalbox,
  ids: readonly string[],
  seen: ReadonlySet<string> | null,
  runsPerEvent: number,
  among = 'kindType=external',
): Promise<void> {
  const wanted = new Set(ids)
  if (wanted.size !== ids.length) throw new Error(`${ids.length - wanted.size} ids were acknowledged twice`)
  const stored = await all<{ id: string }>(box, `/api/events?${among}`)
  const storedIds = new Set(stored.map(event => event.id))
  const lost = ids.filter(id => !storedIds.has(id))
  if (lost.length > 0)
    throw new Error(
      `${lost.length} of ${ids.length} acknowledged events are not stored, ${lost[0]} among them`,
    )
  if (runsPerEvent > 0) await verifyRuns(box, ids, runsPerEvent)
  const unseen = seen === null ? [] : ids.filter(id => !seen.has(id))
  if (unseen.length > 0)
    throw new Error(
      `${unseen.length} of ${ids.length} events never reached the sink, ${unseen[0]} among them`,
    )
}

async function verifyRuns(box: Signalbox, ids: readonly string[], runsPerEvent: number): Promise<void> {
  const counts = new Map<string, number>()
  const runs = await all<{ eventId: string; state: string }>(box, '/api/runs')
  for (const { eventId, state } of runs) {
    if (state !== 'succeeded') throw new Error(`A run of ${eventId} is ${state}`)
    counts.set(eventId, (counts.get(eventId) ?? 0) + 1)
  }
  const wrong = ids.find(id => counts.get(id) !== runsPerEvent)
  if (wrong !== undefined)
    throw new Error(`${wrong} has ${counts.get(wrong) ?? 0} runs instead of ${runsPerEvent}`)
}
