import type { Command } from 'commander'
import { schemeTypes } from '../core/authentication.ts'
import { path } from './client.ts'
import type { Context, Runner } from './context.ts'
import { exitCodes } from './failure.ts'
import type { Verdict } from './shapes.ts'
import { printVerdicts } from './verdicts.ts'

interface Samples {
  provider: string
  providers: { provider: string; kinds: string[] }[]
}

interface Tested {
  provider: string
  kind: string
  status: number
  answer: string
  verified: string | null
  told: { reason: string; detail: string }[]
  event: { id: string; kind: { name: string } } | null
  verdicts: Verdict[]
}

interface TestOptions {
  kind?: string
  provider?: string
  path?: string
  list?: true
}

export function endpointTestCommand(group: Command, run: Runner): void {
  group
    .command('test <endpoint>')
    .description('send a sample in, signed as the provider does it, and show what becomes of it')
    .option('--kind <kind>', "which sample, in the provider's words, such as push")
    .option('--provider <type>', `whose: ${schemeTypes.join(', ')} (the endpoint's own)`)
    .option('--path <path>', 'where to, when the path of the endpoint has parts of its own form')
    .option('--list', 'list the samples that there are, and send none')
    .action(
      run(async (context, name: string, { list, ...wish }: TestOptions) => {
        if (list) {
          const answer = await context.api.get<Samples>(path`/api/endpoints/${name}/samples`)
          return context.print(answer, samples => printSamples(context, samples))
        }
        const answer = await context.api.send<Tested>('POST', path`/api/endpoints/${name}/samples`, wish)
        context.print(answer, tested => printTested(context, tested))
        return answer.data.status < 400 ? exitCodes.ok : exitCodes.refused
      }),
    )
}

const printSamples = ({ output }: Context, { provider: own, providers }: Samples): void =>
  output.fields(
    providers.map(({ provider, kinds }) => [
      provider,
      `${kinds.join(', ')}${provider === own ? " (the endpoint's own)" : ''}`,
    ]),
  )

function printTested(context: Context, tested: Tested): void {
  const { output, global } = context
  const { provider, kind, status, answer, verified, told, event, verdicts } = tested
  if (global.quiet) return output.line(event?.id ?? String(status))
  output.fields([
    ['Sample', `${kind} of ${provider}`],
    ['Answer', { text: `${status} ${answer}`, style: status < 400 ? 'good' : 'bad' }],
    ['Verified', verified],
    ...told.map(({ reason, detail }): [string, string] => ['Because', `${reason}: ${detail}`]),
    ['Event', event && `${event.id} (${event.kind.name})`],
  ])
  if (event === null) return
  printVerdicts(context, verdicts, 'reacted')
  if (verdicts.length === 0) output.note('No reaction asks for such events of this endpoint.')
}
