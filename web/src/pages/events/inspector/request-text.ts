import type { EventDetail, RequestDetails } from '../../../api/types.ts'

/** A stored request as text: as it travelled, and as a curl line. */

export const headerLines = (headers: RequestDetails['headers']): [name: string, value: string][] =>
  Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, one]),
  )

const target = (request: RequestDetails): string => request.path + (request.query ? `?${request.query}` : '')

export function rawRequest(event: EventDetail): string {
  const { request, body } = event
  if (!request) return body.text ?? ''
  const lines = headerLines(request.headers).map(([name, value]) => `${name}: ${value}`)
  const content = body.text ?? `(${body.bytes} bytes that are no text)`
  return [`${request.method} ${target(request)} HTTP/1.1`, ...lines, '', content].join('\n')
}

/** curl works these out itself, or the connection that is gone decided them. */
const leftOut = new Set([
  'host',
  'content-length',
  'connection',
  'transfer-encoding',
  'accept-encoding',
  'expect',
])

/** A line for a POSIX shell that sends the same request again. */
export function curlLine(event: EventDetail, origin: string): string | null {
  const { request, body } = event
  if (!request) return null
  const headers = headerLines(request.headers)
    .filter(([name]) => !leftOut.has(name) && !name.startsWith('x-forwarded-'))
    // What is kept, and sent again, is the inflated body.
    .filter(([name]) => name !== 'content-encoding' || !request.inflated)
    .map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`)
  const data =
    body.bytes === 0
      ? []
      : [
          body.text !== null && !body.truncated
            ? `--data-binary ${quote(body.text)}`
            : `--data-binary @${event.id}.bin`,
        ]
  return [`curl -X ${request.method} ${quote(origin + target(request))}`, ...headers, ...data].join(' \\\n  ')
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
