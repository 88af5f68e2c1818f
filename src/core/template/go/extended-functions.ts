/**
 * Our own functions, which Go's text/template does not have. The text comes last, so that they fit a pipeline:
 *
 *   toJson v              fromJson text
 *   default d v           v, or d when v is missing, null, empty, 0 or false
 *   trim lower upper text
 *   replace old new text  split separator text → list    join separator list
 *   contains part text    hasPrefix start text           hasSuffix end text
 *   b64enc b64dec text    sha256 text → hex              hmacSha256 key text → hex
 *   secret name
 *
 * Texts may be numbers and booleans, which count as they print; a missing or null text is an execution error.
 */
import { createHash, createHmac } from 'node:crypto'
import { decodeUtf8 } from './bytes.ts'
import { fail } from './failure.ts'
import { builtinFunctions, type TemplateFunction } from './functions.ts'
import { fromJson, toJson } from './json.ts'
import { chargeText, textSteps, type Meter } from './meter.ts'
import { format } from './print.ts'
import { isTrue, typeName } from './values.ts'

/** A function over texts. */
function ofTexts(count: number, call: (texts: readonly string[], meter: Meter) => unknown): TemplateFunction {
  return {
    parameters: new Array<'text'>(count).fill('text'),
    call: (values, meter) => {
      chargeText(meter, ...values)
      return call(values as string[], meter)
    },
  }
}

const ofText = (call: (text: string) => unknown): TemplateFunction =>
  ofTexts(1, ([text]) => call(text as string))
const ofTwoTexts = (call: (first: string, text: string) => unknown): TemplateFunction =>
  ofTexts(2, ([first, text]) => call(first as string, text as string))

export const extendedFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ...builtinFunctions,
  ['toJson', { parameters: ['any'], call: ([value], meter) => toJson(value, meter) }],
  ['fromJson', ofTexts(1, ([text], meter) => fromJson(text as string, meter))],
  [
    'default',
    {
      parameters: ['value', 'value'],
      call: ([fallback, value], meter) => (isTrue(value, meter) ? value : fallback),
    },
  ],
  ['trim', ofText(text => text.trim())],
  ['lower', ofText(text => text.toLowerCase())],
  ['upper', ofText(text => text.toUpperCase())],
  [
    'replace',
    ofTexts(3, ([old, fresh, text], meter) => replace(old as string, fresh as string, text as string, meter)),
  ],
  ['split', ofTexts(2, ([separator, text], meter) => split(separator as string, text as string, meter))],
  [
    'join',
    {
      parameters: ['text', 'value'],
      call: ([separator, list], meter) => join(separator as string, list, meter),
    },
  ],
  ['contains', ofTwoTexts((part, text) => text.includes(part))],
  ['hasPrefix', ofTwoTexts((start, text) => text.startsWith(start))],
  ['hasSuffix', ofTwoTexts((end, text) => text.endsWith(end))],
  ['b64enc', ofText(text => Buffer.from(text).toString('base64'))],
  ['b64dec', ofText(decodeBase64)],
  ['sha256', ofText(text => createHash('sha256').update(text).digest('hex'))],
  ['hmacSha256', ofTwoTexts((key, text) => createHmac('sha256', key).update(text).digest('hex'))],
  ['secret', ofTexts(1, ([name], meter) => meter.secret(name as string))],
])

function replace(old: string, fresh: string, text: string, meter: Meter): string {
  const parts = split(old, text, meter)
  meter.checkLength(text.length + (parts.length - 1) * (fresh.length - old.length))
  return parts.join(fresh)
}

/** An empty separator splits into characters. */
function split(separator: string, text: string, meter: Meter): string[] {
  const parts = separator === '' ? Array.from(text) : text.split(separator)
  meter.charge(parts.length >> 2)
  return parts
}

function join(separator: string, list: unknown, meter: Meter): string {
  if (!Array.isArray(list)) return fail(`join needs a list; got ${typeName(list, meter)}`)
  let text = ''
  list.forEach((element: unknown, index) => {
    text += (index > 0 ? separator : '') + format(element, meter)
    meter.charge(1)
    meter.checkLength(text.length)
  })
  meter.charge(textSteps(text.length))
  return text
}

function decodeBase64(text: string): string {
  const compact = text.replace(/[\r\n]/g, '')
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(compact)) return fail('not base64')
  return decodeUtf8(Buffer.from(compact, 'base64'))
}
