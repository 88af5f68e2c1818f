import type { Command } from 'commander'
import { type Answer, path } from './client.ts'
import type { Context } from './context.ts'
import { exitCodes, Failure, wrongUsage } from './failure.ts'
import { collect, parseHeader, parseTarget, readValue } from './input.ts'
import type { Endpoint } from './shapes.ts'

export interface SendOptions {
  kind?: string
  target?: string[]
  owner?: string
  error?: string
  data?: string
  deliveryId?: string
  time?: string
  team?: string
  endpoint?: string
  contentType?: string
  header?: string[]
}

export const sendCommandOptions = (command: Command): Command =>
  command
    .option('--kind <name>', 'kind of the event, such as deployment.failed')
    .option(
      '--target <type:value>',
      'what it happened to (repeatable; the first is the primary one)',
      collect,
    )
    .option('--owner <type:name>', 'who did it')
    .option('--error <text>', 'what went wrong: the event tells of a failure')
    .option('--data <value>', 'JSON, @file, or - for stdin; with --endpoint any body')
    .option('--delivery-id <id>', 'sending the same id again changes nothing')
    .option('--time <time>', 'when it happened (now)')
    .option('--team <team>', 'whose event it is')
    .option('--endpoint <endpoint>', 'send a request to this endpoint instead, with its token')
    .option('--content-type <type>', 'with --endpoint: media type of the body')
    .option('--header <header>', "with --endpoint: a header, 'Name: value' (repeatable)", collect)

export async function sendEvent(context: Context, options: SendOptions): Promise<void> {
  const { endpoint, contentType, header, ...ofEvent } = options
  if (endpoint === undefined) {
    if (contentType !== undefined || header !== undefined) {
      throw wrongUsage('--content-type and --header belong to --endpoint', 'A platform event is always JSON.')
    }
    return sendPlatformEvent(context, ofEvent)
  }
  const { data, ...others } = ofEvent
  const [other] = Object.keys(others)
  if (other !== undefined) {
    throw wrongUsage(
      `--${other.replace('Id', '-id')} does not go with --endpoint`,
      'What a request means is told by its endpoint.',
    )
  }
  return sendRequest(context, endpoint, { contentType, header, data })
}

async function sendPlatformEvent(context: Context, options: SendOptions): Promise<void> {
  const { kind, target, owner, data, ...rest } = options
  if (kind === undefined)
    throw wrongUsage(
      'An event needs a kind',
      'Give --kind, such as deployment.failed; or --endpoint to send a request.',
    )
  const body = {
    kind,
    ...rest,
    ...(target === undefined ? {} : { targets: target.map(parseTarget) }),
    ...(owner === undefined ? {} : { owner: parseOwner(owner) }),
    ...(data === undefined ? {} : { data: parseJson(await readValue(data, context.terminal), data) }),
  }
  const answer = await context.api.send<{ events: Sent[] }>('POST', '/api/events', body)
  context.print(answer, ({ events }) => {
    for (const event of events) printSent(context, event)
  })
}

interface Sent {
  id: string
  duplicate?: boolean
}

function printSent({ output, global }: Context, { id, duplicate }: Sent): void {
  output.line(id)
  if (global.quiet) return
  output.note({
    text: duplicate
      ? 'It was there already: nothing new was stored.'
      : `See what it did: signalbox why ${id}`,
    style: 'faint',
  })
}

const parseOwner = (text: string): { type: string; name: string } => {
  const { type, value } = parseTarget(text)
  return { type, name: value }
}

function parseJson(bytes: Buffer, from: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    const where = from === '-' ? 'stdin' : from.startsWith('@') ? from.slice(1) : '--data'
    throw wrongUsage(
      `${where} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      'A text needs its quotes: --data \'"text"\'.',
    )
  }
}

interface RequestOptions {
  data: string | undefined
  contentType: string | undefined
  header: string[] | undefined
}

/** Goes to POST /data of the server that we speak to, so that the endpoint's token is sent nowhere else. */
async function sendRequest(
  context: Context,
  name: string,
  { data, contentType, header }: RequestOptions,
): Promise<void> {
  const { api, terminal } = context
  const body = data === undefined ? Buffer.alloc(0) : await readValue(data, terminal)
  const headers = new Headers({
    'content-type': contentType ?? (isJson(body) ? 'application/json' : 'text/plain; charset=utf-8'),
  })
  for (const { name, value } of (header ?? []).map(parseHeader)) headers.append(name, value)
  const { token } = (await api.get<Endpoint>(path`/api/endpoints/${name}`)).data
  if (!token) {
    throw new Failure(`The server does not show the token of ${name}`, {
      exitCode: exitCodes.refused,
      todo: `Sign in as admin, or make a new one: signalbox endpoint rotate-token ${name}`,
    })
  }
  const response = await api.exchange('POST', '/data', { headers, body, token })
  const text = await response.text()
  const answer: Answer<Sent> = { text, data: JSON.parse(text) }
  context.print(answer, event => printSent(context, event))
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'))
    return true
  } catch {
    return false
  }
}
