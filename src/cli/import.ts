import { isDeepStrictEqual } from 'node:util'
import type { Command } from 'commander'
import { path } from './client.ts'
import type { Context, Runner } from './context.ts'
import { exitCodes, Failure } from './failure.ts'
import { collect } from './input.ts'
import { findTsuruTarget, type TsuruTarget, type TsuruTargetOptions } from './tsuru-target.ts'

interface Webhook {
  name: string
  team_owner: string
  url: string
  headers: Record<string, string[]>
  event_filter: Record<string, string[] | boolean>
  [field: string]: unknown
}

type Outcome = 'made' | 'changed' | 'same' | 'differs' | 'failed'

interface Imported {
  name: string
  outcome: Outcome
  /** Fields of a hook that is here already and is another. */
  differences: string[]
  note: string
}

interface ImportOptions extends TsuruTargetOptions {
  dryRun?: boolean
  update?: boolean
  only?: string[]
}

export function importCommands(group: Command, run: Runner): void {
  group
    .command('tsuru [target]')
    .description('copy the webhooks of a tsuru server, headers and all; what is here already is left alone')
    .option('--from-url <url>', 'URL of the tsuru API, instead of a target of ~/.tsuru')
    .option('--from-token <token>', 'token for it: text, @file, or - for stdin')
    .option('--only <name>', 'this webhook alone (repeatable)', collect)
    .option('--update', 'change those that are here and differ')
    .option('--dry-run', 'say what would be done, and do nothing')
    .action(
      run(async (context, target: string | undefined, options: ImportOptions) => {
        const from = await findTsuruTarget(target, options, context.terminal)
        const found = await webhooksOf(from)
        const chosen = found.filter(({ name }) => options.only?.includes(name) ?? true)
        const missing = (options.only ?? []).filter(name => !found.some(one => one.name === name))
        if (missing.length > 0)
          throw new Failure(`${from.url.host} has no webhook ${missing.join(', ')}`, {
            exitCode: exitCodes.notFound,
          })
        const items: Imported[] = []
        for (const webhook of chosen) items.push(await importOne(context, webhook, options))
        const text = JSON.stringify({ from: from.url.href, dryRun: options.dryRun === true, items })
        context.print({ data: items, text }, () => show(context, items, from, options))
        return items.some(({ outcome }) => outcome === 'failed') ? exitCodes.refused : exitCodes.ok
      }),
    )
}

async function webhooksOf({ url, token }: TsuruTarget): Promise<Webhook[]> {
  const address = `${url.href.replace(/\/+$/, '')}/1.6/events/webhooks`
  const unreachable = (why: string) =>
    new Failure(`The webhooks of ${url.host} could not be read: ${why}`, { exitCode: exitCodes.unreachable })
  let response: Response
  try {
    response = await fetch(address, {
      headers: { authorization: `bearer ${token}`, accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
    })
  } catch (error) {
    const { cause } = error as { cause?: unknown }
    throw unreachable(cause instanceof Error ? cause.message : String(error))
  }
  const text = await response.text()
  if (response.status === 204) return []
  if (response.status !== 200) throw unreachable(`${response.status} ${text.trim().slice(0, 200)}`)
  try {
    return (JSON.parse(text) as Webhook[]).map(withoutNulls)
  } catch {
    throw unreachable('it answered no JSON; is this the URL of a tsuru API?')
  }
}

/** Older servers answer null for an empty list. */
function withoutNulls(webhook: Webhook): Webhook {
  const filter = Object.entries(webhook.event_filter ?? {}).map(([name, value]) => [name, value ?? []])
  return {
    ...webhook,
    headers: webhook.headers ?? {},
    event_filter: Object.fromEntries(filter) as Webhook['event_filter'],
  }
}

async function importOne(context: Context, webhook: Webhook, options: ImportOptions): Promise<Imported> {
  const { name } = webhook
  try {
    const here = await findHere(context, name)
    const differences = here === null ? [] : differencesOf(webhook, here)
    const outcome: Outcome =
      here === null ? 'made' : differences.length === 0 ? 'same' : options.update ? 'changed' : 'differs'
    if (!options.dryRun && (outcome === 'made' || outcome === 'changed'))
      await context.api.exchange(
        here === null ? 'POST' : 'PUT',
        here === null ? '/1.6/events/webhooks' : path`/1.6/events/webhooks/${name}`,
        { headers: new Headers({ 'content-type': 'application/json' }), body: JSON.stringify(webhook) },
      )
    return { name, outcome, differences, note: noteOn(webhook) }
  } catch (error) {
    if (!(error instanceof Failure) || error.details.exitCode === exitCodes.unreachable) throw error
    return { name, outcome: 'failed', differences: [], note: error.message }
  }
}

async function findHere(context: Context, name: string): Promise<Webhook | null> {
  try {
    const response = await context.api.exchange('GET', path`/1.6/events/webhooks/${name}`)
    return (await response.json()) as Webhook
  } catch (error) {
    if (error instanceof Failure && error.details.status === 404) return null
    throw error
  }
}

function differencesOf(theirs: Webhook, ours: Webhook): string[] {
  const fields = Object.keys(ours).filter(field => field !== 'event_filter')
  const filters = Object.keys(ours.event_filter)
  return [
    ...fields.filter(field => !isDeepStrictEqual(theirs[field] ?? emptyLike(ours[field]), ours[field])),
    ...filters
      .filter(
        field =>
          !isDeepStrictEqual(
            theirs.event_filter[field] ?? emptyLike(ours.event_filter[field]),
            ours.event_filter[field],
          ),
      )
      .map(field => `event_filter.${field}`),
  ]
}

const emptyLike = (value: unknown): unknown =>
  Array.isArray(value) ? [] : typeof value === 'boolean' ? false : typeof value === 'string' ? '' : {}

/** What it will do here that it does not do there. */
const noteOn = ({ team_owner: team }: Webhook): string =>
  team === '' ? '' : `fires here for events of ${team} alone, unless the server has --tsuru-any-team`

function show(
  { output, global }: Context,
  items: readonly Imported[],
  { url }: TsuruTarget,
  { dryRun, update }: ImportOptions,
): void {
  if (global.quiet) {
    for (const { name } of items) output.line(name)
    return
  }
  if (items.length === 0) return output.note(`${url.host} has no webhooks.`)
  output.table(
    [
      { title: 'WEBHOOK', value: ({ name }: Imported) => name },
      {
        title: dryRun ? 'WOULD BE' : 'WAS',
        value: ({ outcome }) => ({ text: outcome, style: outcome === 'failed' ? 'bad' : 'good' }),
      },
      { title: 'DIFFERS IN', value: ({ differences }) => differences.join(' '), shrinks: true },
      { title: 'NOTE', value: ({ note }) => note, shrinks: true },
    ],
    items,
  )
  if (dryRun) output.note('Nothing was done.')
  if (!update && items.some(({ outcome }) => outcome === 'differs'))
    output.note('Those that differ were left alone; --update changes them.')
}
