import { quoteText } from '../../core/template/go/quote.ts'
import { goSyntaxError } from './go-json-syntax.ts'
import { TextError } from './text-error.ts'
import { emptyWebhook, type Webhook } from './webhook.ts'

/** The webhook in a request: JSON when its type says exactly that, else a form. */
export function readWebhook(contentType: string | undefined, body: Buffer, query: string): Webhook {
  return contentType?.split(';', 1)[0]!.trim() === 'application/json'
    ? fromJson(body)
    : fromForm(`${body.toString('utf8')}&${query}`)
}

type Fields = Record<string, unknown>

function fromJson(body: Buffer): Webhook {
  const webhook = emptyWebhook()
  if (body.length === 0) return webhook
  const unread = (why: string) =>
    new TextError(400, `unable to parse as json: ${quoteText(body.toString('utf8'))} - ${why}`)
  const syntax = goSyntaxError(body)
  if (syntax !== null) throw unread(syntax)
  const wrong = new Mistakes()
  fill(webhook, JSON.parse(body.toString('utf8')) as unknown, 'Webhook', 'event.Webhook', '', wrong)
  if (wrong.first !== null) throw unread(`json: cannot unmarshal ${wrong.first}`)
  return webhook
}

/** Go goes on after a value that does not fit, and tells of the first. */
class Mistakes {
  first: string | null = null
  add(value: unknown, struct: string, path: string, type: string): void {
    const into =
      path === '' ? `Go value of type ${type}` : `Go struct field ${struct}.${path} of type ${type}`
    this.first ??= `${kindOf(value)} into ${into}`
  }
}

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value

const isMap = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The type of each field is that of the value that stands there. Keys are found in any case; null changes nothing. */
function fill(
  into: object,
  value: unknown,
  struct: string,
  type: string,
  prefix: string,
  wrong: Mistakes,
): void {
  if (value === null) return
  if (!isMap(value)) return wrong.add(value, parentOf(struct), prefix.slice(0, -1), type)
  const fields = into as Fields
  for (const [key, given] of Object.entries(value)) {
    const field = Object.keys(fields).find(name => name.toLowerCase() === key.toLowerCase())
    if (field === undefined || given === null) continue
    const path = prefix + field
    const current = fields[field]
    if (field === 'headers') fields[field] = headers(given, path, wrong)
    else if (Array.isArray(current)) fields[field] = texts(given, struct, path, wrong)
    else if (typeof current === 'object')
      fill(current as object, given, 'WebhookEventFilter', 'event.WebhookEventFilter', `${path}.`, wrong)
    else if (typeof given === typeof current) fields[field] = wellFormed(given)
    else wrong.add(given, struct, path, typeof current === 'boolean' ? 'bool' : 'string')
  }
}

const parentOf = (struct: string): string => (struct === 'WebhookEventFilter' ? 'Webhook' : struct)
const wellFormed = (value: unknown): unknown => (typeof value === 'string' ? value.toWellFormed() : value)

function texts(given: unknown, struct: string, path: string, wrong: Mistakes): string[] {
  if (given === null) return []
  if (!Array.isArray(given)) {
    wrong.add(given, struct, path, '[]string')
    return []
  }
  return given.map(one => {
    if (typeof one === 'string') return one.toWellFormed()
    if (one !== null) wrong.add(one, struct, path, 'string')
    return ''
  })
}

function headers(given: unknown, path: string, wrong: Mistakes): Record<string, string[]> {
  if (!isMap(given)) {
    wrong.add(given, 'Webhook', path, 'map[string][]string')
    return {}
  }
  const read = Object.entries(given).map(([name, values]) => [name, texts(values, 'Webhook', path, wrong)])
  return Object.fromEntries(read) as Record<string, string[]>
}

/** `event_filter.kind_names.0=app.deploy&headers.X-A.0=1`: dotted, in any case; what is unknown is passed over. */
function fromForm(text: string): Webhook {
  const webhook = emptyWebhook()
  const lists = new Map<string, [index: number, value: string][]>()
  for (const [key, value] of new URLSearchParams(text)) {
    const parts = key.split('.')
    const name = parts[0]!.toLowerCase()
    if (name === 'headers' && parts.length > 1) {
      const last = parts.length > 2 ? parts.at(-1)! : ''
      if (!/^\d+$/.test(last)) {
        if (value === '' && parts.length === 2) continue
        throw undecoded(key, 'a header has a list of values: headers.<name>.0=<value>')
      }
      push(lists, `${headerKey}${parts.slice(1, -1).join('.')}`, Number(last), value)
    } else if (name === 'event_filter') {
      if (parts.length > 1) fillFilter(webhook, parts.slice(1), key, value, lists)
      else if (value !== '') throw undecoded(key, 'it has fields of its own')
    } else if (parts.length === 1) fillField(webhook, name, key, value)
  }
  const inOrder = [...lists].map(([key, values]): [string, string[]] => [
    key,
    values.toSorted(([a], [b]) => a - b).map(([, value]) => value),
  ])
  const isHeader = ([key]: [string, unknown]): boolean => key.startsWith(headerKey)
  Object.assign(webhook.event_filter, Object.fromEntries(inOrder.filter(one => !isHeader(one))))
  const headers = inOrder.filter(isHeader).map(([key, values]) => [key.slice(headerKey.length), values])
  return { ...webhook, headers: Object.fromEntries(headers) as Webhook['headers'] }
}

const headerKey = 'headers.'

function push(
  lists: Map<string, [index: number, value: string][]>,
  key: string,
  index: number,
  value: string,
): void {
  const known = lists.get(key)
  if (known) known.push([index, value])
  else lists.set(key, [[index, value]])
}

function fillField(webhook: Webhook, name: string, key: string, value: string): void {
  if (!Object.hasOwn(webhook, name) || name === 'headers') return
  const fields = webhook as unknown as Fields
  fields[name] = typeof fields[name] === 'boolean' ? readBoolean(key, value) : value
}

function fillFilter(
  { event_filter }: Webhook,
  [field = '', index, ...deeper]: string[],
  key: string,
  value: string,
  lists: Map<string, [index: number, value: string][]>,
): void {
  const name = field.toLowerCase()
  const fields = event_filter as unknown as Fields
  if (!Object.hasOwn(fields, name) || deeper.length > 0) return
  if (typeof fields[name] === 'boolean') fields[name] = readBoolean(key, value)
  else if (index !== undefined && /^\d+$/.test(index)) push(lists, name, Number(index), value)
  else if (value !== '') throw undecoded(key, `a list has an index: ${key}.0=${value}`)
}

const yes = new Set(['1', 't', 'T', 'true', 'TRUE', 'True', 'on'])
const no = new Set(['', '0', 'f', 'F', 'false', 'FALSE', 'False', 'off'])

function readBoolean(key: string, value: string): boolean {
  if (yes.has(value)) return true
  if (no.has(value)) return false
  throw undecoded(key, `${quoteText(value)} is no boolean`)
}

const undecoded = (key: string, why: string): TextError =>
  new TextError(400, `unable to decode form: ${key}: ${why}`)
