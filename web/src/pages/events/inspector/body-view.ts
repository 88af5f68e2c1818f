import type { EventDetail } from '../../../api/types.ts'
import { parseJson } from '../../../ui/exact-json.ts'

/** How a body is best shown. The rules are those by which filters and templates see it. */
export type BodyView =
  | { as: 'nothing' }
  | { as: 'json'; value: unknown }
  | { as: 'form'; rows: [name: string, value: string][] }
  | { as: 'text'; text: string }
  | { as: 'binary' }

export function bodyView({ contentType, bytes, text }: EventDetail['body']): BodyView {
  if (bytes === 0) return { as: 'nothing' }
  if (text === null) return { as: 'binary' }
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const isForm = type === 'application/x-www-form-urlencoded'
  const mayBeJson = type === 'application/json' || type.endsWith('+json') || /^\s*[{[]/.test(text)
  const json = mayBeJson ? parseJson(text) : undefined
  if (json !== undefined) return { as: 'json', value: json }
  return isForm ? { as: 'form', rows: [...new URLSearchParams(text)] } : { as: 'text', text }
}
