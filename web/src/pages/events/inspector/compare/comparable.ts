import type { EventDetail } from '../../../../api/types.ts'
import { ExactNumber, parseJson } from '../../../../ui/exact-json.ts'
import { headerLines } from '../request-text.ts'

export interface Comparable {
  part: 'Body' | 'Query' | 'Headers' | 'Request'
  /** Null: it cannot be compared as text. */
  text: string | null
}

/** An event as lines of text. Of JSON the keys are sorted: their order says nothing. */
export function comparable({ request, body, kind, targets }: EventDetail): Comparable[] {
  const query = [...new URLSearchParams(request?.query ?? '')]
  return [
    { part: 'Body', text: bodyText(body) },
    { part: 'Query', text: query.map(([name, value]) => `${name}=${value}`).join('\n') },
    {
      part: 'Headers',
      text: headerLines(request?.headers ?? {})
        .map(([name, value]) => `${name}: ${value}`)
        .sort()
        .join('\n'),
    },
    {
      part: 'Request',
      text: [
        ...(request ? [`${request.method} ${request.path}`] : []),
        `kind: ${kind.name}`,
        ...targets.map(({ type, value }) => `target: ${type} ${value}`),
      ].join('\n'),
    },
  ]
}

function bodyText({ text, truncated, bytes }: EventDetail['body']): string | null {
  if (bytes === 0) return ''
  if (text === null || truncated) return null
  const value = /^\s*[{[]/.test(text) ? parseJson(text) : undefined
  return value === undefined ? text : sortedJson(value, 0)
}

/** Deeper than that a value is one line: the indentation of a hostile body would be larger than the body by its depth. */
const deepest = 40

function sortedJson(value: unknown, depth: number): string {
  if (value instanceof ExactNumber) return value.source
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const isFlat = depth >= deepest
  const inner = isFlat ? '' : '  '.repeat(depth + 1)
  const parts = Array.isArray(value)
    ? value.map(one => inner + sortedJson(one, depth + 1))
    : Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, one]) => `${inner}${JSON.stringify(key)}: ${sortedJson(one, depth + 1)}`)
  if (parts.length === 0 || isFlat) return `${open}${parts.join(', ')}${close}`
  return `${open}\n${parts.join(',\n')}\n${'  '.repeat(depth)}${close}`
}
