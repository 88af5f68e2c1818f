import type { BodyPart, EventDetail } from '../../../api/types.ts'
import { parseJson } from '../../../ui/exact-json.ts'

/** How a body is best shown. The rules are those by which filters and templates see it. */
export type BodyView =
  | { as: 'nothing' }
  | { as: 'json'; value: unknown }
  | { as: 'parts'; parts: BodyPart[] }
  | { as: 'xml'; text: string }
  | { as: 'form'; rows: [name: string, value: string][] }
  | { as: 'text'; text: string }
  | { as: 'binary' }

export function bodyView({ contentType, bytes, text, parts }: EventDetail['body']): BodyView {
  if (bytes === 0) return { as: 'nothing' }
  if (parts !== null) return { as: 'parts', parts }
  if (text === null) return { as: 'binary' }
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const isForm = type === 'application/x-www-form-urlencoded'
  const mayBeJson = type === 'application/json' || type.endsWith('+json') || /^\s*[{[]/.test(text)
  const json = mayBeJson ? parseJson(text) : undefined
  if (json !== undefined) return { as: 'json', value: json }
  const mayBeXml = /^(?:text|application)\/xml$|\+xml$/.test(type) || text.startsWith('<?xml ')
  if (mayBeXml) return { as: 'xml', text }
  return isForm ? { as: 'form', rows: [...new URLSearchParams(text)] } : { as: 'text', text }
}
