import { exitCodes, Failure, type Problem } from './failure.ts'
import type { Output } from './output.ts'

/**
 * Says what went wrong, where, and what to do about it, on stderr; answers the exit code.
 * With `json` the server's problem document goes to stdout besides, for programs.
 */
export function printFailure(error: unknown, output: Output, json: boolean): number {
  const name = { text: 'signalbox: ', style: 'bad' } as const
  if (!(error instanceof Failure)) {
    const [first = '', ...stack] = (
      error instanceof Error ? (error.stack ?? error.message) : String(error)
    ).split('\n')
    output.warn(name, `this should not have happened: ${first}`)
    for (const line of stack) output.warn(line)
    return exitCodes.refused
  }
  const { problem, todo, document, exitCode } = error.details
  if (json && document !== undefined) output.document(document)
  output.warn(name, error.message)
  for (const line of detailLines(problem)) output.warn('  ', line)
  for (const line of errorLines(problem)) output.warn('  ', line)
  if (todo !== undefined) output.warn({ text: '  → ', style: 'faint' }, todo)
  return exitCode
}

/** Left out when it repeats the title, or the first of the errors, which are printed one by one. */
function detailLines(problem: Problem | undefined): string[] {
  const first = problem?.errors?.[0]
  const isRepeated =
    problem?.detail === problem?.title || (first !== undefined && problem?.detail?.includes(first.message))
  return isRepeated ? [] : (problem?.detail?.split('\n') ?? [])
}

/** `/filter/where:1:5: no such field`, as compilers write it. */
export function errorLines(problem: Pick<Problem, 'errors'> | undefined): string[] {
  return (problem?.errors ?? []).map(({ path, line, column, message }) => {
    const place = [path, line, column].filter(part => part !== undefined && part !== null && part !== '')
    return place.length === 0 ? message : `${place.join(':')}: ${message}`
  })
}
