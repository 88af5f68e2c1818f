import type { Command } from 'commander'
import { schemeTypes, secretFields } from '../core/authentication.ts'
import type { EndpointDefinition } from '../core/endpoint.ts'
import { stepsOf } from '../core/provider-steps.ts'
import { path } from './client.ts'
import type { Context, Runner } from './context.ts'
import { readDocument } from './definition-file.ts'
import { wrongUsage } from './failure.ts'
import {
  formerText,
  rateText,
  readRules,
  type RuleOptions,
  silenceText,
  withRules,
} from './endpoint-rules.ts'
import { endpointStateCommands } from './endpoint-state.ts'
import { endpointTestCommand } from './endpoint-test.ts'
import { collect, wholeNumber } from './input.ts'
import { addNameListing, type NameListing, nothingMatches, printList, readNames } from './list.ts'
import type { Column, Output, Style } from './output.ts'
import type { Endpoint } from './shapes.ts'
import { stateCell } from './state-style.ts'
import { plural } from './text.ts'
import { relative } from './times.ts'

interface DefinitionOptions extends RuleOptions {
  description?: string
  path?: string
  method?: string[]
  kind?: string
  contentType?: string[]
  allowFrom?: string[]
  allowOrigin?: string[]
  allowRate?: number
  maxBytes?: number
  deliveryHeader?: string
  provider?: string
  secret?: string[]
  senderUrl?: string
  team?: string
  file?: string
}

export function endpointCommands(group: Command, run: Runner): void {
  withDefinition(group.command('create [name]'))
    .description('create an endpoint; without anything it gets a generated name and path')
    .action(
      run(async (context, name: string | undefined, options: DefinitionOptions) => {
        const definition = await readDefinition(context, options)
        const body = name === undefined ? definition : { ...definition, name }
        const answer = await context.api.send<Endpoint>('POST', '/api/endpoints', body)
        context.print(answer, endpoint => printCreated(context, endpoint))
      }),
    )

  addNameListing(group.command('list').description('list the endpoints')).action(
    run(async (context, options: NameListing) => {
      const answer = await readNames<Endpoint>(context, '/api/endpoints', options)
      printList(
        context,
        answer,
        columns(context),
        endpoint => endpoint.name,
        nothingMatches('endpoint', options.search) ??
          'No endpoint yet. `signalbox endpoint create` makes one.',
      )
    }),
  )

  group
    .command('show <endpoint>')
    .description('show an endpoint, its curl line, and what it turned away')
    .action(
      run(async (context, name: string) => {
        const answer = await context.api.get<Endpoint>(path`/api/endpoints/${name}`)
        context.print(answer, endpoint => printEndpoint(context, endpoint))
      }),
    )

  withDefinition(group.command('edit <endpoint>'))
    .description('change what is given, and leave the rest')
    .option('--name <name>', 'another name')
    .option('--enable', 'take requests again')
    .option('--disable', 'take no requests')
    .action(
      run(
        async (
          context,
          name: string,
          options: DefinitionOptions & { name?: string; enable?: true; disable?: true },
        ) => {
          const change = await readDefinition(context, options)
          const body = {
            ...change,
            ...(options.name === undefined ? {} : { name: options.name }),
            ...(options.enable ? { state: 'active' } : {}),
            ...(options.disable ? { state: 'disabled' } : {}),
          }
          if (Object.keys(body).length === 0)
            throw wrongUsage('Nothing to change was given', 'See `signalbox endpoint edit --help`.')
          const answer = await context.api.send<Endpoint>('PATCH', path`/api/endpoints/${name}`, body)
          context.print(answer, endpoint => printEndpoint(context, endpoint))
        },
      ),
    )

  group
    .command('delete <endpoint>')
    .description('delete an endpoint; its events stay')
    .action(
      run(async (context, name: string) => {
        const answer = await context.api.send('DELETE', path`/api/endpoints/${name}`)
        context.print(answer, () => context.output.note(`Endpoint ${name} is deleted.`))
      }),
    )

  endpointStateCommands(group, run, printEndpoint)
  endpointTestCommand(group, run)
}

