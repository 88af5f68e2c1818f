import { type Command, InvalidArgumentError, Option } from 'commander'
import type { HttpAction, ReactionDefinition } from '../core/reaction.ts'
import { templateLanguages } from '../core/template/language.ts'
import type { DefinitionFile } from './definition-file.ts'
import { wrongUsage } from './failure.ts'
import { collect, parseHeader, parseTarget, readValue, wholeNumber } from './input.ts'
import type { Terminal } from './terminal.ts'
import { durationOption, parseDurationMs } from './times.ts'

/** Which events are meant. */
export interface FilterOptions {
  kind?: string[]
  target?: string[]
  outcome?: 'success' | 'error'
  where?: string
}

/** A reaction from command-line options: for the common case. Everything else comes from a file. */
export interface DefinitionOptions extends FilterOptions {
  file?: string
  description?: string
  endpoint?: string
  url?: string
  method?: string
  header?: string[]
  bodyFrom?: HttpAction['bodyFrom']
  body?: string
  /** False for --no-extended-functions, true for --extended-functions. */
  extendedFunctions?: boolean
  language?: HttpAction['language']
  timeout?: number
  /** False for --no-retry. */
  retry?: number[] | false
  sign?: string[]
  failingAfter?: number
  team?: string
}

export const filterOptions = (command: Command): Command =>
  command
    .option('--kind <name>', 'events of this kind, or of one below it (repeatable)', collect)
    .option(
      '--target <target>',
      'events with this target: type:value, or a value of any type (repeatable)',
      collect,
    )
    .addOption(
      new Option('--outcome <outcome>', 'events that tell of a success or of an error').choices([
        'success',
        'error',
      ]),
    )
    .option('--where <expression>', "events for which this CEL expression is true: body.status == 'failed'")

export const definitionOptions = (command: Command): Command =>
  filterOptions(
    command
      .option(
        '-f, --file <file>',
        'definition as YAML or JSON (- for stdin); the other options change what it says',
      )
      .option('--description <text>', 'what it is for')
      .option('--team <team>', 'the team that owns it')
      .option('--endpoint <endpoint>', 'started by requests on this endpoint; without it, by events'),
  )
    .option(
      '--url <template>',
      "where the request goes (the server's own --url then stands before the command)",
    )
    .option('--method <method>', 'method of the request (POST)')
    .option('--header <header>', "a header of the request, 'Name: template' (repeatable)", collect)
    .addOption(
      new Option(
        '--body-from <source>',
        'body: the event as JSON, the bytes as received, or --body (event)',
      ).choices(['event', 'original', 'template']),
    )
    .option('--body <template>', 'template of the body: text, @file, or - for stdin')
    .option('--extended-functions', "more than Go's own functions in its templates (so it begins)")
    .option('--no-extended-functions', "Go's own functions alone in its templates")
    .addOption(
      new Option('--language <language>', 'what the templates are written in (go)').choices([
        ...templateLanguages,
      ]),
    )
    .option('--timeout <duration>', 'for one attempt (30s)', durationOption)
    .option(
      '--retry <durations>',
      'when to try again, one duration a retry: 5s,30s,2m (10 attempts in 23 h)',
      delaysOption,
    )
    .option('--no-retry', 'a single attempt')
    .option(
      '--sign <secret>',
      'sign by Standard Webhooks: whsec_…, or @file (repeatable; the first is current)',
      collect,
    )
    .option(
      '--failing-after <count>',
      'an alarm when so many of its runs in a row failed for good (3); 0 for none',
      wholeNumber(0, 100),
    )

function delaysOption(text: string): number[] {
  return text.split(',').map(part => {
    const delayMs = parseDurationMs(part)
    if (delayMs === null)
      throw new InvalidArgumentError('It takes durations with commas between them, such as 5s,30s,2m.')
    return delayMs
  })
}

/**
 * The definition that is sent; the server fills in the defaults. Options change single fields of a file's definition.
 * Throws a Failure when what belongs together is not given together.
 */
