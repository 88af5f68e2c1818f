import type { Confinement } from '../../core/secret.ts'

/** A request that is ready to leave: nothing in it is a template any more. */
export interface OutgoingRequest {
  method: string
  url: string
  /** Sent with the casing given, one line each. Those that belong to the connection are left out (`isConnectionHeader`). */
  headers: [name: string, value: string][]
  body: Buffer | string | null
  /** Sent unless `headers` has a User-Agent of exactly this spelling; without it, ours unless they have any. */
  userAgent?: string
  /** For everything together: waiting for a connection, DNS, connect, TLS, the answer to its last byte, redirects. */
  timeoutMs: number
  /** How many redirects are followed; at 0 a 3xx is an answer like any other. */
  followRedirects: number
  /** No verification of the target's certificate. */
  insecure: boolean
  /** `http:`, `https:` or `socks5:`; without a scheme it is taken as http. The environment is never asked. */
  proxyUrl: string | null
  /** The secrets in it, each with the only hosts that it may be sent to. */
  confined?: readonly Confinement[]
  /** Those that the proxy's URL holds. */
  confinedInProxy?: readonly Confinement[]
  /** How much of the answer's body is kept. */
  maxAnswerBytes: number
}

export interface Timings {
  /** Absent when an open connection was used again, or when it never got that far. Redirects add up. */
  dnsMs?: number
  /** TCP, the proxy's handshake and TLS. */
  connectMs?: number
  /** From the call to the first byte of the (last) answer. */
  firstByteMs?: number
  totalMs: number
}

export interface Redirect {
  status: number
  location: string
  /** Headers that carried credentials or a signature and were not sent on, because the origin changed. */
  droppedHeaders: string[]
}

export interface OutgoingAnswer {
  ok: true
  status: number
  statusText: string
  headers: [name: string, value: string][]
  /** The first `maxAnswerBytes` as they came: a gzip answer is kept gzipped (none is asked for). Owns its memory. */
  body: Buffer
  bodyTruncated: boolean
  /** The size of the whole body; null when it was cut short and never announced. */
  bodyBytes: number | null
  /** Through a proxy: the proxy's. */
  remoteAddress: string | null
  timings: Timings
  redirects: Redirect[]
}

/** `ok: false` means that no complete answer came, never that the answer was a bad one: that is the caller's to judge. */
export interface OutgoingError {
  ok: false
  error: Failure
  timings: Timings
  redirects: Redirect[]
}

export type OutgoingResult = OutgoingAnswer | OutgoingError

export type FailureCode =
  | 'target.bad-url'
  | 'target.bad-method'
  | 'target.bad-header'
  | 'target.address-refused'
  | 'target.dns'
  | 'target.refused'
  | 'target.unreachable'
  | 'target.timeout'
  | 'target.tls'
  | 'target.reset'
  | 'target.bad-answer'
  | 'target.too-many-redirects'
  | 'target.proxy'
  | 'target.aborted'
  | 'target.exhausted'
  | 'secret.host-refused'
  | 'target.failed'

export interface Failure {
  code: FailureCode
  /** For the user: what happened, and what to do. */
  message: string
  /** For the operator: what the machine said. */
  cause: string
  /** Trying the same request again cannot help: somebody has to change something here first. */
  permanent: boolean
}
