import type { Answer } from './client.ts'
import type { Context } from './context.ts'
import { eventColumns } from './event-table.ts'
import { exitCodes } from './failure.ts'
import { printList } from './list.ts'
import type { EventSummary, List } from './shapes.ts'
import { clock } from './times.ts'

type Found = List<EventSummary> & { searchedTo?: string | null }
export type EventQuery = Record<string, string | number | readonly string[] | undefined>

const usualLimit = 50

/**
 * Lists events, asking again while the server's time for one answer is up before the page is full. How far back it has
 * searched stands on stderr; Ctrl-C keeps what was found and says where to go on.
 */
export async function listEvents(context: Context, query: EventQuery): Promise<number> {
  const { api, output, terminal } = context
  const limit = typeof query['limit'] === 'number' ? query['limit'] : usualLimit
  const items: EventSummary[] = []
  let isStopped = false
  const stopListening = terminal.onInterrupt(() => (isStopped = true))
  try {
    for (let cursor = query['cursor']; ; ) {
      const answer = await api.get<Found>('/api/events', { ...query, cursor, limit: limit - items.length })
      const { next, searchedTo } = answer.data
      items.push(...answer.data.items)
      const isOver = next === null || !searchedTo || items.length >= limit
      if (!isOver) output.note({ text: progress(context, searchedTo, items.length), style: 'faint' })
      if (isOver || isStopped) {
        const data = { ...answer.data, items }
        printFound(context, { data, text: JSON.stringify(data) })
        if (isOver) return exitCodes.ok
        output.note(`Stopped. Searched back to ${clock(searchedTo, terminal.nowMs())}; the rest is older.`)
        return exitCodes.interrupted
      }
      cursor = next
    }
  } finally {
    stopListening()
  }
}

const progress = ({ terminal }: Context, searchedTo: string, found: number): string =>
  `Searched back to ${clock(searchedTo, terminal.nowMs())}, found ${found}…`

const printFound = (context: Context, answer: Answer<Found>): void =>
  printList(context, answer, eventColumns(context), event => event.id, 'No events found.')
