/** Go's strings are UTF-8 bytes; ours are UTF-16. Lengths, positions and order follow Go. */

export const byteLength = (text: string): number => Buffer.byteLength(text)

/** The bytes [from, to). A cut through a character leaves U+FFFD, one for each of its bytes. */
export function sliceBytes(text: string, from: number, to: number): string {
  const bytes = Buffer.from(text)
  return bytes.length === text.length ? text.slice(from, to) : decodeUtf8(bytes.subarray(from, to))
}

export function byteAt(text: string, index: number): number {
  const bytes = Buffer.from(text)
  return bytes[index] as number
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** As Go reads broken UTF-8: one U+FFFD a byte (the Web's decoder makes one of several). */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return decodeBroken(bytes)
  }
}

function decodeBroken(bytes: Uint8Array): string {
  const parts: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at)
    parts.push(length === 0 ? replacement : bytes.subarray(at, at + length))
    at += Math.max(length, 1)
  }
  return strict.decode(Buffer.concat(parts))
}

const replacement = Buffer.from('\ufffd')

/** Of the valid sequence that begins here; 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  for (let index = 1; index < length; index++) {
    const next = bytes[at + index] ?? 0
    const lowest = index === 1 && first === 0xe0 ? 0xa0 : index === 1 && first === 0xf0 ? 0x90 : 0x80
    const highest = index === 1 && first === 0xed ? 0x9f : index === 1 && first === 0xf4 ? 0x8f : 0xbf
    if (next < lowest || next > highest) return 0
  }
  return length
}

/** Order of the UTF-8 bytes, which is that of code points; UTF-16 puts astral characters before U+E000. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const x = a.charCodeAt(index)
    const y = b.charCodeAt(index)
    if (x !== y) return byCodePoint(x) - byCodePoint(y)
  }
  return a.length - b.length
}

const byCodePoint = (unit: number): number =>
  unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800
