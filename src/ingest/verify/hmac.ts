import { createSecretKey } from 'node:crypto'
import type { SchemeOf, TimestampFormat } from '../../core/authentication.ts'
import { hmacFormat, mismatchDetail } from './signature.ts'
import type { HmacAlgorithm, SignatureEncoding } from './signature.ts'
import { defaultToleranceSeconds, judgeAge, parseTimestamp, timestampShapes } from './timestamp.ts'
import { requireSecrets } from './token.ts'
import { acceptances, headerText, wrong } from './verdict.ts'
import type { Check, ReceivedRequest, Rejected } from './verdict.ts'

/** A header that holds an HMAC of the body, or of a time and the body. */
export interface SignedHeader {
  scheme: string
  header: string
  algorithm: HmacAlgorithm
  encoding: SignatureEncoding
  /** Stands before the signature: `sha256=`. */
  prefix: string
  secrets: readonly string[]
  timestamp: {
    header: string
    format: TimestampFormat
    toleranceSeconds: number
    /** What is signed before and after the time; the body comes last. */
    before: string
    after: string
  } | null
}

export function compileHmac(scheme: SchemeOf<'hmac'>): Check {
  return compileSignedHeader({
    scheme: 'hmac',
    header: scheme.header,
    algorithm: scheme.algorithm ?? 'sha256',
    encoding: scheme.encoding ?? 'hex',
    prefix: scheme.prefix ?? '',
    secrets: scheme.secrets,
    timestamp: scheme.timestamp === undefined ? null : compileTimestamp(scheme.timestamp),
  })
}

function compileTimestamp(timestamp: NonNullable<SchemeOf<'hmac'>['timestamp']>): SignedHeader['timestamp'] {
  const { header, format = 'unix-seconds', toleranceSeconds = defaultToleranceSeconds } = timestamp
  const parts = /^([^{}]*)\{timestamp\}([^{}]*)\{body\}$/.exec(timestamp.signed ?? '{timestamp}.{body}')
  if (parts === null) throw new Error('The signed text needs {timestamp} and, at its end, {body}.')
  const [, before = '', after = ''] = parts
  return { header, format, toleranceSeconds, before, after }
}

export function compileSignedHeader(options: SignedHeader): Check {
  const { scheme, header, prefix, timestamp } = options
  requireSecrets(options.secrets)
  const keys = options.secrets.map(secret => createSecretKey(secret, 'utf8'))
  const format = hmacFormat(options.algorithm, options.encoding)
  const accepted = acceptances(scheme, 'signature by secret', keys.length)
  const headerName = header.toLowerCase()
  const readTime = timestamp === null ? unsigned : timeReader(scheme, timestamp)

  return request => {
    const text = headerText(request.headers, headerName)
    if (text === undefined || text === '') {
      return wrong(scheme, 'signature.missing', `Expected a signature in the header ${header}; none came.`)
    }
    const signature = text.startsWith(prefix) ? format.parse(text.slice(prefix.length)) : null
    if (signature === null) {
      const expected = prefix === '' ? format.description : `${prefix} and ${format.description}`
      return wrong(
        scheme,
        'signature.malformed',
        `${header} should be ${expected}; it has ${text.length} characters.`,
      )
    }
    const time = readTime(request)
    if ('ok' in time) return time
    const known = accepted[format.match(keys, time.head, request.body, [signature])]
    if (known === undefined) {
      return wrong(scheme, 'signature.mismatch', mismatchDetail(request.body.length, keys.length))
    }
    if (timestamp === null) return known
    return judgeAge(scheme, time.signedAtMs, request.receivedAtMs, timestamp.toleranceSeconds) ?? known
  }
}

interface SignedTime {
  signedAtMs: number
  /** What is signed in front of the body. */
  head: string
}

const nothing: SignedTime = { signedAtMs: 0, head: '' }
const unsigned = (): SignedTime | Rejected => nothing

function timeReader(scheme: string, timestamp: NonNullable<SignedHeader['timestamp']>) {
  const { header, format, before, after } = timestamp
  const headerName = header.toLowerCase()
  return ({ headers }: ReceivedRequest): SignedTime | Rejected => {
    const text = headerText(headers, headerName)
    if (text === undefined || text === '') {
      return wrong(
        scheme,
        'timestamp.missing',
        `Expected the time of signing in the header ${header}; none came.`,
      )
    }
    const signedAtMs = parseTimestamp(text, format)
    if (signedAtMs === null) {
      return wrong(scheme, 'timestamp.malformed', `${header} should be ${timestampShapes[format]}.`)
    }
    return { signedAtMs, head: `${before}${text}${after}` }
  }
}
