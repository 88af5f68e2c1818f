import type { FieldError } from '../api/types.ts'

/** What the API found wrong at a field or inside of it, as one text; undefined when nothing is. */
export function errorsUnder(errors: readonly FieldError[], path: string): string | undefined {
  const found = errors.filter(error => error.path === path || error.path.startsWith(`${path}/`))
  return found.length === 0 ? undefined : found.map(describe).join(' ')
}

function describe({ message, line, column }: FieldError): string {
  const where =
    line === undefined ? '' : line === 1 ? `Column ${column}: ` : `Line ${line}, column ${column}: `
  const text = where === '' ? message[0]?.toUpperCase() + message.slice(1) : where + message
  return /[.!?]$/.test(text) ? text : `${text}.`
}
