/**
 * What a check of a sender's proof comes to.
 *
 * The status says whose move it is:
 *   401  no proof came, or it cannot be read, or it is wrong: the sender has to present the right one
 *   403  the proof is right, but a rule refuses it: it is too old or from the future (a replay, or a clock that is off),
 *        or the endpoint's own configuration cannot be used and its owner has to mend it
 * So a stale request with a wrong signature is a 401: its time is looked at only after its signature.
 */
export type Verdict = Accepted | Rejected

export interface Accepted {
  ok: true
  /** The type of the scheme; of all of them, in order, when several had to pass: `bearer, github`. */
  scheme: string
  /** Which of the alternatives matched, from 0; absent when the scheme has none, or several schemes had to pass. */
  secretIndex?: number
  /** For the endpoint's owner: `signature by secret 2 of 3`. */
  detail?: string
}

export interface Rejected {
  ok: false
  status: 401 | 403
  scheme: string
  reason: RejectionReason
  /** For the endpoint's owner: what was expected and what came. Never a secret, a right signature or what was presented. */
  detail: string
}

export const rejectionReasons = [
  'token.missing',
  'token.malformed',
  'token.wrong',
  'credentials.missing',
  'credentials.malformed',
  'credentials.wrong',
  'signature.missing',
  'signature.malformed',
  'signature.mismatch',
  'timestamp.missing',
  'timestamp.malformed',
  'timestamp.stale',
  'timestamp.ahead',
  'id.missing',
  'id.malformed',
  'scheme.unusable',
] as const
export type RejectionReason = (typeof rejectionReasons)[number]

/** As node's http module gives them: names in lower case. */
export type ReceivedHeaders = Readonly<Record<string, string | string[] | undefined>>

export interface ReceivedRequest {
  method: string
  path: string
  /** As it came, without the question mark. */
  query: string
  headers: ReceivedHeaders
  /** The bytes as they came: signatures cover them, not what they parse to. */
  body: Buffer
  receivedAtMs: number
}

export type Check = (request: ReceivedRequest) => Verdict

export const wrong = (scheme: string, reason: RejectionReason, detail: string): Rejected => ({
  ok: false,
  status: 401,
  scheme,
  reason,
  detail,
})

export const refused = (scheme: string, reason: RejectionReason, detail: string): Rejected => ({
  ok: false,
  status: 403,
  scheme,
  reason,
  detail,
})

/** One acceptance for each of the alternatives, made ahead of the first request. */
export const acceptances = (scheme: string, what: string, count: number): Accepted[] =>
  Array.from({ length: count }, (_, secretIndex) => ({
    ok: true,
    scheme,
    secretIndex,
    detail: count === 1 ? what : `${what} ${secretIndex + 1} of ${count}`,
  }))

/** A repeated header is joined by commas, as node does it with most: it then fails to parse, and nothing is picked. */
export function headerText(headers: ReceivedHeaders, lowerCaseName: string): string | undefined {
  const value = headers[lowerCaseName]
  if (typeof value === 'string') return value
  return Array.isArray(value) ? value.join(', ') : undefined
}

/** "1 character", "3 secrets" */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
