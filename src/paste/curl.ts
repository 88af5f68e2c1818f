import { literal, type Pasted, readOptions, textOf, textsOf, type Values } from './options.ts'
import { PasteError } from './words.ts'

const text = (short?: string) => ({ type: 'string' as const, ...(short === undefined ? {} : { short }) })
const texts = (short?: string) => ({ ...text(short), multiple: true })
const flag = (short?: string) => ({ type: 'boolean' as const, ...(short === undefined ? {} : { short }) })

/** Say nothing of the request: how curl shows it, and what is done here anyhow. */
const idle = {
  silent: flag('s'),
  'show-error': flag('S'),
  verbose: flag('v'),
  include: flag('i'),
  fail: flag('f'),
  'fail-with-body': flag(),
  'no-buffer': flag('N'),
  compressed: flag(),
  'http1.1': flag(),
  http2: flag(),
  output: text('o'),
  'write-out': text('w'),
  'connect-timeout': text(),
  retry: text(),
}
const options = {
  ...idle,
  request: text('X'),
  url: texts(),
  header: texts('H'),
  data: texts('d'),
  'data-raw': texts(),
  'data-binary': texts(),
  'data-ascii': texts(),
  'data-urlencode': texts(),
  json: texts(),
  form: texts('F'),
  'form-string': texts(),
  'upload-file': text('T'),
  get: flag('G'),
  head: flag('I'),
  user: text('u'),
  'user-agent': text('A'),
  referer: text('e'),
  cookie: texts('b'),
  insecure: flag('k'),
  location: flag('L'),
  proxy: text('x'),
  'max-time': text('m'),
}

const dataOptions = ['data', 'data-ascii', 'data-raw', 'data-binary', 'data-urlencode', 'json'] as const

/** A curl line as an action; its values are texts, not templates. Source: curl(1). */
export function fromCurl(args: readonly string[]): Pasted {
  const { values, others } = readOptions(args, options)
  for (const name of ['form', 'form-string', 'upload-file'])
    if (values[name] !== undefined)
      throw new PasteError(`--${name} sends files or parts, which no template makes: use --data or --json`)
  const [url, another] = [...textsOf(values, 'url'), ...others]
  if (url === undefined) throw new PasteError('The URL is missing')
  if (another !== undefined)
    throw new PasteError(
      `There are two URLs, or a word too many: ${another}. Put quotes around what belongs together`,
    )
  const data = dataOf(values)
  const asQuery = values['get'] === true && data !== null
  const body = asQuery ? null : data
  const address = withScheme(asQuery ? `${url}${url.includes('?') ? '&' : '?'}${data}` : url)
  const usual = values['head'] === true ? 'HEAD' : body === null ? 'GET' : 'POST'
  const proxy = textOf(values, 'proxy')
  return {
    notes: notesOf(values),
    definition: {
      action: {
        type: 'http',
        method: textOf(values, 'request') ?? usual,
        url: literal(address),
        headers: headersOf(values, body !== null),
        bodyFrom: 'template',
        body: literal(body ?? ''),
        ...timeoutOf(textOf(values, 'max-time')),
        ...(values['insecure'] === true ? { insecure: true } : {}),
        ...(values['location'] === true ? { followRedirects: 10 } : {}),
        ...(proxy === undefined ? {} : { proxyUrl: withScheme(proxy) }),
      },
    },
  }
}

const withScheme = (url: string): string => (/^[a-z][a-z\d+.-]*:\/\//i.test(url) ? url : `http://${url}`)

/** Several of them are one, with & between them. */
function dataOf(values: Values): string | null {
  const all = dataOptions.flatMap(name =>
    textsOf(values, name).map(value => {
      if (name !== 'data-raw' && value.startsWith('@')) throw fromFile(name, value)
      return name === 'data-urlencode' ? encoded(value) : value
    }),
  )
  return all.length === 0 ? null : all.join(textsOf(values, 'json').length > 0 ? '' : '&')
}

const fromFile = (name: string, value: string) =>
  new PasteError(`--${name} ${value} reads a file: put what it holds in its place`)

/** `name=content`, `=content` or `content`; the content is encoded. */
function encoded(value: string): string {
  const at = value.indexOf('=')
  if (at === -1 && value.includes('@')) throw fromFile('data-urlencode', value)
  const name = at > 0 ? `${value.slice(0, at)}=` : ''
  return (
    name +
    encodeURIComponent(value.slice(at + 1)).replaceAll(
      /[!'()*]/g,
      one => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
    )
  )
}

function headersOf(values: Values, hasBody: boolean): { name: string; value: string }[] {
  const isJson = textsOf(values, 'json').length > 0
  const implied = new Map<string, string | undefined>([
    [
      'content-type',
      hasBody ? (isJson ? 'application/json' : 'application/x-www-form-urlencoded') : undefined,
    ],
    ['accept', isJson ? 'application/json' : undefined],
    ['user-agent', textOf(values, 'user-agent')],
    ['referer', textOf(values, 'referer')],
    ['cookie', cookieOf(textsOf(values, 'cookie'))],
    ['authorization', basic(textOf(values, 'user'))],
  ])
  const given = textsOf(values, 'header').flatMap(line => {
    if (line.startsWith('@')) throw fromFile('header', line)
    const [, name, separator, value = ''] = /^([^:;]+)([:;])\s*(.*)$/s.exec(line) ?? []
    if (name === undefined)
      throw new PasteError(`-H ${JSON.stringify(line)} is no header: write 'Name: value'`)
    implied.delete(name.trim().toLowerCase())
    // `Name:` takes away what curl would send by itself, `Name;` is an empty one.
    return separator === ':' && value === '' ? [] : [{ name: name.trim(), value: literal(value) }]
  })
  const others = [...implied].flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: literal(value) }],
  )
  return [...others, ...given]
}

function cookieOf(cookies: readonly string[]): string | undefined {
  const file = cookies.find(cookie => !cookie.includes('='))
  if (file !== undefined) throw fromFile('cookie', file)
  return cookies.length === 0 ? undefined : cookies.join('; ')
}

function basic(user: string | undefined): string | undefined {
  if (user === undefined) return undefined
  if (!user.includes(':')) throw new PasteError('-u asks for the password: write user:password')
  return `Basic ${Buffer.from(user).toString('base64')}`
}

function timeoutOf(seconds: string | undefined): { timeoutMs?: number } {
  if (seconds === undefined) return {}
  const timeoutMs = Number(seconds) * 1000
  if (!Number.isFinite(timeoutMs)) throw new PasteError(`-m ${seconds} is no number of seconds`)
  return { timeoutMs: Math.min(600_000, Math.max(100, Math.round(timeoutMs))) }
}

const notesOf = (values: Values): string[] => [
  ...(values['retry'] === undefined ? [] : ['--retry is left out: a reaction has its own plan of retries.']),
  ...(values['connect-timeout'] === undefined
    ? []
    : ['--connect-timeout is left out: the time for an attempt counts all of it.']),
]
