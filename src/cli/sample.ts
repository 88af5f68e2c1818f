import type { Command } from 'commander'
import type { Context } from './context.ts'
import { readDocument } from './definition-file.ts'
import { wrongUsage } from './failure.ts'

/** What a template or a filter is tried on. */
export interface SampleOptions {
  event?: string
  context?: string
}

export const sampleOptions = (command: Command): Command =>
  command
    .option('--event <id>', 'an event that happened')
    .option(
      '--context <file>',
      'instead: what templates see, as JSON or YAML (- for stdin), such as {"body": {"n": 1}}',
    )

/** As the API takes it. */
export async function readSample(
  { terminal }: Context,
  { event, context }: SampleOptions,
): Promise<{ event?: string; context?: Record<string, unknown> }> {
  if (event !== undefined && context !== undefined) throw wrongUsage('Give --event or --context, not both')
  if (context !== undefined) return { context: (await readDocument(context, terminal)).value }
  return event === undefined ? {} : { event }
}
