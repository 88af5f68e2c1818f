/** html, js and urlquery. */
import { isPrintable } from './quote.ts'

const htmlEscapes: Record<string, string> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
}

export const escapeHtml = (text: string): string =>
  text.replace(/["'&<>]/g, found => htmlEscapes[found] as string).replaceAll('\0', '\ufffd')

const jsEscapes: Record<string, string> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
}

export const escapeJs = (text: string): string =>
  text.toWellFormed().replace(/[\\'"<>&=]|[^ -~]/gu, found => jsEscapes[found] ?? escapeCodePoint(found))

function escapeCodePoint(character: string): string {
  const code = character.codePointAt(0) as number
  if (code === 0x7f || (code > 0x7f && isPrintable(character))) return character
  return `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
}

/** url.QueryEscape: everything but letters, digits, `-_.~` and the space, which is `+`. */
export const escapeQuery = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replaceAll('%20', '+')
    .replace(/[!'()*]/g, found => `%${found.charCodeAt(0).toString(16).toUpperCase()}`)
