import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { problemDocument } from './answer-error.ts'
import { type ErrorCode, errorTable, Problem } from './errors.ts'

/** By Node's codes; whatever else its parser does not understand is malformed. */
const problems = new Map<string, [code: ErrorCode, detail: string]>([
  [
    'HPE_HEADER_OVERFLOW',
    ['request.headers-too-large', 'Its line and its headers together are longer than this server takes'],
  ],
  ['ERR_HTTP_REQUEST_TIMEOUT', ['request.too-slow', 'It did not arrive in the time that a request may take']],
])

const lingerMs = 1_000

/** What is no HTTP, or too much or too slow for it, reaches no route: it is told so here, and the connection ends. */
export function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [code, detail] = problems.get(error.code ?? '') ?? ['request.malformed', 'It is not HTTP']
  const { status } = errorTable[code]
  const body = JSON.stringify(problemDocument(new Problem(code, detail)))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  // The other side may never close its half; destroying at once could lose what it has not read yet.
  setTimeout(() => socket.destroy(), lingerMs).unref()
}
