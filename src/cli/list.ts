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

/** A table; with --quiet one id or name a line; with --json the API's document. Says when there is more. */
export function printList<Row>(
  context: Context,
  answer: Answer<List<Row>>,
  columns: readonly Column<Row>[],
  nameOf: (row: Row) => string,
  whenEmpty: string,
): void {
  const { output, global } = context
  context.print(answer, ({ items, next }) => {
    if (global.quiet) for (const row of items) output.line(nameOf(row))
    else if (items.length > 0) output.table(columns, items)
    else output.note(whenEmpty)
    if (next !== null) output.note({ text: `There is more: --cursor ${next}`, style: 'faint' })
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
