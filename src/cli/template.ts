import { type Command, Option } from 'commander'
import { templateLanguages } from '../core/template/language.ts'
import type { Context, Runner } from './context.ts'
import { exitCodes, wrongUsage } from './failure.ts'
import { collect, readSource } from './input.ts'
import { errorLines } from './print-failure.ts'
import { readSample, sampleOptions, type SampleOptions } from './sample.ts'
import type { RenderedTemplate } from './shapes.ts'

interface RenderOptions extends SampleOptions {
  language?: string
  /** False for --no-extended-functions. */
  extendedFunctions: boolean
  variable?: string[]
}

export function templateCommands(group: Command, run: Runner): void {
  sampleOptions(group.command('render [file]'))
    .description('render a template (from stdin without a file), sending nothing; secrets come out as •••')
    .addOption(
      new Option('--language <language>', 'what it is written in (go)').choices([...templateLanguages]),
    )
    .option('--no-extended-functions', "Go's own functions alone")
    .option(
      '--variable <name=value>',
      'of octostache: a variable of your own, whose value is a template too (repeatable)',
      collect,
    )
    .action(run(render))
}

/** Prints what was rendered and nothing else; mistakes go to stderr as `file:line:column: …`. */
async function render(
  context: Context,
  file: string | undefined,
  { language, extendedFunctions, variable, ...sample }: RenderOptions,
): Promise<number> {
  const source = file ?? '-'
  if (source === '-' && sample.context === '-')
    throw wrongUsage('stdin cannot be both the template and its context')
  const answer = await context.api.send<RenderedTemplate>('POST', '/api/templates/render', {
    template: (await readSource(source, context.terminal)).toString('utf8'),
    ...(language === undefined ? {} : { language }),
    extendedFunctions,
    ...(variable === undefined ? {} : { variables: Object.fromEntries(variable.map(parseVariable)) }),
    ...(await readSample(context, sample)),
  })
  const { errors, unresolved } = answer.data
  context.print(answer, ({ output }) => {
    if (output !== null) context.output.text(output)
    const placed = errors.map(error => ({ ...error, path: source === '-' ? 'stdin' : source }))
    for (const line of errorLines({ errors: placed }))
      context.output.warn({ text: 'error: ', style: 'bad' }, line)
    for (const token of unresolved) context.output.warn('no value: ', token)
  })
  return errors.length > 0 ? exitCodes.refused : exitCodes.ok
}

function parseVariable(text: string): [name: string, value: string] {
  const at = text.indexOf('=')
  if (at < 1) throw wrongUsage(`--variable wants name=value, not ${text}`)
  return [text.slice(0, at), text.slice(at + 1)]
}
