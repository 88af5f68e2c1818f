import type { FieldError } from './types.ts'

/** An answer of the API that is no success, as RFC 9457 problem+json tells it; or no answer at all (status 0). */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly errors: FieldError[]

  constructor(status: number, code: string, title: string, detail: string, errors: FieldError[] = []) {
    super(title)
    this.status = status
    this.code = code
    this.detail = detail
    this.errors = errors
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const fallback = `Signalbox answered ${response.status} ${response.statusText}`.trim()
  const body: unknown = await response.json().catch(() => null)
  if (typeof body !== 'object' || body === null) {
    return new Problem(
      response.status,
      'unknown',
      fallback,
      'The answer gave no reason. The server log may know.',
    )
  }
  const told = body as Partial<Record<'code' | 'title' | 'detail', unknown>> & { errors?: unknown }
  return new Problem(
    response.status,
    textOr(told.code, 'unknown'),
    textOr(told.title, fallback),
    textOr(told.detail, ''),
    Array.isArray(told.errors) ? (told.errors as FieldError[]) : [],
  )
}

export const unreachable = (cause: unknown): Problem =>
  Object.assign(
    new Problem(
      0,
      'unreachable',
      'Signalbox did not answer',
      'The server is stopped or the network is down. What you typed is still here; try again in a moment.',
    ),
    { cause },
  )

/** What is wrong with single fields of what was sent. That a name is taken is told of the whole, yet belongs to one. */
export function fieldErrors(error: unknown): readonly FieldError[] {
  if (!(error instanceof Problem)) return []
  return error.code === 'name-taken' ? [{ path: '/name', message: error.detail }] : error.errors
}

/** What to show of anything that was thrown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const message = error instanceof Error ? error.message : String(error)
  return new Problem(0, 'dashboard', 'The dashboard stumbled', message)
}

const textOr = (value: unknown, other: string): string => (typeof value === 'string' ? value : other)
