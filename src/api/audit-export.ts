import type { WholeAuditRow } from './audit-answer.ts'

export const exportFormats = ['jsonl', 'csv'] as const

type Pages = AsyncIterable<WholeAuditRow[]>

/** How rows are written into a file. */
export const written: Record<
  (typeof exportFormats)[number],
  { type: string; lines(pages: Pages): AsyncGenerator<string> }
> = {
  jsonl: {
    type: 'application/x-ndjson',
    async *lines(pages) {
      for await (const rows of pages) yield rows.map(row => `${JSON.stringify(row)}\n`).join('')
    },
  },
  csv: {
    type: 'text/csv; charset=utf-8',
    async *lines(pages) {
      yield csvLine(Object.keys(columns))
      for await (const rows of pages)
        yield rows.map(row => csvLine(Object.values(columns).map(cell => cell(row)))).join('')
    },
  },
}

const json = (value: object | null): string => (value === null ? '' : JSON.stringify(value))

const columns: Record<string, (row: WholeAuditRow) => string> = {
  time: row => row.time,
  id: row => row.id,
  actor: row => row.actor,
  by: row => row.by,
  from: row => row.from,
  userAgent: row => row.userAgent,
  action: row => row.action,
  outcome: row => row.outcome,
  detail: row => row.detail,
  subjectKind: row => row.subject?.kind ?? '',
  subjectId: row => row.subject?.id ?? '',
  subjectName: row => row.subject?.name ?? '',
  team: row => row.team ?? '',
  changed: row => row.changed.join(' '),
  before: row => json(row.before),
  after: row => json(row.after),
}

/** RFC 4180. A cell that a spreadsheet would read as a formula gets an apostrophe, which makes a text of it. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`

function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
