import { type Command, Option } from 'commander'
import { path } from './client.ts'
import type { Context, Runner } from './context.ts'
import { type DefinitionFile, readDocument } from './definition-file.ts'
import { Failure, wrongUsage } from './failure.ts'
import { wholeNumber } from './input.ts'
import { addNameListing, type NameListing, nothingMatches, printList, readNames } from './list.ts'
import { type DefinitionOptions, definitionOptions, readDefinition } from './reaction-definition.ts'
import { printReaction, printYaml, reactionColumns } from './reaction-show.ts'
import { backtestReaction, type BacktestOptions } from './reaction-backtest.ts'
import { readPasted } from './reaction-line.ts'
import { testReaction, type TestOptions } from './reaction-dry-run.ts'
import { type PresetName, presetNames } from '../core/tell-me-presets.ts'
import type { Reaction } from './shapes.ts'
import { stateCell } from './state-style.ts'

interface CreateOptions extends DefinitionOptions {
  tellMe?: string
  as?: PresetName
  pause?: true
  paste?: string
}

export function reactionCommands(group: Command, run: Runner): void {
  definitionOptions(group.command('create [name]'))
    .description('create a reaction, from options or from a file')
    .option(
      '--tell-me <url>',
      'the ready reaction: posts a message to this webhook when an alarm begins or ends',
    )
    .addOption(
      new Option('--as <preset>', 'how that message is written (by the host of the URL)').choices(
        presetNames,
      ),
    )
    .option(
      '--paste <line>',
      'begin with a line of curl, or of tsuru event-webhook-create: text, @file, or - for stdin',
    )
    .option('--pause', 'make its runs, but hold them until `reaction resume`')
    .action(
      run(async (context, name: string | undefined, options: CreateOptions) => {
        const { pause, tellMe, as: preset, paste, ...given } = options
        if (tellMe !== undefined) return makeTellMe(context, name, { url: tellMe, preset, pause, given })
        if (preset !== undefined) throw wrongUsage('--as goes with --tell-me')
        const file = given.file === undefined ? undefined : await readDocument(given.file, context.terminal)
        const start = paste === undefined ? { file, options: given } : await readPasted(context, paste, given)
        const definition = await readDefinition(context.terminal, name, start.options, start.file)
        const created = await withPlaces(
          start.file,
          context.api.send<Reaction>('POST', '/api/reactions', definition),
        )
        const answer = pause
          ? await context.api.send<Reaction>('POST', path`/api/reactions/${created.data.id}/pause`)
          : created
        context.print(answer, reaction => printState(context, reaction))
      }),
    )

  addNameListing(group.command('list').description('list the reactions')).action(
    run(async (context, options: NameListing) => {
      const answer = await readNames<Reaction>(context, '/api/reactions', options)
      const whenEmpty =
        nothingMatches('reaction', options.search) ??
        'No reaction yet. `signalbox reaction create` makes one.'
      printList(context, answer, reactionColumns(context), reaction => reaction.definition.name, whenEmpty)
    }),
  )

  group
    .command('show <reaction>')
    .description('show a reaction')
    .option('--yaml', 'its definition as a file for `reaction edit`')
    .action(
      run(async (context, name: string, options: { yaml?: true }) => {
        const answer = await context.api.get<Reaction>(path`/api/reactions/${name}`)
        if (options.yaml) return printYaml(context, answer.data)
        context.print(answer, reaction => printReaction(context, reaction))
      }),
    )

  group
    .command('edit <reaction>')
    .description('replace the definition of a reaction; runs that exist keep the one they were made with')
    .requiredOption(
      '-f, --file <file>',
      'definition as YAML or JSON (- for stdin); `reaction show --yaml` prints it',
    )
    .option('--team <team>', 'move it to this team')
    .action(
      run(async (context, name: string, options: { file: string; team?: string }) => {
        const file = await readDocument(options.file, context.terminal)
        const answer = await withPlaces(
          file,
          context.api.send<Reaction>('PUT', path`/api/reactions/${name}`, {
            ...file.value,
            ...(options.team === undefined ? {} : { team: options.team }),
          }),
        )
        context.print(answer, reaction => printState(context, reaction))
      }),
    )

  group
    .command('test [reaction]')
    .description('try a reaction on a stored event; nothing is sent')
    .requiredOption('--event <event>', 'the event')
    .option('-f, --file <file>', 'a definition that is not saved yet, as YAML or JSON (- for stdin)')
    .action(
      run((context, name: string | undefined, options: TestOptions) => {
        requireOneSource(name, options.file)
        return testReaction(context, name, options)
      }),
    )

  group
    .command('backtest [reaction]')
    .description('count the events of the past on which a reaction would have fired; nothing is sent')
    .option('-f, --file <file>', 'a definition that is not saved yet, as YAML or JSON (- for stdin)')
    .option('--since <time>', 'from this time on: 2026-11-21T06:50:00Z, or 30d for thirty days ago', '7d')
    .option('--limit <count>', 'how many of those events are listed', wholeNumber(0, 200), 20)
    .action(
      run((context, name: string | undefined, options: BacktestOptions) => {
        requireOneSource(name, options.file)
        return backtestReaction(context, name, options)
      }),
    )

  for (const [verb, description] of changes) {
    group
      .command(`${verb} <reaction>`)
      .description(description)
      .action(
        run(async (context, name: string) => {
          const answer = await context.api.send<Reaction>('POST', path`/api/reactions/${name}/${verb}`)
          context.print(answer, reaction => printState(context, reaction))
        }),
      )
  }

  group
    .command('delete <reaction>')
    .description('delete a reaction; its runs stay')
    .action(
      run(async (context, name: string) => {
        const answer = await context.api.send('DELETE', path`/api/reactions/${name}`)
        context.print(answer, () => context.output.note(`Reaction ${name} is deleted.`))
      }),
    )
}

const changes = [
  ['pause', 'hold its runs: they are made, and wait'],
  ['resume', 'let the held runs go'],
  ['enable', 'match events again'],
  ['disable', 'match no events'],
] as const

async function makeTellMe(
  context: Context,
  name: string | undefined,
  {
    url,
    preset,
    pause,
    given,
  }: { url: string; preset: PresetName | undefined; pause: true | undefined; given: DefinitionOptions },
): Promise<void> {
  if (pause || Object.keys(given).length > 0)
    throw wrongUsage('--tell-me makes a whole reaction', 'Make it first, and change it with `reaction edit`.')
  const answer = await context.api.send<Reaction>('POST', '/api/tell-me', { url, preset, name })
  context.print(answer, reaction => printState(context, reaction))
}

function printState(
  { output, global }: Context,
  { definition, version, state, stateReason }: Reaction,
): void {
  if (global.quiet) return output.line(definition.name)
  const because = stateReason ? `: ${stateReason}` : ''
  output.line(
    'Reaction ',
    { text: definition.name, style: 'strong' },
    ` (version ${version}) is `,
    stateCell(state),
    because,
  )
}

/** The server names a field by its path; whoever wrote a file wants the line. */
async function withPlaces<T>(file: DefinitionFile | undefined, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (file === undefined || !(error instanceof Failure) || error.details.problem?.errors === undefined)
      throw error
    const errors = error.details.problem.errors.map(one => ({
      ...one,
      path: `${file.placeOf(one.path ?? '')} ${one.path ?? ''}`.trim(),
    }))
    throw new Failure(error.message, { ...error.details, problem: { ...error.details.problem, errors } })
  }
}

function requireOneSource(name: string | undefined, file: string | undefined): void {
  if ((name === undefined) === (file === undefined))
    throw wrongUsage('Name a reaction, or give a definition by --file')
}
