/** What an error answer says of itself; printed into docs/errors.md. */
interface ErrorKind {
  status: number
  title: string
  /** What the reader of the answer can do. */
  remedy: string
}

const define = <const T extends Record<string, ErrorKind>>(table: T): T => table

/** Every error that the native API answers with. The codes are stable: programs may rely on them. */
export const errorTable = define({
  'request.malformed': {
    status: 400,
    title: 'The request cannot be read',
    remedy: 'Send JSON as RFC 8259 has it, in UTF-8.',
  },
  'request.headers-too-large': {
    status: 431,
    title: 'The request has too many headers',
    remedy: 'Shorten its URL or its headers; what is long belongs in the body.',
  },
  'request.too-slow': {
    status: 408,
    title: 'The request took too long to arrive',
    remedy: 'Send it again, in one go.',
  },
  'query.invalid': {
    status: 400,
    title: 'The query or the path does not fit',
    remedy: 'Correct what `errors` names; each has a path and a sentence.',
  },
  'cursor.invalid': {
    status: 400,
    title: 'The cursor cannot be read',
    remedy: 'Send `next` of the former page as it came, or leave the cursor out to begin again.',
  },
  'body.invalid': {
    status: 422,
    title: 'The body does not fit',
    remedy: 'Correct what `errors` names; each has a path into the body and a sentence.',
  },
  'where.invalid': {
    status: 422,
    title: 'The expression does not compile',
    remedy: 'Correct it where `errors` says, with line and column; docs/reactions.md tells what it may name.',
  },
  'line.unreadable': {
    status: 422,
    title: 'The line cannot be made a reaction',
    remedy: 'Change what the message names; `errors` says where it stands.',
  },
  'access.unauthenticated': {
    status: 401,
    title: 'Not signed in',
    remedy:
      'Send `Authorization: Bearer <token>` with an API key or the admin token, or sign in: with email and password, ' +
      'or by the link that `signalbox open` prints.',
  },
  'access.denied': {
    status: 403,
    title: 'Not allowed',
    remedy:
      'Ask whoever administers your team, or this installation, for the permission that `detail` names.',
  },
  'session.refused': {
    status: 403,
    title: 'The token is not valid',
    remedy: 'A sign-in link works once, for 15 minutes. Have another printed by `signalbox open`.',
  },
  'sign-in.refused': {
    status: 403,
    title: 'Email or password is wrong',
    remedy: 'Try again, or ask an administrator for an invitation, by which you set a new password.',
  },
  'invitation.refused': {
    status: 403,
    title: 'The invitation is not valid',
    remedy: 'It works once, for 72 hours, and the newest one alone. Ask an administrator for another.',
  },
  'session.throttled': {
    status: 429,
    title: 'Too many failed tries',
    remedy: 'Wait as long as Retry-After says.',
  },
  'view.refused': {
    status: 403,
    title: 'The key opens no endpoint',
    remedy: 'Ask for the share link again; the endpoint may have expired.',
  },
  'share.ended': {
    status: 410,
    title: 'The link shows nothing any more',
    remedy: 'It has expired, was ended, or its event is gone. Ask whoever sent it for another one.',
  },
  'visitors.not-allowed': {
    status: 403,
    title: 'No endpoints for visitors here',
    remedy: 'Sign in, or let the operator allow them with --allow-visitors.',
  },
  'visitors.throttled': {
    status: 429,
    title: 'Too much at once',
    remedy: 'Wait as long as Retry-After says.',
  },
  'csrf.refused': {
    status: 403,
    title: 'The request came from another site',
    remedy: 'Browsers may change things only from the dashboard itself. Programs send a bearer token.',
  },
  'host.unknown': {
    status: 421,
    title: 'Unknown host',
    remedy: 'Name the host in --allow-hosts, or set --public-url.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    remedy: 'Check the id or the name. What belongs to somebody else is not found either.',
  },
  'route.not-found': {
    status: 404,
    title: 'No such address',
    remedy: 'See /api/docs for the addresses that exist.',
  },
  'method.not-allowed': {
    status: 405,
    title: 'The address does not take this method',
    remedy: 'Use one of those that the header Allow names.',
  },
  'name-taken': { status: 409, title: 'The name is taken', remedy: 'Choose another name.' },
  'path-taken': {
    status: 409,
    title: 'The path is taken',
    remedy: 'Choose a path that differs in a fixed part, or change the other endpoint.',
  },
  'state-conflict': {
    status: 409,
    title: 'Not possible in this state',
    remedy: 'Load it again and see how it stands.',
  },
  'practice.off': {
    status: 409,
    title: 'There is no practice target here',
    remedy: 'The operator leaves out --practice no, or sets it to yes.',
  },
  'too-many': { status: 409, title: 'The limit is reached', remedy: 'Delete what is no longer needed.' },
  'version-conflict': {
    status: 412,
    title: 'Changed meanwhile',
    remedy: 'Load it again, repeat the change, and send the new ETag in If-Match.',
  },
  'idempotency.in-progress': {
    status: 409,
    title: 'The same request is under way',
    remedy: 'Wait for its answer, then send it again with the same Idempotency-Key.',
  },
  'idempotency.key-reused': {
    status: 422,
    title: 'The Idempotency-Key belongs to another request',
    remedy: 'Use a new key for each new request; it is remembered for 24 hours.',
  },
  'idempotency.key-invalid': {
    status: 400,
    title: 'The Idempotency-Key cannot be used',
    remedy: 'Send 1 to 255 visible ASCII characters, such as a UUID.',
  },
  'body.too-large': {
    status: 413,
    title: 'The body is too large',
    remedy: 'The API takes 2 MiB; endpoints have their own limits. Send it in parts.',
  },
  'body.not-json': {
    status: 415,
    title: 'The body is not JSON',
    remedy: 'Send `Content-Type: application/json`.',
  },
  'storage.full': {
    status: 503,
    title: 'The disk is full',
    remedy: 'The operator frees space; send it again afterwards.',
  },
  'storage.busy': { status: 503, title: 'Too much at once', remedy: 'Send it again after Retry-After.' },
  'storage.unavailable': {
    status: 503,
    title: 'The store cannot be reached',
    remedy: 'Send it again after Retry-After; the operator looks at /readyz.',
  },
  'storage.closed': {
    status: 503,
    title: 'Signalbox is stopping',
    remedy: 'Send it again after Retry-After.',
  },
  'storage.deadline': {
    status: 503,
    title: 'The search took too long',
    remedy: 'Narrow it: a time range, an endpoint, a kind.',
  },
  'storage.failed': {
    status: 500,
    title: 'The store failed',
    remedy: 'The operator finds the cause in the log.',
  },
  'secret.in-use': {
    status: 409,
    title: 'The secret is in use',
    remedy: 'Take it out of the reactions that name it, or delete it with `force`: their runs then fail.',
  },
  'secret-key.is-setting': {
    status: 409,
    title: 'The key is a setting',
    remedy:
      'Make one with `openssl rand -base64 32`, start with it as SIGNALBOX_SECRET_KEY and with the present one as SIGNALBOX_FORMER_SECRET_KEY; everything is then sealed anew.',
  },
  'secret.unreadable': {
    status: 500,
    title: 'A stored secret cannot be read',
    remedy: 'The operator puts back the secret key that this data was made with.',
  },
  internal: {
    status: 500,
    title: 'Signalbox failed',
    remedy: 'The operator finds the cause in the log; please report it.',
  },
})

