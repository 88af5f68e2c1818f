import { decodeUtf8 } from '../go/bytes.ts'
import type { Filter } from './filter.ts'
import { ofText, withOptions } from './filter.ts'

const mapped =
  (pattern: RegExp, names: Readonly<Record<string, string>>): ((text: string) => string) =>
  text =>
    text.replace(pattern, character => names[character] ?? unicode(character))

const unicode = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

const xml = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
const lines = { '\r': '\\r', '\n': '\\n' }
const backslashed = { '"': '\\"', '\\': '\\\\', '\t': '\\t', ...lines }
const property = { '\\': '\\\\', '\t': '\\t', ...lines }
const beyondLatin = (text: string): string => text.replace(/[\u00ff-\uffff]/g, unicode)

export const escapeFilters: Record<string, Filter> = {
  HtmlEscape: ofText(mapped(/[&<>"'/]/g, { ...xml, '/': '&#x2F;' })),
  XmlEscape: ofText(mapped(/[&<>"']/g, xml)),
  // oxlint-disable-next-line no-control-regex
  JsonEscape: ofText(mapped(/["\\\u0000-\u001f]/g, backslashed)),
  YamlSingleQuoteEscape: ofText(text =>
    text.replaceAll("'", "''").replace(/(\r?\n)(?:\r?\n)*/g, (run, first: string) => first + run),
  ),
  YamlDoubleQuoteEscape: ofText(mapped(/["\\]|[^ -~]/g, backslashed)),
  PropertiesKeyEscape: ofText(text =>
    beyondLatin(mapped(/[ :=\\\r\n\t]/g, { ' ': '\\ ', ':': '\\:', '=': '\\=', ...property })(text)),
  ),
  PropertiesValueEscape: ofText(text =>
    beyondLatin(mapped(/^ |[\\\r\n\t]/g, { ' ': '\\ ', ...property })(text)),
  ),
  UriEscape: ofText(text =>
    encodeURI(text.toWellFormed()).replace(/%5[BD]/g, code => (code === '%5B' ? '[' : ']')),
  ),
  UriDataEscape: ofText(text =>
    encodeURIComponent(text.toWellFormed()).replace(
      /[!'()*]/g,
      character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  ),
  ToBase64: withOptions(0, 1, (text, [name]) => {
    const encoding = encodingOf(name)
    return encoding && Buffer.from(text, encoding).toString('base64')
  }),
  FromBase64: withOptions(0, 1, (text, [name], context) => {
    const encoding = encodingOf(name)
    if (encoding === null) return null
    const bytes = fromBase64(text)
    if (bytes === null) return context.because('the input is not Base64')
    return encoding === 'utf8' ? decodeUtf8(bytes) : bytes.toString('utf16le')
  }),
}

/** .NET's `unicode` is UTF-16. */
export function encodingOf(name = 'utf8'): 'utf8' | 'utf16le' | null {
  const known = name.toLowerCase()
  if (known === 'utf8' || known === 'utf-8') return 'utf8'
  return known === 'unicode' ? 'utf16le' : null
}

export function fromBase64(text: string): Buffer | null {
  const compact = text.replace(/[ \t\r\n]/g, '')
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return null
  return Buffer.from(compact, 'base64')
}
