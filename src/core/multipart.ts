import { type MultipartPart, parseMultipart } from '@remix-run/multipart-parser'

/** One part of a multipart body. What it says of itself is the sender's word. */
export interface Part {
  name: string | null
  filename: string | null
  contentType: string | null
  bytes: Buffer
}

const maxParts = 1000
const maxHeaderBytes = 8 * 1024

const isMultipart = (contentType: string | null): boolean => /^\s*multipart\//i.test(contentType ?? '')

/** Null for what is no multipart, or cannot be read as what it says it is. The bytes are views of the body. */
export function readParts(contentType: string | null, body: Uint8Array): Part[] | null {
  const boundary = isMultipart(contentType) ? boundaryOf(contentType!) : null
  if (boundary === null) return null
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  // What stands before the first boundary is for readers that know no multipart (RFC 2046 section 5.1.1).
  const start = bytes.indexOf(`--${boundary}`)
  // The library takes a part without headers for the headers of the next one.
  if (start === -1 || bytes.includes(`--${boundary}\r\n\r\n`)) return null
  const options = {
    boundary,
    maxParts,
    maxHeaderSize: maxHeaderBytes,
    maxFileSize: bytes.length,
    maxTotalSize: bytes.length,
  }
  try {
    return Array.from(parseMultipart(bytes.subarray(start), options), toPart)
  } catch {
    return null
  }
}

function toPart(part: MultipartPart): Part {
  const [first, ...more] = part.content
  return {
    name: part.name ?? null,
    filename: part.filename ?? null,
    contentType: part.headers['content-type'] ?? null,
    bytes: more.length === 0 ? asBuffer(first ?? new Uint8Array()) : Buffer.concat(part.content),
  }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** RFC 2046: at most 70 characters, quoted or not. */
function boundaryOf(contentType: string): string | null {
  const found = /;\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70})(?=[\s;]|$))/i.exec(contentType)
  const boundary = found?.[1] ?? found?.[2]
  return boundary === undefined || /[^\x20-\x7e]/.test(boundary) ? null : boundary
}
