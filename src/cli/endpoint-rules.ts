import { type Command, InvalidArgumentError } from 'commander'
import type { EndpointDefinition } from '../core/endpoint.ts'
import { type EventShapeName, eventShapes } from '../core/template/event-shape.ts'
import { wrongUsage } from './failure.ts'
import { collect, parseHeader, readValue, wholeNumber } from './input.ts'
import type { Endpoint } from './shapes.ts'
import type { Terminal } from './terminal.ts'
import { plural } from './text.ts'
import { formatDuration, parseDurationMs, relative } from './times.ts'

/** How long and how fast an endpoint takes requests, and what it answers. */
export interface RuleOptions {
  expires?: string
  rate?: EndpointDefinition['rateLimit']
  burst?: number
  /** Null for never. */
  silentAfter?: number | null
  eventsOf?: EndpointDefinition['eventShape']
  answer?: boolean
  answerStatus?: number
  answerHeader?: string[]
  answerBody?: string
}

export const withRules = (command: Command): Command =>
  command
    .option(
      '--expires <time>',
      'take nothing any more after so long (7d, 12h) or from then on; or never',
      expiry,
    )
    .option('--rate <rate>', 'take so many, such as 100/second or 60/minute; or unlimited', rate)
    .option('--burst <number>', 'and so many more in any ten of those', wholeNumber(0, 1_000_000))
    .option(
      '--silent-after <duration>',
      'an alarm when nothing has come in for so long (24h, 7d); or never',
      silence,
    )
    .option(
      '--events-of <product>',
      `take what comes in for an event of that product: ${eventShapes.join(', ')}; or none`,
      eventShape,
    )
    .option('--answer-status <status>', 'answer senders with this status of success', wholeNumber(100, 599))
    .option('--answer-header <header>', "and this header, 'Name: template' (repeatable)", collect)
    .option('--answer-body <template>', 'and this body: text, @file, or - for stdin')
    .option('--no-answer', 'answer senders 202 and the id of the event again')

interface Rules {
  expiresAt?: string | null
  rateLimit?: EndpointDefinition['rateLimit']
  silentAfterMs?: number | null
  eventShape?: EndpointDefinition['eventShape']
  answer?: EndpointDefinition['answer']
}

export async function readRules(options: RuleOptions, terminal: Terminal): Promise<Rules> {
  const { expires, rate, burst } = options
  if (burst !== undefined && !rate)
    throw wrongUsage('--burst goes with --rate', 'Such as --rate 100/second --burst 200.')
  const answer = await readAnswer(options, terminal)
  return {
    ...(expires === undefined ? {} : { expiresAt: expiresAt(expires, terminal.nowMs()) }),
    ...(rate === undefined ? {} : { rateLimit: rate && { ...rate, burst: burst ?? 0 } }),
    ...(options.eventsOf === undefined ? {} : { eventShape: options.eventsOf }),
    ...(options.silentAfter === undefined ? {} : { silentAfterMs: options.silentAfter }),
    ...(answer === undefined ? {} : { answer }),
  }
}

async function readAnswer(
  { answer, answerStatus: status, answerHeader, answerBody }: RuleOptions,
  terminal: Terminal,
): Promise<Rules['answer']> {
  if (answer === false) return null
  if (status === undefined && answerHeader === undefined && answerBody === undefined) return undefined
  return {
    status: status ?? 200,
    headers: (answerHeader ?? []).map(parseHeader),
    body: answerBody === undefined ? '' : (await readValue(answerBody, terminal)).toString('utf8'),
  }
}

function expiry(text: string): string {
  if (text === 'never' || parseDurationMs(text) !== null || !Number.isNaN(Date.parse(text))) return text
  throw new InvalidArgumentError('It takes a duration such as 12h or 7d, a time, or never.')
}

function silence(text: string): number | null {
  if (text === 'never') return null
  const durationMs = parseDurationMs(text)
  if (durationMs === null) throw new InvalidArgumentError('It takes a duration such as 12h or 7d, or never.')
  return durationMs
}

function expiresAt(text: string, nowMs: number): string | null {
  if (text === 'never') return null
  const inMs = parseDurationMs(text)
  return new Date(inMs === null ? Date.parse(text) : nowMs + inMs).toISOString()
}

function rate(text: string): EndpointDefinition['rateLimit'] {
  if (text === 'unlimited') return null
  const [, requests, per] = /^(\d{1,6})\/(s|sec|second|m|min|minute)$/.exec(text) ?? []
  if (requests === undefined || per === undefined)
    throw new InvalidArgumentError('It takes a rate such as 100/second or 60/minute, or unlimited.')
  return { requests: Number(requests), per: per.startsWith('s') ? 'second' : 'minute', burst: 0 }
}

function eventShape(text: string): EventShapeName | null {
  const found = eventShapes.find(shape => shape === text)
  if (found === undefined && text !== 'none')
    throw new InvalidArgumentError(`It takes ${eventShapes.join(', ')} or none.`)
  return found ?? null
}

export const silenceText = ({ silentAfterMs }: Endpoint): string | null =>
  typeof silentAfterMs === 'number' ? `when nothing has come for ${formatDuration(silentAfterMs)}` : null

export function rateText({ rateLimit }: Endpoint): string | null {
  if (!rateLimit) return null
  const { requests, per, burst } = rateLimit
  return `${requests} a ${per}${burst > 0 ? `, ${burst} more in ten ${per}s` : ''}`
}

export function formerText({ formerToken }: Endpoint, nowMs: number): string | null {
  if (!formerToken) return null
  const { ended, endsAt, uses, lastUsedAt, lastUsedBy } = formerToken
  const used =
    uses === 0
      ? 'not used since'
      : `used ${plural(uses, 'time')} since, last ${relative(lastUsedAt, nowMs)} from ${lastUsedBy ?? 'somewhere'}`
  return `${ended ? 'ended' : 'ends'} ${relative(endsAt, nowMs)}; ${used}`
}