function withDefinition(command: Command): Command {
  return withRules(command)
    .option('--description <text>', 'what it is for')
    .option('--path <path>', 'path under /hooks/ or /triggers/, such as /hooks/deploys/:app')
    .option('--method <method>', 'method it takes (repeatable; ANY for all; POST if none is given)', collect)
    .option(
      '--kind <name>',
      "kind of its events (the provider's words, such as github.push; else webhook.received)",
    )
    .option('--content-type <type>', 'media type it takes (repeatable; all if none is given)', collect)
    .option(
      '--allow-from <address>',
      'address or CIDR of senders that are taken (repeatable; all for anybody)',
      collect,
    )
    .option('--max-bytes <bytes>', 'largest body it takes', wholeNumber(1, 32 * 1024 * 1024))
    .option('--delivery-header <name>', "header with the sender's delivery id: the same id is kept once")
    .option(
      '--allow-origin <origin>',
      'sender that may ask by OPTIONS (CloudEvents; repeatable; * for all)',
      collect,
    )
    .option(
      '--allow-rate <requests>',
      'requests a minute that it is told it may send',
      wholeNumber(1, 1_000_000),
    )
    .option('--provider <type>', `who sends, or how they prove it: ${schemeTypes.join(', ')}`)
    .option('--secret <secret>', 'secret of the provider (repeatable, for rotation)', collect)
    .option('--sender-url <url>', 'URL that is entered at Twilio, when it is not the one shown here')
    .option('--team <team>', 'the team that owns it, or moves it there')
    .option('-f, --file <file>', 'definition as YAML or JSON (- for stdin), for authentication and all else')
}

type Definition = Partial<EndpointDefinition> & { team?: string }

async function readDefinition({ terminal }: Context, options: DefinitionOptions): Promise<Definition> {
  const fromFile = options.file === undefined ? {} : (await readDocument(options.file, terminal)).value
  const given: Definition = {}
  if (options.description !== undefined) given.description = options.description
  if (options.team !== undefined) given.team = options.team
  if (options.path !== undefined) given.path = options.path
  if (options.method !== undefined) given.methods = options.method.map(method => method.toUpperCase())
  if (options.kind !== undefined) given.kindName = options.kind
  if (options.contentType !== undefined) given.contentTypes = options.contentType
  if (options.allowFrom !== undefined) given.allowedAddresses = options.allowFrom.filter(one => one !== 'all')
  if (options.maxBytes !== undefined) given.maxBytes = options.maxBytes
  if (options.deliveryHeader !== undefined) given.deliveryId = { header: options.deliveryHeader }
  if (options.allowOrigin !== undefined) given.allowedOrigins = options.allowOrigin
  if (options.allowRate !== undefined) given.allowedRate = options.allowRate
  const scheme = schemeOf(options)
  if (scheme !== null) given.authentication = [scheme]
  return { ...fromFile, ...given, ...(await readRules(options, terminal)) }
}

function schemeOf({
  provider,
  secret = [],
  senderUrl,
}: DefinitionOptions): EndpointDefinition['authentication'][number] | null {
  if (provider === undefined) {
    if (secret.length === 0 && senderUrl === undefined) return null
    throw wrongUsage('A secret belongs to a provider', 'Add --provider, such as --provider github.')
  }
  const type = schemeTypes.find(one => one === provider)
  if (type === undefined)
    throw wrongUsage(`There is no provider ${provider}`, `Known are ${schemeTypes.join(', ')}.`)
  const [field, ...others] = secretFields.get(type) ?? []
  if (field === undefined) return { type } as EndpointDefinition['authentication'][number]
  if (secret.length === 0)
    throw wrongUsage(
      `${provider} needs a secret`,
      'Add --secret; the same secret is entered at the provider.',
    )
  const signs = others.length > 0 && secret.every(one => one.startsWith('whsec_'))
  return {
    type,
    [signs ? others[0]! : field]: secret,
    ...(senderUrl === undefined ? {} : { url: senderUrl }),
  } as unknown as EndpointDefinition['authentication'][number]
}