export async function readDefinition(
  terminal: Terminal,
  name: string | undefined,
  options: DefinitionOptions,
  file: DefinitionFile | undefined,
): Promise<Record<string, unknown>> {
  const base = file?.value ?? {}
  if (file === undefined) checkComplete(options)
  const trigger =
    options.endpoint === undefined ? { type: 'events' } : { type: 'endpoint', endpoint: options.endpoint }
  const filter = filterOf(options)
  const action = await actionOf(options, terminal)
  const retry = options.retry === undefined ? {} : { delaysMs: options.retry === false ? [] : options.retry }
  return {
    ...base,
    ...(name === undefined && base['name'] !== undefined ? {} : { name: name ?? nameFor(options) }),
    ...(options.description === undefined ? {} : { description: options.description }),
    ...(base['trigger'] !== undefined && options.endpoint === undefined ? {} : { trigger }),
    ...changed(base, 'filter', filter),
    ...changed(base, 'action', action, { type: 'http' }),
    ...changed(base, 'retry', retry),
    ...(options.failingAfter === undefined ? {} : { failingAfter: options.failingAfter }),
    ...(options.team === undefined ? {} : { team: options.team }),
  }
}

function checkComplete(options: DefinitionOptions): void {
  if (options.url === undefined)
    throw wrongUsage(
      'A reaction needs a --url to call, or a --file',
      'See `signalbox reaction create --help`.',
    )
  const chooses = options.endpoint ?? options.kind ?? options.target ?? options.outcome ?? options.where
  if (chooses === undefined) {
    throw wrongUsage(
      'What should start it?',
      'Give --endpoint for requests, or --kind, --target, --outcome or --where for events.',
    )
  }
}

type Fields = Record<string, unknown>

/** One part of the definition with the given fields put over the file's. */
function changed(base: Fields, part: string, fields: Fields, always: Fields = {}): Fields {
  if (Object.keys(fields).length === 0) return {}
  const before = base[part]
  return { [part]: { ...always, ...(typeof before === 'object' ? before : {}), ...fields } }
}

export function filterOf({
  kind,
  target,
  outcome,
  where,
}: FilterOptions): Partial<ReactionDefinition['filter']> {
  const filter: Partial<ReactionDefinition['filter']> = {}
  if (kind !== undefined) filter.kindNames = kind
  if (outcome !== undefined) filter.outcome = outcome
  if (where !== undefined) filter.where = where
  const pairs = new Map<string, string[]>()
  for (const text of target ?? []) {
    if (!text.includes(':')) {
      filter.targetValues = [...(filter.targetValues ?? []), text]
      continue
    }
    const { type, value } = parseTarget(text)
    pairs.set(type, [...(pairs.get(type) ?? []), value])
  }
  if (pairs.size > 0) filter.targets = Object.fromEntries(pairs)
  return filter
}

async function actionOf(options: DefinitionOptions, terminal: Terminal): Promise<Partial<HttpAction>> {
  const { url, method, header, bodyFrom, body, language, extendedFunctions, timeout, sign } = options
  if (bodyFrom === 'template' && body === undefined && options.file === undefined)
    throw wrongUsage('--body-from template needs a --body')
  if (body !== undefined && bodyFrom !== undefined && bodyFrom !== 'template')
    throw wrongUsage(`--body does not go with --body-from ${bodyFrom}`)
  const action: Partial<HttpAction> = {}
  if (url !== undefined) action.url = url
  if (language !== undefined) action.language = language
  if (method !== undefined) action.method = method.toUpperCase()
  if (header !== undefined) action.headers = header.map(parseHeader)
  if (bodyFrom !== undefined) action.bodyFrom = bodyFrom
  if (body !== undefined) {
    action.bodyFrom = 'template'
    action.body = (await readValue(body, terminal)).toString('utf8')
  }
  if (extendedFunctions !== undefined) action.extendedFunctions = extendedFunctions
  if (timeout !== undefined) action.timeoutMs = timeout
  if (sign !== undefined)
    action.signingSecrets = await Promise.all(
      sign.map(async secret => (await readValue(secret, terminal)).toString('utf8').trim()),
    )
  return action
}

/** `orders-to-hooks.example.com`, when no name is given. */
function nameFor({ endpoint, kind, url }: DefinitionOptions): string {
  const from = endpoint ?? kind?.[0] ?? 'events'
  const host = URL.canParse(url ?? '') ? new URL(url ?? '').hostname : 'target'
  const name = `${from}-to-${host}`.toLowerCase().replace(/[^a-z0-9._-]+/g, '-')
  return name.replace(/^[^a-z0-9]+/, '').slice(0, 60)
}
