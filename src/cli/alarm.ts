import type { Command } from 'commander'
import type { Context, Runner } from './context.ts'
import type { Alarms } from './shapes.ts'
import { relative } from './times.ts'

export function alarmCommands(group: Command, run: Runner): void {
  group
    .command('list')
    .description('list what is wrong now, and who is told of it')
    .action(
      run(async context => {
        const answer = await context.api.get<Alarms>('/api/alarms')
        context.print(answer, alarms => printAlarms(context, alarms))
      }),
    )
}

function printAlarms({ output, terminal, global }: Context, { items, tellers }: Alarms): void {
  if (global.quiet) return items.forEach(alarm => output.line(alarm.subject.name))
  const nowMs = terminal.nowMs()
  if (items.length === 0) output.note('Nothing is wrong.')
  for (const { kind, since, text, advice } of items) {
    output.line({ text: kind, style: 'bad' }, `  ${text}`)
    output.line({
      text: `  ${since === null ? '' : `since ${relative(since, nowMs)}. `}${advice}`,
      style: 'faint',
    })
  }
  const names = tellers.map(({ name }) => name).join(', ')
  output.note(
    tellers.length > 0
      ? `Told by ${names}.`
      : 'Nobody is told of alarms. `signalbox reaction create --tell-me <url>` does it.',
  )
}
