import type { Command } from 'commander'
import type { Answer } from './client.ts'
import type { Context } from './context.ts'
import { wrongUsage } from './failure.ts'
import { wholeNumber } from './input.ts'
import type { Column } from './output.ts'
import type { List } from './shapes.ts'
import { parseTime } from './times.ts'

export interface Paging {
  limit?: number
  cursor?: string
}

export const addPaging = (command: Command): Command =>
  command
    .option('--limit <count>', 'how many, at most 500 (50)', wholeNumber(1, 500))
    .option('--cursor <cursor>', 'where an earlier list said that it goes on')

export interface NameListing extends Paging {
  search?: string
}

/** For lists of what has a name: all of them, unless a page is asked for. */
export const addNameListing = (command: Command): Command =>
  command
    .option('--search <words>', 'only those in which every word is found, in any case')
    .option('--limit <count>', 'how many, at most 500 (all)', wholeNumber(1, 500))
    .option('--cursor <cursor>', 'where an earlier list said that it goes on')

const largestPage = 500

/** All pages as one answer; with a limit or a cursor the one page. */
export async function readNames<Row>(
  { api }: Pick<Context, 'api'>,
  path: string,
  { search, limit, cursor }: NameListing,
): Promise<Answer<List<Row>>> {
  const page = (cursor?: string) => api.get<List<Row>>(path, { search, limit: limit ?? largestPage, cursor })
  const first = await page(cursor)
  if (limit !== undefined || cursor !== undefined || first.data.next === null) return first
  const items = [...first.data.items]
  let last = first.data
  while (last.next !== null) {
    last = (await page(last.next)).data
    items.push(...last.items)
  }
  const data = { ...last, items }
  return { data, text: JSON.stringify(data) }
}

export const nothingMatches = (what: string, search: string | undefined): string | null =>
  search === undefined || search.trim() === '' ? null : `No ${what} matches "${search.trim()}".`

/** A table; with --quiet one id or name a line; with --json the API's document. Says when there is more. */
export function printList<Row>(
  context: Context,
  answer: Answer<List<Row>>,
  columns: readonly Column<Row>[],
  nameOf: (row: Row) => string,
  whenEmpty: string,
): void {
  const { output, global } = context
  context.print(answer, ({ items, next, total }) => {
    if (global.quiet) for (const row of items) output.line(nameOf(row))
    else if (items.length > 0) output.table(columns, items)
    else output.note(whenEmpty)
    const shown = total === undefined ? '' : ` (${items.length} of ${total})`
    if (next !== null) output.note({ text: `There is more${shown}: --cursor ${next}`, style: 'faint' })
  })
}

/** `2h` becomes a time. */
export function times(
  { terminal }: Context,
  options: { since?: string; until?: string },
): { since?: string; until?: string } {
  const given: { since?: string; until?: string } = {}
  for (const name of ['since', 'until'] as const) {
    const text = options[name]
    if (text === undefined) continue
    const time = parseTime(text, terminal.nowMs())
    if (time === null)
      throw wrongUsage(
        `--${name} ${text} is no time`,
        'It takes 2026-11-21T06:50:00Z, or 2h for two hours ago.',
      )
    given[name] = time
  }
  return given
}
