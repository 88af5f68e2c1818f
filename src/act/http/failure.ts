import type { Failure, FailureCode } from './outgoing.ts'

/** Carries a failure through code that speaks in thrown errors (undici's connector does). */
export class CallError extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

const permanentCodes: ReadonlySet<FailureCode> = new Set([
  'target.bad-url',
  'target.bad-method',
  'target.bad-header',
  'target.address-refused',
  'target.too-many-redirects',
  'secret.host-refused',
])

export function failure(code: FailureCode, message: string, cause = message): Failure {
  return { code, message, cause, permanent: permanentCodes.has(code) }
}

/** The error's own code: of a failed race between addresses (AggregateError) that of its first member that has one. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return error instanceof AggregateError ? (error.errors.map(codeOf).find(code => code !== '') ?? '') : ''
}

export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const inner = error instanceof AggregateError ? error.errors.map(causeOf).join('; ') : error.message
  const code = codeOf(error)
  return code === '' || inner.includes(code) ? inner : `${code}: ${inner}`
}

/** Why no socket could be opened to `peer`, a host and port. */
export function connectFailure(error: unknown, peer: string): Failure {
  if (error instanceof CallError) return error.failure
  const cause = causeOf(error)
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return failure(
        'target.refused',
        `Nothing listens on ${peer}. Check host and port, and that the service runs.`,
        cause,
      )
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return failure(
        'target.unreachable',
        `There is no route to ${peer}. Check the address and the network.`,
        cause,
      )
    case 'ETIMEDOUT':
      return failure(
        'target.timeout',
        `${peer} did not accept the connection in time. Check that a firewall lets it through.`,
        cause,
      )
    case 'ECONNRESET':
    case 'EPIPE':
      return failure('target.reset', `${peer} closed the connection while it was being opened.`, cause)
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOBUFS':
      return failure(
        'target.exhausted',
        'Signalbox has no file handle left for another connection. An operator raises the limit (ulimit -n).',
        cause,
      )
    default:
      return failure('target.failed', `The connection to ${peer} could not be opened: ${cause}.`, cause)
  }
}

export function dnsFailure(error: unknown, hostname: string): Failure {
  const cause = causeOf(error)
  const unknown = ['ENOTFOUND', 'EAI_NONAME', 'ENODATA'].includes(codeOf(error))
  const message = unknown
    ? `The host name ${hostname} does not exist. Check its spelling.`
    : `The host name ${hostname} could not be looked up: the name server gave no answer.`
  return failure('target.dns', message, cause)
}

/** What an operator can act on, by OpenSSL's and Node's codes. */
const tlsSentences = new Map<string, (host: string) => string>([
  ['CERT_HAS_EXPIRED', host => `The certificate of ${host} has expired. Its owner must renew it.`],
  [
    'CERT_NOT_YET_VALID',
    host => `The certificate of ${host} is not valid yet. Check the clocks of both machines.`,
  ],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', host => `The certificate of ${host} is self-signed. ${trustIt}`],
  [
    'SELF_SIGNED_CERT_IN_CHAIN',
    host => `The certificate of ${host} comes from an authority that is not trusted here. ${trustIt}`,
  ],
  [
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    host => `The certificate of ${host} comes from an authority that is not trusted here. ${trustIt}`,
  ],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    host =>
      `${host} does not send the intermediate certificate, or its authority is not trusted here. ${trustIt}`,
  ],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    host => `The certificate is not for ${host}. Check the host name, or the certificate's list of names.`,
  ],
  ['CERT_REVOKED', host => `The certificate of ${host} was revoked. Its owner must replace it.`],
  [
    'ERR_SSL_WRONG_VERSION_NUMBER',
    host => `${host} does not speak TLS on this port. Try http:// or another port.`,
  ],
  [
    'ERR_SSL_PACKET_LENGTH_TOO_LONG',
    host => `${host} does not speak TLS on this port. Try http:// or another port.`,
  ],
])
const trustIt =
  'An operator can trust its authority with NODE_EXTRA_CA_CERTS, or the reaction can set "insecure".'

export function tlsFailure(error: unknown, host: string): Failure {
  const cause = causeOf(error)
  const sentence = tlsSentences.get(codeOf(error))
  return failure(
    'target.tls',
    sentence?.(host) ?? `No TLS connection to ${host} could be made: ${cause}.`,
    cause,
  )
}

/** Why an exchange on an open connection failed: undici's errors, its parser's, and the socket's. */
export function exchangeFailure(error: unknown, host: string): Failure {
  if (error instanceof CallError) return error.failure
  const code = codeOf(error)
  const cause = causeOf(error)
  if (error instanceof Error && error.name === 'HTTPParserError') {
    return failure(
      'target.bad-answer',
      `What ${host} answered is not HTTP/1.1. Check the port, and the service behind it.`,
      cause,
    )
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return failure(
      'target.bad-answer',
      `${host} answered with more than 16 KiB of headers. They were not read further.`,
      cause,
    )
  }
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    return failure(
      'target.bad-answer',
      `The body that ${host} answered with is not as long as announced: it was cut short, or its Content-Length is wrong.`,
      cause,
    )
  }
  // undici takes no 101 that nobody asked for, and no "100 Continue" either.
  if (code === 'UND_ERR_SOCKET' && /^bad (response|upgrade)/.test(cause.replace(/^UND_ERR_SOCKET: /, ''))) {
    return failure(
      'target.bad-answer',
      `${host} answered with an interim response (100 or 101) that was not asked for.`,
      cause,
    )
  }
  if (resetCodes.has(code)) {
    return failure(
      'target.reset',
      `${host} closed the connection before its answer was complete. It may or may not have acted on the request.`,
      cause,
    )
  }
  if (code === 'ETIMEDOUT') return failure('target.timeout', `${host} stopped answering.`, cause)
  return failure('target.failed', `The call to ${host} failed: ${cause}.`, cause)
}

const resetCodes = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'ECONNABORTED'])
