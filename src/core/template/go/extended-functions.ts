/**
 * Our own functions, which Go's text/template does not have; those that Sprig has too are called as there. The text
 * comes last, so that they fit a pipeline:
 *
 *   toJson v              fromJson text
 *   default d v           v, or d when v is missing, null, empty, 0 or false
 *   trim lower upper text
 *   replace old new text
 *   splitList separator text → list    split separator text → map _0 _1 …    join separator list
 *   contains part text    hasPrefix start text           hasSuffix end text
 *   b64enc b64dec text    sha256 (sha256sum) text → hex  hmacSha256 key text → hex
 *   now                   date layout time               uuid (uuidv4)
 *   secret name
 *
 * Texts may be numbers and booleans, which count as they print; a missing or null text is an execution error. Where
 * Sprig answers nil or the text of an error, the render fails.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto'
import { decodeUtf8 } from './bytes.ts'
import { fail } from './failure.ts'
import { builtinFunctions, type TemplateFunction } from './functions.ts'
import { fromJson, toJson } from './json.ts'
import { chargeText, textSteps, type Meter } from './meter.ts'
import { format } from './print.ts'
import { formatLayout } from './time.ts'
import { asInteger, isTrue, typeName } from './values.ts'

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
      parameters: ['value'],
      rest: 'value',
      call: ([fallback, value], meter) => (isTrue(value, meter) ? value : fallback),
    },
  ],
  ['trim', ofText(trim)],
  ['lower', ofText(text => byCharacter(text, character => character.toLowerCase()))],
  ['upper', ofText(text => byCharacter(text, character => character.toUpperCase()))],
  [
    'replace',
    ofTexts(3, ([old, fresh, text], meter) => replace(old as string, fresh as string, text as string, meter)),
  ],
  ['splitList', ofTexts(2, ([separator, text], meter) => split(separator as string, text as string, meter))],
  [
    'split',
    ofTexts(2, ([separator, text], meter) =>
      Object.fromEntries(
        split(separator as string, text as string, meter).map((part, index) => [`_${index}`, part]),
      ),
    ),
  ],
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
  ['sha256', ofText(sha256)],
  ['sha256sum', ofText(sha256)],
  ['hmacSha256', ofTwoTexts((key, text) => createHmac('sha256', key).update(text).digest('hex'))],
  ['now', { parameters: [], call: (_values, meter) => meter.now() }],
  [
    'date',
    {
      parameters: ['string', 'any'],
      call: ([layout, time], meter) => {
        meter.charge((layout as string).length >> 3)
        return formatLayout(timeOf(time, meter), layout as string)
      },
    },
  ],
  ['uuid', { parameters: [], call: () => randomUUID() }],
  ['uuidv4', { parameters: [], call: () => randomUUID() }],
  ['secret', ofTexts(1, ([name], meter) => meter.secret(name as string))],
])

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Go's white space: not U+FEFF, which is some for JavaScript, but U+0085. */
const white = /\p{White_Space}/u

function trim(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && white.test(text.charAt(from))) from++
  while (to > from && white.test(text.charAt(to - 1))) to--
  return text.slice(from, to)
}

/** As Go, which makes one character of one: `ß` has no upper case that is one. */
function byCharacter(text: string, change: (text: string) => string): string {
  const changed = change(text)
  if (!/[^\0-\x7f]/.test(text)) return changed
  return Array.from(text, character => {
    const one = change(character)
    return Array.from(one).length === 1 ? one : character
  }).join('')
}

/** A time, seconds since 1970, or a text in RFC 3339. */
function timeOf(value: unknown, meter: Meter): Date {
  if (value instanceof Date) return value
  const seconds = asInteger(value, meter)
  const time = new Date(
    typeof value === 'string' ? rfc3339(value) : seconds === null ? Number.NaN : seconds * 1000,
  )
  if (!Number.isNaN(time.getTime())) return time
  return fail(`date needs a time, seconds since 1970 or a text in RFC 3339; got ${typeName(value, meter)}`)
}

const rfc3339 = (text: string): number =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN

/** An empty text stands before each character, and at the end. */
function replace(old: string, fresh: string, text: string, meter: Meter): string {
  const parts = split(old, text, meter)
  const surrounded = old === '' && fresh !== ''
  meter.checkLength(text.length + (parts.length + 1) * Math.max(fresh.length - old.length, 0))
  const joined = parts.join(fresh)
  return surrounded ? fresh + joined + (text === '' ? '' : fresh) : joined
}

/** An empty separator splits into characters. */
function split(separator: string, text: string, meter: Meter): string[] {
  const parts = separator === '' ? Array.from(text) : text.split(separator)
  meter.charge(parts.length >> 2)
  return parts
}

/** Elements that are null are passed over; what is no list stands alone. */
function join(separator: string, value: unknown, meter: Meter): string {
  const list: unknown[] = Array.isArray(value) ? value : [value]
  let text = ''
  let apart = ''
  for (const element of list) {
    meter.charge(1)
    if (element === null || element === undefined) continue
    text += apart + format(element, meter)
    apart = separator
    meter.checkLength(text.length)
  }
  meter.charge(textSteps(text.length))
  return text
}

function decodeBase64(text: string): string {
  const compact = text.replace(/[\r\n]/g, '')
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(compact)) return fail('not base64')
  return decodeUtf8(Buffer.from(compact, 'base64'))
}