const columns = ({ terminal }: Context): Column<Endpoint>[] => [
  { title: 'NAME', value: endpoint => ({ text: endpoint.name, style: 'strong' }) },
  { title: 'STATE', value: endpoint => stateCell(endpoint.state) },
  { title: 'KIND', value: endpoint => endpoint.kindName ?? "the provider's" },
  { title: 'LAST EVENT', value: endpoint => relative(endpoint.lastEventAt, terminal.nowMs()) || 'never' },
  { title: 'TURNED AWAY', value: endpoint => String(countRejections(endpoint) || '') },
  { title: 'URL', value: endpoint => endpoint.url, shrinks: true },
]

const countRejections = (endpoint: Endpoint): number =>
  (endpoint.rejections ?? []).reduce((sum, rejection) => sum + rejection.count, 0)

function printCreated({ output, global }: Context, endpoint: Endpoint): void {
  if (global.quiet) return output.line(endpoint.name)
  output.fields([
    ['Endpoint', { text: endpoint.name, style: 'strong' }],
    ['URL', endpoint.url],
    ['Token', endpoint.token],
    ['Send', endpoint.curl],
  ])
  printSteps(output, endpoint)
  output.note('See what arrives: signalbox event tail --endpoint ', endpoint.name)
}

/** What is done on the pages of whoever sends. */
function printSteps(output: Output, { authentication }: Endpoint): void {
  for (const { type } of authentication) {
    const steps = stepsOf(type)
    if (steps === undefined) continue
    output.line('')
    output.fields([
      [`At ${steps.title}`, steps.page],
      ['The URL', steps.url],
      ['The secret', steps.secret],
      ['Also', steps.also],
    ])
  }
}

function printEndpoint({ output, terminal, global }: Context, endpoint: Endpoint): void {
  if (global.quiet) return output.line(endpoint.name)
  const nowMs = terminal.nowMs()
  output.fields([
    ['Endpoint', { text: endpoint.name, style: 'strong' }],
    ['Id', endpoint.id],
    ['State', stateCell(endpoint.state)],
    ['Description', endpoint.description],
    ['URL', endpoint.url],
    ['By token', endpoint.dataUrl],
    ['Methods', endpoint.methods.join(', ')],
    ['Authentication', endpoint.authentication.map(scheme => scheme.type).join(', ') || 'none'],
    ['Kind', endpoint.kindName ?? 'as the provider calls it'],
    ['Events of', endpoint.eventShape ?? null],
    ['Media types', endpoint.contentTypes.join(', ') || 'all'],
    ['Senders', (endpoint.allowedAddresses ?? []).join(', ') || 'all'],
    ['Largest body', `${endpoint.maxBytes} bytes`],
    ['Created', relative(endpoint.createdAt, nowMs)],
    ['Expires', relative(endpoint.expiresAt, nowMs)],
    ['Rate limit', rateText(endpoint)],
    ['Alarm', silenceText(endpoint)],
    ['Answer', endpoint.answer ? `${endpoint.answer.status}, custom` : null],
    ['Rate', endpoint.eventsPerMinute ? `${endpoint.eventsPerMinute} events a minute` : null],
    ['Last event', relative(endpoint.lastEventAt, nowMs) || 'never'],
    ['Token', endpoint.token],
    ['Former token', formerText(endpoint, nowMs)],
    ['Send', endpoint.curl],
  ])
  const tell = (what: Style, verb: string, rows: Endpoint['rejections']) => {
    for (const { reason, count, lastAt, sender, detail } of rows) {
      const last = `last ${relative(lastAt, nowMs)}${sender ? ` from ${sender}` : ''}`
      output.line(
        { text: verb, style: what },
        `${plural(count, 'request')}, ${last}: ${reason}${detail ? ` (${detail})` : ''}`,
      )
    }
  }
  printSteps(output, endpoint)
  tell('bad', 'Plain answer ', endpoint.answerFailures ? [endpoint.answerFailures] : [])
  tell('good', 'Answered handshake ', endpoint.handshakes ?? [])
  tell('bad', 'Turned away ', endpoint.rejections ?? [])
}
