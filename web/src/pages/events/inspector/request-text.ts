import type { EventDetail, RequestDetails } from '../../../api/types.ts'

/** A stored request as text. */

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
