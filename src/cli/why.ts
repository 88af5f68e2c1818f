import type { Command } from 'commander'
import { type Answer, path } from './client.ts'
import type { Context, Runner } from './context.ts'
import type { Verdicts } from './shapes.ts'
import { plural } from './text.ts'
import { printVerdicts } from './verdicts.ts'

export function whyCommand(command: Command, run: Runner): void {
  command
    .argument('<event>', 'id of the event')
    .argument('[reaction]', 'id or name of one reaction')
    .action(
      run(async (context, event: string, reaction: string | undefined) => {
        const answer = await whenReacted(context, event, reaction)
        context.print(answer, verdicts => printWhy(context, verdicts))
      }),
    )
}

const triesInAll = 10
const betweenTriesMs = 200

/** An event that was sent just now is reacted to in a moment: worth two seconds of patience. */
async function whenReacted(
  { api, terminal }: Context,
  event: string,
  reaction: string | undefined,
): Promise<Answer<Verdicts>> {
  const ask = () => api.get<Verdicts>(path`/api/events/${event}/verdicts`, { reaction })
  let answer = await ask()
  for (let tries = 1; answer.data.state === 'waiting' && tries < triesInAll; tries++) {
    await terminal.wait(betweenTriesMs)
    answer = await ask()
  }
  return answer
}

function printWhy(context: Context, { state, verdicts, ruledOut }: Verdicts): void {
  const { output } = context
  if (state === 'waiting')
    output.line('The event has not been put before the reactions yet; ask again in a moment.')
  printVerdicts(context, verdicts, state)
  if (ruledOut > 0) output.line(ruledOutSentence(ruledOut))
  else if (verdicts.length === 0 && state === 'reacted')
    output.line('There was no reaction when the event came.')
}

const ruledOutSentence = (count: number): string =>
  `${plural(count, 'other reaction')} ${count === 1 ? 'was' : 'were'} ruled out by endpoint, kind or target; name one to learn why.`
