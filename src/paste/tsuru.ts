import { literal, type Pasted, readOptions, textOf, textsOf } from './options.ts'
import { PasteError } from './words.ts'

const text = (short?: string) => ({ type: 'string' as const, ...(short === undefined ? {} : { short }) })
const texts = (short?: string) => ({ ...text(short), multiple: true })

const options = {
  description: text('d'),
  team: text('t'),
  method: text('m'),
  body: text('b'),
  proxy: text(),
  header: texts('H'),
  insecure: { type: 'boolean' as const },
  'target-type': texts(),
  'target-value': texts(),
  'kind-type': texts(),
  'kind-name': texts(),
  'error-only': { type: 'boolean' as const },
  'success-only': { type: 'boolean' as const },
}

/** A `tsuru event-webhook-create` line as a reaction. Its body is a Go template already; one try, as tsuru makes it. */
export function fromTsuru(args: readonly string[]): Pasted {
  const { values, others } = readOptions(args, options)
  const [name, url] = others
  if (name === undefined || url === undefined)
    throw new PasteError('It wants a name and a URL: tsuru event-webhook-create <name> <url>')
  const [errorOnly, successOnly] = [values['error-only'] === true, values['success-only'] === true]
  if (errorOnly && successOnly) throw new PasteError('--error-only and --success-only together take nothing')
  const body = textOf(values, 'body')
  const description = textOf(values, 'description')
  const proxy = textOf(values, 'proxy')
  const headers = headersOf(textsOf(values, 'header'))
  return {
    notes: [
      ...(values['team'] === undefined ? [] : ['--team is left out.']),
      'It is tried once, as tsuru does it; add retries if the target may be asked again.',
    ],
    definition: {
      name,
      ...(description === undefined ? {} : { description }),
      trigger: { type: 'events' },
      filter: {
        kindTypes: textsOf(values, 'kind-type').map(kindTypeOf),
        kindNames: textsOf(values, 'kind-name'),
        targetTypes: textsOf(values, 'target-type'),
        targetValues: textsOf(values, 'target-value'),
        outcome: errorOnly ? 'error' : successOnly ? 'success' : 'any',
      },
      action: {
        type: 'http',
        method: textOf(values, 'method') ?? 'POST',
        url: literal(url),
        headers,
        ...(body === undefined || body === '' ? { bodyFrom: 'event' } : { bodyFrom: 'template', body }),
        ...(values['insecure'] === true ? { insecure: true } : {}),
        ...(proxy === undefined ? {} : { proxyUrl: proxy }),
      },
      retry: { delaysMs: [] },
    },
  }
}

function kindTypeOf(type: string): string {
  if (type !== 'permission' && type !== 'internal')
    throw new PasteError(`--kind-type ${type} is none: it is permission or internal`)
  return type
}

const headersOf = (lines: readonly string[]) =>
  lines.map(line => {
    const at = line.indexOf('=')
    if (at < 1) throw new PasteError(`-H ${JSON.stringify(line)} must be on the form "key=value"`)
    return { name: line.slice(0, at), value: literal(line.slice(at + 1)) }
  })
