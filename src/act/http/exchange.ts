import type { Dispatcher } from 'undici'
import type { Connection, Connections, Waiter } from './connections.ts'
import { isForwarded } from './destination.ts'
import { codeOf, exchangeFailure, failure } from './failure.ts'
import type { Failure, Timings } from './outgoing.ts'
import type { Step } from './prepare.ts'

/** What one request brought. */
export type ExchangeEnd = { answer: Answer } | { failure: Failure; retryFresh: boolean }

export interface Answer {
  status: number
  statusText: string
  headers: [name: string, value: string][]
  body: Buffer
  bodyTruncated: boolean
  bodyBytes: number | null
  remoteAddress: string | null
}

/**
 * A longer answer is read to its end for this much more, which keeps the connection, and then cut off: 1 MiB is what
 * a connection and a TLS handshake are worth.
 */
const drainBytes = 1_048_576

/** Methods that change nothing: only they are sent a second time when it is unknown what became of the first. */
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/**
 * One request and its answer, from waiting for a connection to the last byte. A class because undici calls these
 * methods by name for each part of an answer, and shared methods cost less than closures made anew for each call.
 */
export class Exchange implements Waiter, Dispatcher.DispatchHandler {
  readonly #step: Step
  readonly #maxBytes: number
  readonly #connections: Connections
  readonly #timings: Timings
  readonly #startedAt: number
  readonly #onEnd: (end: ExchangeEnd) => void
  #connection: Connection | null = null
  #requestStarted = false
  #answerStarted = false
  #ended = false
  #status = 0
  #statusText = ''
  #headers: [string, string][] = []
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(
    step: Step,
    maxBytes: number,
    connections: Connections,
    timings: Timings,
    startedAt: number,
    onEnd: (end: ExchangeEnd) => void,
  ) {
    this.#step = step
    this.#maxBytes = maxBytes
    this.#connections = connections
    this.#timings = timings
    this.#startedAt = startedAt
    this.#onEnd = onEnd
  }

  onConnection(connection: Connection): void {
    this.#connection = connection
    const { url, destination, method, headers, body } = this.#step
    const path = url.pathname + url.search
    const flat: string[] = []
    for (const [name, value] of headers) flat.push(name, value)
    const forwarded = isForwarded(destination)
    if (forwarded && destination.proxy?.authorization)
      flat.push('Proxy-Authorization', destination.proxy.authorization)
    connection.client.dispatch(
      { path: forwarded ? url.origin + path : path, method, headers: flat, body },
      this,
    )
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#requestStarted = true
    if (this.#ended) controller.abort(new Error('nobody waits for it any more'))
  }

  onResponseStarted(): void {
    this.#answerStarted = true
    this.#timings.firstByteMs = performance.now() - this.#startedAt
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    statusText = '',
  ): void {
    // Interim answers (103 Early Hints and the like) are passed over.
    if (status < 200) return
    this.#status = status
    this.#statusText = statusText
    this.#headers = pairs(controller.rawHeaders)
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const room = this.#maxBytes - this.#bytes
    this.#bytes += chunk.length
    if (room > 0) this.#chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk)
    if (this.#bytes > this.#maxBytes + drainBytes) this.#cutOff()
  }

  onResponseEnd(): void {
    if (this.#ended) return
    // Of a body that ends with the connection, undici takes a reset for the end.
    const { socketError } = this.#connection ?? {}
    if (socketError && !this.#isOverCap())
      this.#fail(exchangeFailure(socketError, this.#step.url.host), false)
    else this.#succeed(this.#bytes, true)
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#ended) return
    if (this.#isOverCap()) this.#cutOff()
    else this.#fail(exchangeFailure(error, this.#step.url.host), this.#mayBeRetried(error))
  }

  /** The deadline passed, or the caller has lost interest: whatever is under way is taken down. */
  stop(reason: 'timeout' | 'aborted', afterMs: number): void {
    if (this.#ended) return
    if (this.#isOverCap()) {
      this.#cutOff()
      return
    }
    if (this.#connection === null) this.#connections.leave(this.#step.destination, this)
    const { host } = this.#step.url
    const during = this.#phase()
    if (reason === 'aborted')
      this.#fail(failure('target.aborted', `The call to ${host} was cancelled while ${during}.`), false)
    else {
      const message = `${host} took too long: cut off after ${afterMs / 1000} s while ${during}. Raise the timeout if it needs longer.`
      this.#fail(failure('target.timeout', message), false)
    }
  }

  #phase(): string {
    if (this.#connection === null) return 'all connections to it were busy with other calls'
    if (!this.#requestStarted) return this.#connection.opening.phase
    return this.#status === 0 ? 'waiting for its answer' : 'reading its answer'
  }

  #isOverCap(): boolean {
    return this.#status !== 0 && this.#bytes > this.#maxBytes
  }

  /**
   * A kept connection may have been closed by the other side just as it was used again. Sent once more, on a fresh one:
   * what was never written, and what changes nothing. A POST may have been processed: the run's retry policy decides.
   */
  #mayBeRetried(error: Error): boolean {
    if (!this.#connection || this.#connection.served === 0 || this.#answerStarted) return false
    if (!resets.has(codeOf(error))) return false
    return !this.#requestStarted || safeMethods.has(this.#step.method)
  }

  #cutOff(): void {
    const announced = this.#headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1]
    this.#succeed(announced === undefined ? null : Number(announced), false)
  }

  #succeed(bodyBytes: number | null, reusable: boolean): void {
    const connection = this.#end(reusable)
    this.#onEnd({
      answer: {
        status: this.#status,
        statusText: this.#statusText,
        headers: this.#headers,
        body: joined(this.#chunks),
        bodyTruncated: this.#bytes > this.#maxBytes,
        bodyBytes,
        remoteAddress: connection?.opened?.remoteAddress ?? null,
      },
    })
  }

  #fail(reason: Failure, retryFresh: boolean): void {
    this.#end(false)
    this.#onEnd({ failure: reason, retryFresh })
  }

  #end(reusable: boolean): Connection | null {
    this.#ended = true
    const connection = this.#connection
    if (connection === null) return null
    if (connection.served === 0) addOpening(this.#timings, connection.opening)
    if (reusable) this.#connections.release(connection)
    else this.#connections.discard(connection)
    return connection
  }
}

const resets = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'ECONNABORTED'])

function addOpening(timings: Timings, { dnsMs, connectMs }: Connection['opening']): void {
  if (dnsMs !== undefined) timings.dnsMs = (timings.dnsMs ?? 0) + dnsMs
  if (connectMs !== undefined) timings.connectMs = (timings.connectMs ?? 0) + connectMs
}

/** As they came: casing, order and repetitions kept; one character a byte. */
function pairs(raw: Dispatcher.DispatchController['rawHeaders']): [string, string][] {
  const headers: [string, string][] = []
  if (!Array.isArray(raw)) return headers
  for (let at = 0; at + 1 < raw.length; at += 2) headers.push([latin1(raw[at]), latin1(raw[at + 1])])
  return headers
}

const latin1 = (text: Buffer | string | undefined): string =>
  typeof text === 'string' ? text : (text?.toString('latin1') ?? '')

/** Into memory of its own: a chunk shares its with the headers and with whatever else one read brought. */
function joined(chunks: readonly Buffer[]): Buffer {
  const body = Buffer.allocUnsafeSlow(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) at += chunk.copy(body, at)
  return body
}
