import type { Context } from './context.ts'
import { readDocument } from './definition-file.ts'
import { exitCodes } from './failure.ts'
import { errorLines } from './print-failure.ts'
import { printMessage } from './run-show.ts'
import type { DryRun } from './shapes.ts'

export interface TestOptions {
  event: string
  file?: string
}

/** The dry run. That it does not fire is an answer; templates that cannot be rendered are a failure. */
export async function testReaction(
  context: Context,
  name: string | undefined,
  { event, file }: TestOptions,
): Promise<number> {
  const document = file === undefined ? undefined : await readDocument(file, context.terminal)
  const reaction = document === undefined ? { reaction: name } : { definition: document.value }
  const answer = await context.api.send<DryRun>('POST', '/api/reactions/test', { ...reaction, event })
  context.print(answer, dryRun => printDryRun(context, dryRun))
  return answer.data.errors.length > 0 ? exitCodes.refused : exitCodes.ok

  function printDryRun({ output }: Context, { verdict, request, errors }: DryRun): void {
    if (verdict.fires) output.line({ text: 'It would fire.', style: 'good' })
    else
      output.line(
        { text: 'It would not fire', style: 'waiting' },
        `: ${verdict.reason ?? 'no reason given'}${verdict.code ? ` (${verdict.code})` : ''}`,
      )
    if (request !== null) {
      output.line('')
      output.line({ text: 'It would send', style: 'strong' }, ` ${request.method} ${request.url}`)
      printMessage(output, request.headers, request.body)
    }
    const placed = errors.map(one =>
      document === undefined ? one : { ...one, path: `${document.placeOf(one.path)} ${one.path}` },
    )
    for (const line of errorLines({ errors: placed })) output.warn({ text: 'error: ', style: 'bad' }, line)
  }
}