export type ErrorCode = keyof typeof errorTable

/** One mistake in a request: a JSON pointer into it, and a sentence. Line and column are 1-based, inside that text. */
export interface Mistake {
  path: string
  message: string
  line?: number
  column?: number
}

/** Thrown by handlers; answered as application/problem+json (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ErrorCode
  readonly mistakes: readonly Mistake[]
  readonly retryAfterSeconds: number | null

  constructor(
    code: ErrorCode,
    detail: string,
    more: { mistakes?: readonly Mistake[]; retryAfterSeconds?: number } = {},
  ) {
    super(detail)
    this.code = code
    this.mistakes = more.mistakes ?? []
    this.retryAfterSeconds = more.retryAfterSeconds ?? null
  }
}

export const notFound = (what: string, reference: string): Problem =>
  new Problem('not-found', `There is no ${what} ${JSON.stringify(reference.slice(0, 100))}`)

/** Says where the first mistake is, so that the detail alone is of use. */
export function invalidBody(mistakes: readonly Mistake[]): Problem {
  return new Problem('body.invalid', summary('The body', mistakes), { mistakes })
}

export function summary(what: string, mistakes: readonly Mistake[]): string {
  const [first] = mistakes
  if (first === undefined) return `${what} does not fit`
  const others = mistakes.length > 1 ? ` (and ${mistakes.length - 1} more)` : ''
  return `${first.path === '' ? what : first.path} ${first.message}${others}`
}
