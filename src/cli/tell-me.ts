import type { Command } from 'commander'
import type { Runner } from './context.ts'
import { exitCodes, Failure } from './failure.ts'
import type { RunSummary } from './shapes.ts'
import { stateCell } from './state-style.ts'

interface Tested {
  eventId: string
  runs: RunSummary[]
}

export function tellMeCommands(group: Command, run: Runner): void {
  group
    .command('test [reaction]')
    .description('send a test message to whoever is told of alarms, and show whether it arrived')
    .action(
      run(async (context, reaction?: string) => {
        const body = reaction === undefined ? {} : { reaction }
        const answer = await context.api.send<Tested>('POST', '/api/tell-me/test', body)
        context.print(answer, ({ runs }) => {
          for (const { reactionName, state, label, id } of runs)
            context.output.line(
              { text: reactionName, style: 'strong' },
              '  ',
              stateCell(state),
              `  ${label} (${id})`,
            )
        })
        const { runs } = answer.data
        if (runs.length === 0)
          throw new Failure('Nobody was told: no active reaction takes the kind alarm.test', {
            exitCode: exitCodes.refused,
            todo: '`signalbox reaction create --tell-me <url>` makes one.',
          })
        const missed = runs.filter(({ state }) => state !== 'succeeded')
        if (missed.length > 0)
          throw new Failure(`${missed.length} of ${runs.length} did not arrive`, {
            exitCode: exitCodes.refused,
            todo: `\`signalbox run show ${missed[0]!.id}\` tells more.`,
          })
      }),
    )
}
