import type { Command } from 'commander'
import { path } from './client.ts'
import type { Runner } from './context.ts'
import type { Verdicts } from './shapes.ts'
import { plural } from './text.ts'
import { printVerdicts } from './verdicts.ts'

export function whyCommand(command: Command, run: Runner): void {
  command
    .argument('<event>', 'id of the event')
    .argument('[reaction]', 'id or name of one reaction')
    .action(
      run(async (context, event: string, reaction: string | undefined) => {
        const answer = await context.api.get<Verdicts>(path`/api/events/${event}/verdicts`, { reaction })
        context.print(answer, ({ state, verdicts, ruledOut }) => {
          if (state === 'waiting') context.output.note('The event has not been put before the reactions yet.')
          printVerdicts(context, verdicts, state)
          if (ruledOut > 0) context.output.line(ruledOutSentence(ruledOut))
          else if (verdicts.length === 0) context.output.line('There was no reaction that could have fired.')
        })
      }),
    )
}

const ruledOutSentence = (count: number): string =>
  `${plural(count, 'other reaction')} ${count === 1 ? 'was' : 'were'} ruled out by trigger, kind or target; name one to learn why.`
