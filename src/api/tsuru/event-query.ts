import { TextError } from './text-error.ts'

/** What the list of events is asked for; what tsuru itself throws away (`raw`, `permissions` …) is not read. */
export interface EventListQuery {
  /** Exactly one of these, unlike the filter of a webhook. */
  kindNames: string[]
  kindType: string
  targetType: string
  targetValue: string
  ownerType: string
  ownerName: string
  sinceMs: number | null
  untilMs: number | null
  isRunning: boolean | null
  errorOnly: boolean
  limit: number
  skip: number
  sort: 'starttime' | 'endtime' | 'kind.name' | 'target.value' | 'owner.name'
  descending: boolean
}

const mostListed = 100
const sorts = ['starttime', 'endtime', 'kind.name', 'target.value', 'owner.name'] as const

/** Keys in any case; what is empty counts for nothing. */
export function readEventQuery(query: string): EventListQuery {
  const given = new Map<string, string[]>()
  for (const [key, value] of new URLSearchParams(query)) {
    if (value === '') continue
    const name = key.toLowerCase()
    given.set(name, [...(given.get(name) ?? []), value])
  }
  const text = (name: string): string => given.get(name)?.[0] ?? ''
  const limit = number(text('limit'), 'limit')
  const sort = text('sort') || '-starttime'
  const field = sort.replace(/^-/, '').toLowerCase()
  return {
    kindNames: [...(given.get('kindname') ?? []), ...indexed(given, 'kindnames')],
    kindType: text('kindtype'),
    targetType: text('target.type'),
    targetValue: text('target.value'),
    ownerType: text('ownertype'),
    ownerName: text('ownername'),
    sinceMs: time(text('since'), 'since'),
    untilMs: time(text('until'), 'until'),
    isRunning: text('running') === '' ? null : flag(text('running'), 'running'),
    errorOnly: text('erroronly') !== '' && flag(text('erroronly'), 'erroronly'),
    limit: limit <= 0 || limit > mostListed ? mostListed : limit,
    skip: Math.max(0, number(text('skip'), 'skip')),
    sort: sorts.find(one => one === field) ?? 'starttime',
    descending: sort.startsWith('-'),
  }
}

const indexed = (given: ReadonlyMap<string, string[]>, name: string): string[] =>
  [...given].filter(([key]) => key.startsWith(`${name}.`)).flatMap(([, values]) => values)

const wrong = (key: string, why: string): TextError =>
  new TextError(400, `unable to decode form: ${key}: ${why}`)

function number(text: string, key: string): number {
  if (text === '') return 0
  if (!/^-?\d{1,9}$/.test(text)) throw wrong(key, `"${text.slice(0, 50)}" is no number`)
  return Number(text)
}

function time(text: string, key: string): number | null {
  if (text === '') return null
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms)) throw wrong(key, `"${text.slice(0, 50)}" is no time such as 2026-09-10T12:34:56Z`)
  return ms
}

function flag(text: string, key: string): boolean {
  if (/^(?:1|t|true|on)$/i.test(text)) return true
  if (/^(?:0|f|false|off)$/i.test(text)) return false
  throw wrong(key, `"${text.slice(0, 50)}" is no boolean`)
}
