import type { Command } from 'commander'
import { path } from './client.ts'
import type { Runner } from './context.ts'
import { collect } from './input.ts'
import { addPaging, type Paging, printList } from './list.ts'
import type { List, Share } from './shapes.ts'
import { durationOption, relative } from './times.ts'

export function shareCommands(group: Command, run: Runner): void {
  group
    .command('create <event>')
    .description('print a link that shows an event to whoever has it, without what is secret by its name')
    .option('--for <duration>', 'how long it opens, at most 30d (24h)', durationOption)
    .option(
      '--redact <path>',
      'mask this too: body.card.number, headers.x-key, query.page, or body (repeatable)',
      collect,
    )
    .action(
      run(async (context, event: string, options: { for?: number; redact?: string[] }) => {
        const answer = await context.api.send<Share & { url: string }>(
          'POST',
          path`/api/events/${event}/shares`,
          {
            redact: options.redact ?? [],
            ...(options.for === undefined ? {} : { lastsMs: options.for }),
          },
        )
        context.print(answer, ({ url, expiresAt }) => {
          context.output.line(url)
          context.output.note(`It opens until ${expiresAt}.`)
        })
      }),
    )

  addPaging(group.command('list').description('list the links to events that are or were shared'))
    .option('--event <event>', 'those to this event')
    .action(
      run(async (context, options: Paging & { event?: string }) => {
        const answer = await context.api.get<List<Share>>('/api/shares', { ...options })
        const nowMs = context.terminal.nowMs()
        const state = (share: Share) => {
          if (share.revokedAt !== null) return { text: `ended by ${share.revokedBy}`, style: 'bad' as const }
          if (Date.parse(share.expiresAt) <= nowMs) return { text: 'expired', style: 'faint' as const }
          return { text: `open, ends ${relative(share.expiresAt, nowMs)}`, style: 'good' as const }
        }
        printList(
          context,
          answer,
          [
            { title: 'ID', value: share => share.id },
            { title: 'EVENT', value: share => share.eventId },
            { title: 'STATE', value: state },
            { title: 'BY', value: share => share.actor },
            { title: 'REDACTED', value: share => share.redact.join(' '), shrinks: true },
          ],
          share => share.id,
          'Nothing is shared.',
        )
      }),
    )

  group
    .command('end <share>')
    .description('end a link: it shows nothing any more')
    .action(
      run(async (context, share: string) => {
        const answer = await context.api.send<Share>('DELETE', path`/api/shares/${share}`)
        context.print(answer, ({ id }) => context.output.note(`Share ${id} is ended.`))
      }),
    )
}
