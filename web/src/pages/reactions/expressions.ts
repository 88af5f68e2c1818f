import { ExactNumber } from '../../ui/exact-json.ts'
import type { Steps } from '../../ui/value-actions.ts'

const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/
/** CEL's words, which are no field names after a dot. */
const reserved = new Set(
  'as break const continue else false for function if import in let loop package namespace null return true var void while'.split(
    ' ',
  ),
)

/** `body.order["odd name"][0]`, as CEL reads it. */
export const celPath = (steps: Steps): string =>
  steps.reduce<string>((path, step) => {
    if (typeof step === 'number') return `${path}[${step}]`
    return plainName.test(step) && !reserved.has(step) ? `${path}.${step}` : `${path}[${celText(step)}]`
  }, 'body')

/** Whether a value is this one. */
export function celEquals(steps: Steps, value: unknown): string {
  const path = celPath(steps)
  if (value instanceof ExactNumber) return `string(${path}) == ${celText(value.source)}`
  return `${path} == ${typeof value === 'string' ? celText(value) : String(value)}`
}

/** JSON writes texts as CEL reads them, but for the slash that it may escape. */
const celText = (text: string): string => JSON.stringify(text)

/** Both where one is there already. */
export const both = (where: string, further: string): string =>
  where.trim() === '' ? further : `${where.includes('||') ? `(${where.trim()})` : where.trim()} && ${further}`

/** `.body.order` or `(index .body "odd name" 0)`, as a Go template reads it. */
export function goPath(steps: Steps): string {
  if (steps.every(step => typeof step === 'string' && plainName.test(step)))
    return ['.body', ...steps].join('.')
  return `(index .body ${steps.map(step => (typeof step === 'number' ? step : JSON.stringify(step))).join(' ')})`
}

export const goValue = (steps: Steps): string => `{{ toJson ${goPath(steps)} }}`

/** A value as a template inserts it into JSON; Octostache knows texts only, and finds an odd name in brackets. */
export function insertion(language: string, steps: Steps): string {
  if (language !== 'octostache') return goValue(steps)
  const path = steps.map(step => (plainName.test(String(step)) ? `.${step}` : `[${step}]`)).join('')
  return `"#{body${path} | JsonEscape}"`
}
