/** How the program can end. Scripts rely on these numbers. */
export const exitCodes = {
  ok: 0,
  refused: 1,
  usage: 2,
  unreachable: 3,
  notFound: 4,
  interrupted: 130,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** What the server answers when it refuses (RFC 9457). */
export interface Problem {
  title?: string
  status?: number
  code?: string
  detail?: string
  errors?: { path?: string; message: string; line?: number | null; column?: number | null }[]
}

export interface FailureDetails {
  exitCode: ExitCode
  /** What the person at the keyboard can do about it. */
  todo?: string
  problem?: Problem
  /** Of the answer; none when there was none. */
  status?: number
  /** The answer as it came, for `--json`. */
  document?: string
  cause?: unknown
}

/** Ends the command: the message is for people, the exit code for programs. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly details: FailureDetails

  constructor(message: string, details: FailureDetails) {
    super(message, { cause: details.cause })
    this.details = details
  }
}

/** Would the same request be answered otherwise a little later? */
export const isTemporary = (error: unknown): boolean =>
  error instanceof Failure &&
  (error.details.exitCode === exitCodes.unreachable || isTemporaryStatus(error.details.status ?? 0))

const temporaryRefusals = new Set([408, 425, 429])
export const isTemporaryStatus = (status: number): boolean => status >= 500 || temporaryRefusals.has(status)

export const wrongUsage = (message: string, todo?: string): Failure =>
  new Failure(message, { exitCode: exitCodes.usage, ...(todo === undefined ? {} : { todo }) })

const adviceByStatus: Record<number, string> = {
  401: 'Give an API key or the admin token: --token, SIGNALBOX_TOKEN, or --data with the data folder of the server. `signalbox sign-in` checks it.',
  403: 'Ask for that permission, or use another key; `signalbox sign-in` shows who you are to the server.',
  404: 'The `list` commands show what there is.',
  412: 'Somebody else changed it meanwhile: look at it again, then repeat the change.',
  421: 'The server does not answer under this host name; its settings say under which it does.',
  429: 'Wait a moment, then try again.',
}

/** The failure for an answer of 400 or more. What is no problem document came from something else than Signalbox. */
export function failureOfAnswer(status: number, document: string, address: string): Failure {
  const problem = parseProblem(document)
  if (problem === null) {
    return new Failure(`${address} answered ${status}, and not as Signalbox does`, {
      exitCode: exitCodes.refused,
      status,
      todo: 'Check that the URL leads to a Signalbox server and not to a proxy in front of it.',
    })
  }
  const code = problem.code === undefined ? String(status) : `${status} ${problem.code}`
  if (unknownHere.has(problem.code ?? '')) return unknownRoute(problem, document, address)
  const todo = adviceByStatus[status]
  return new Failure(`${problem.title ?? 'The server refused'} (${code})`, {
    exitCode: status === 404 ? exitCodes.notFound : exitCodes.refused,
    status,
    problem,
    document,
    ...(todo === undefined ? {} : { todo }),
  })
}

const unknownHere = new Set(['route.not-found', 'method.not-allowed'])

/** Not that a thing is missing: the server has no such address. */
const unknownRoute = (problem: Problem, document: string, address: string): Failure =>
  new Failure(`${address} does not know this command`, {
    exitCode: exitCodes.refused,
    problem,
    document,
    todo: 'The server is of another version than this program (`signalbox --version`, `signalbox status`).',
  })

function parseProblem(document: string): Problem | null {
  try {
    const value: unknown = JSON.parse(document)
    const isProblem = typeof value === 'object' && value !== null && ('title' in value || 'detail' in value)
    return isProblem ? (value as Problem) : null
  } catch {
    return null
  }
}
