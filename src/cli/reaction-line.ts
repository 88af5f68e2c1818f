import type { Context } from './context.ts'
import type { DefinitionFile } from './definition-file.ts'
import { wrongUsage } from './failure.ts'
import { readValue } from './input.ts'
import type { DefinitionOptions } from './reaction-definition.ts'

interface ReadLine {
  definition: Record<string, unknown> & { action: { url: string } }
  notes: string[]
}

/** A pasted line of curl or tsuru in the place of a file: the other options change what it says. */
export async function readPasted(
  context: Context,
  given: string,
  options: DefinitionOptions,
): Promise<{ file: DefinitionFile; options: DefinitionOptions }> {
  if (options.file !== undefined)
    throw wrongUsage('--paste and --file are two beginnings', 'Give one of them.')
  const line = (await readValue(given, context.terminal)).toString('utf8').trim()
  const { data } = await context.api.send<ReadLine>('POST', '/api/reactions/from-line', { line })
  const chooses = options.endpoint ?? options.kind ?? options.target ?? options.outcome ?? options.where
  if (data.definition['trigger'] === undefined && chooses === undefined)
    throw wrongUsage(
      'What should start it?',
      'A curl line does not say: give --endpoint for requests, or --kind, --target, --outcome or --where for events.',
    )
  for (const note of data.notes) context.output.note(note)
  const { url } = data.definition.action
  return {
    file: { value: data.definition, placeOf: () => 'the pasted line' },
    // Of what it sends to, a name is made where none is given.
    options: { url, ...options },
  }
}
