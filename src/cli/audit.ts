import { type Command, Option } from 'commander'
import { path } from './client.ts'
import type { Runner } from './context.ts'
import { addPaging, type Paging, printList, times } from './list.ts'
import type { AuditRow, List, WholeAuditRow } from './shapes.ts'
import { relative } from './times.ts'

interface Narrowing {
  actor?: string
  action?: string
  kind?: string
  subject?: string
  team?: string
  outcome?: string
  text?: string
  since?: string
  until?: string
}

const addNarrowing = (command: Command): Command =>
  command
    .option('--actor <actor>', 'who asked: admin, user:ada@example.com')
    .option('--action <action>', 'what was done: reaction.update, or reaction for all of its kind')
    .option('--kind <kind>', 'of what was changed: endpoint, reaction, user')
    .option('--subject <subject>', 'the id or the name of what was changed')
    .option('--team <team>', 'whose it is')
    .addOption(new Option('--outcome <outcome>', 'how it ended').choices(['done', 'refused']))
    .option('--text <text>', 'found in names, addresses, programs, in what was before and after')
    .option('--since <time>', 'then or later: a time, or 2h')
    .option('--until <time>', 'then or before')

export function auditCommands(group: Command, run: Runner): void {
  addPaging(addNarrowing(group.command('list').description('list who changed what, newest first'))).action(
    run(async (context, options: Paging & Narrowing) => {
      const query = { ...options, ...times(context, options) }
      const answer = await context.api.get<List<AuditRow>>('/api/audit', query)
      const nowMs = context.terminal.nowMs()
      printList(
        context,
        answer,
        [
          { title: 'ID', value: row => row.id },
          { title: 'WHEN', value: row => relative(row.time, nowMs) },
          { title: 'ACTOR', value: row => row.actor },
          { title: 'FROM', value: row => row.from },
          {
            title: 'ACTION',
            value: row =>
              row.outcome === 'done' ? row.action : { text: `${row.action} (refused)`, style: 'bad' },
          },
          { title: 'SUBJECT', value: row => nameOf(row), shrinks: true },
          { title: 'CHANGED', value: row => row.detail || row.changed.join(' '), shrinks: true },
        ],
        row => row.id,
        'The trail has no such row.',
      )
    }),
  )

  group
    .command('show <row>')
    .description('show a row, with what was before and after')
    .action(
      run(async (context, id: string) => {
        const answer = await context.api.get<WholeAuditRow>(path`/api/audit/${id}`)
        context.print(answer, row => {
          const { output } = context
          output.line(`${row.time}  ${row.action}${row.outcome === 'done' ? '' : `, refused: ${row.detail}`}`)
          output.line(`by ${row.actor} (${row.by}) from ${row.from} with ${row.userAgent || 'no user agent'}`)
          if (row.subject !== null) output.line(`${row.subject.kind} ${row.subject.id} ${row.subject.name}`)
          for (const pointer of row.changed) output.line(`changed ${pointer}`)
          for (const side of ['before', 'after'] as const)
            output.line(`${side}: ${JSON.stringify(row[side], null, 2)}`)
        })
      }),
    )

  addNarrowing(group.command('export').description('write the trail as a file, before and after included'))
    .addOption(
      new Option('--format <format>', 'JSON lines, or CSV').choices(['jsonl', 'csv']).default('jsonl'),
    )
    .action(
      run(async (context, options: Narrowing & { format: string }) => {
        const query = { ...options, ...times(context, options) }
        const response = await context.api.exchange('GET', '/api/audit/export', { query })
        const decoder = new TextDecoder()
        for await (const piece of response.body ?? [])
          context.output.text(decoder.decode(piece as Uint8Array, { stream: true }))
      }),
    )
}

const nameOf = ({ subject }: AuditRow): string =>
  subject === null ? '' : [subject.kind, subject.name || subject.id].filter(part => part !== '').join(' ')
