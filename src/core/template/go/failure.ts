import { TemplateError, type TemplateErrorCode } from '../language.ts'

/** Nobody has said yet where. */
export const unplaced = -1
/** At what was evaluated last. Only the render knows, where `and`, `or` or a method of no value passes arguments over. */
export const atLastTouched = -2

/**
 * An error on its way up: it knows an offset in the source, not yet a line.
 * A function does not know where it was called; its caller fills `at` in.
 */
export class Failure extends Error {
  readonly code: TemplateErrorCode
  readonly hint: string | undefined
  at: number

  constructor(code: TemplateErrorCode, message: string, at = unplaced, hint?: string) {
    super(message)
    this.code = code
    this.at = at
    this.hint = hint
  }
}

export function fail(message: string, at = unplaced, hint?: string): never {
  throw new Failure('template.execution', message, at, hint)
}

export function failLimit(message: string, at = unplaced, hint?: string): never {
  throw new Failure('template.limit', message, at, hint)
}

/** The last fence: whatever was thrown, the caller sees a TemplateError. */
export function toTemplateError(thrown: unknown, source: string): TemplateError {
  if (thrown instanceof TemplateError) return thrown
  if (thrown instanceof Failure) {
    return new TemplateError(thrown.code, shortened(thrown.message), {
      ...lineAndColumn(source, thrown.at),
      hint: thrown.hint,
      cause: thrown.cause,
    })
  }
  if (thrown instanceof RangeError) {
    return new TemplateError('template.limit', 'the template or its data is nested too deeply or too large', {
      line: 1,
      column: 1,
      cause: thrown,
    })
  }
  return new TemplateError('template.execution', 'the template could not read its data', {
    line: 1,
    column: 1,
    cause: thrown,
  })
}

/** A message may quote the source, and that may be long. */
const shortened = (message: string): string => (message.length > 300 ? `${message.slice(0, 300)}…` : message)

export function lineAndColumn(source: string, at: number): { line: number; column: number } {
  const before = source.slice(0, Math.max(at, 0))
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: before.length - lineStart + 1 }
}
