import type { EventDetail, RequestDetails } from '../../../api/types.ts'
import { headerLines } from './request-text.ts'

/** The connection that is gone decided these, or a proxy on the way added them; curl works out its own. */
const leftOut =
  /^(?:host|content-length|connection|keep-alive|proxy-connection|transfer-encoding|te|trailer|upgrade|expect|via|forwarded|x-real-ip|x-forwarded-.*)$/
/** What curl sends unless it is told not to. */
const curlsOwn = ['accept', 'user-agent']

/** A body up to this size stands in the line itself; a larger one is read from the file that was downloaded. */
export const maxInlineBytes = 1024 * 1024
const maxPlainBytes = 64 * 1024
/** curl waits for a "100 Continue" before it sends more than this. */
const expectsFromBytes = 1024 * 1024

/**
 * A line for any POSIX shell that sends the same request again, byte by byte: method, path, query, headers, body.
 * `body` may be left out when it is larger than `maxInlineBytes`.
 */
export function curlLine(event: EventDetail, base: string, body: Uint8Array | null): string | null {
  const { request } = event
  if (!request) return null
  const target = request.path + (request.query ? `?${request.query}` : '')
  const { pipe, data } = bodyWords(event, body)
  const method = request.method === 'HEAD' ? '--head' : `-X ${quote(request.method)}`
  const flags = [
    // Brackets and braces would be taken for ranges, and /../ be resolved.
    ...(/[[\]{}]/.test(target) ? ['--globoff'] : []),
    ...(/\/\.{1,2}(?:\/|$)/.test(request.path) ? ['--path-as-is'] : []),
    ...('accept-encoding' in request.headers ? ['--compressed'] : []),
  ]
  const lines = [
    [pipe + 'curl', method, ...flags, quote(base.replace(/\/$/, '') + target)].join(' '),
    ...headerWords(request, event.body.bytes).map(word => `-H ${word}`),
    ...data,
  ]
  return lines.join(' \\\n  ')
}

function headerWords({ headers, inflated }: RequestDetails, bodyBytes: number): string[] {
  const kept = headerLines(headers)
    .filter(([name]) => !leftOut.test(name))
    // What is kept, and sent again, is the inflated body.
    .filter(([name]) => name !== 'content-encoding' || !inflated)
  const unwanted = [...curlsOwn, ...(bodyBytes > 0 ? ['content-type'] : [])].filter(
    name => !(name in headers),
  )
  if (bodyBytes > expectsFromBytes) unwanted.push('expect')
  return [
    ...kept.map(([name, value]) => (value === '' ? quote(`${name};`) : quoteHeader(`${name}: ${value}`))),
    ...unwanted.map(name => quote(`${name}:`)),
  ]
}

function bodyWords(event: EventDetail, body: Uint8Array | null): { pipe: string; data: string[] } {
  const { bytes, text } = event.body
  if (bytes === 0) return { pipe: '', data: [] }
  // After --data-binary a body that begins with @ would be the name of a file.
  if (text !== null && bytes <= maxPlainBytes && survivesPasting(text))
    return { pipe: '', data: [`--data-raw ${quote(text)}`] }
  if (body === null) return { pipe: '', data: [`--data-binary @${event.id}.bin`] }
  return { pipe: `printf %s '${base64(body)}' | base64 -d | `, data: ['--data-binary @-'] }
}

/** A terminal makes other characters of these: a carriage return, a bell; a byte order mark gets lost. */
const survivesPasting = (text: string): boolean => !/(?![\t\n])[\p{Cc}\ufeff]/u.test(text)

export const quote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`

/**
 * Headers are bytes, which are kept as one character each; a terminal would send two for "é". What is beyond a byte
 * was put there by us, in the place of a secret.
 */
function quoteHeader(text: string): string {
  if (!/[\u0080-\u00ff]/.test(text)) return quote(text)
  const octal = (byte: number) => `\\0${byte.toString(8).padStart(3, '0')}`
  const bytesOf = (character: string) =>
    character > '\u00ff' ? [...new TextEncoder().encode(character)] : [character.charCodeAt(0)]
  const escaped = text.replace(/[^\w :;,./=+-]/gu, character => bytesOf(character).map(octal).join(''))
  return `"$(printf %b '${escaped}')"`
}

function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 8192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary)
}
