import type { Command } from 'commander'
import type { Context, Runner } from './context.ts'
import { readDocument } from './definition-file.ts'
import { exitCodes, wrongUsage } from './failure.ts'
import { errorLines } from './print-failure.ts'
import { type FilterOptions, filterOf, filterOptions } from './reaction-definition.ts'
import { readSample, sampleOptions, type SampleOptions } from './sample.ts'
import type { FilterVerdict } from './shapes.ts'

interface TestOptions extends SampleOptions, FilterOptions {
  file?: string
}

export function filterCommands(group: Command, run: Runner): void {
  const command = group
    .command('test')
    .description('say whether a filter takes an event, and why not')
    .option('-f, --file <file>', 'filter, or a reaction with one, as YAML or JSON (- for stdin)')
  sampleOptions(filterOptions(command)).action(run(test))
}

/** That it does not match is an answer; an expression that does not compile is a failure. */
async function test(
  context: Context,
  { file, event, context: sample, ...options }: TestOptions,
): Promise<number> {
  if (event === undefined && sample === undefined) throw wrongUsage('Give --event or --context to try it on')
  if (file === '-' && sample === '-') throw wrongUsage('stdin cannot be both the filter and the context')
  const document = file === undefined ? {} : (await readDocument(file, context.terminal)).value
  const written = 'filter' in document ? document['filter'] : document
  const answer = await context.api.send<FilterVerdict>('POST', '/api/filters/test', {
    filter: { ...(typeof written === 'object' ? written : {}), ...filterOf(options) },
    ...(await readSample(context, {
      ...(event === undefined ? {} : { event }),
      ...(sample === undefined ? {} : { context: sample }),
    })),
  })
  context.print(answer, verdict => printVerdict(context, verdict))
  return answer.data.errors.length > 0 ? exitCodes.refused : exitCodes.ok
}

function printVerdict({ output }: Context, { verdict, errors }: FilterVerdict): void {
  for (const line of errorLines({ errors })) output.warn({ text: 'error: ', style: 'bad' }, line)
  if (verdict === null) return
  if (verdict.matches) output.line({ text: 'It matches.', style: 'good' })
  else output.line({ text: 'It does not match', style: 'waiting' }, `: ${verdict.reason} (${verdict.code})`)
}
