import { brotliDecompress, constants, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib'

type Inflate = (body: Buffer, maxBytes: number) => Promise<Buffer>
type Decompress = (
  body: Buffer,
  options: { maxOutputLength: number },
  done: (error: Error | null, inflated: Buffer) => void,
) => void

/** Off the main thread, and never more than `maxBytes`, however much the body would come to. */
const by =
  (decompress: Decompress): Inflate =>
  (body, maxOutputLength) =>
    new Promise((resolve, reject) =>
      decompress(body, { maxOutputLength }, (error, inflated) => (error ? reject(error) : resolve(inflated))),
    )

/** RFC 9659: a window of 8 MiB at most, else a few bytes could ask for a large one. */
const zstdWindow = { [constants.ZSTD_d_windowLogMax]: 23 }
const unzstd: Decompress = (body, options, done) =>
  zstdDecompress(body, { ...options, params: zstdWindow }, done)

const zlib = by(inflate)
const raw = by(inflateRaw)
/** Some senders leave out the two bytes in front that RFC 9110 asks for. */
const deflate: Inflate = (body, maxBytes) => (hasZlibHeader(body) ? zlib : raw)(body, maxBytes)
const hasZlibHeader = (body: Buffer): boolean =>
  body.length >= 2 && (body[0]! & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0

const encodings: ReadonlyMap<string, Inflate> = new Map([
  ['gzip', by(gunzip)],
  ['x-gzip', by(gunzip)],
  ['deflate', deflate],
  ['br', by(brotliDecompress)],
  ['zstd', by(unzstd)],
])

/** The encoding of a request: null for none, undefined for one that is not understood. */
export function encodingOf(header: string | undefined): string | null | undefined {
  const name = (header ?? '').trim().toLowerCase()
  if (name === '' || name === 'identity') return null
  return encodings.has(name) ? name : undefined
}

export type Inflated =
  | { ok: true; body: Buffer }
  | {
      ok: false
      status: 400 | 413
      reason: 'body.inflates-too-large' | 'body.not-inflatable'
      detail: string
    }

export async function inflateBody(encoding: string, body: Buffer, maxBytes: number): Promise<Inflated> {
  try {
    const inflated = (await encodings.get(encoding)?.(body, maxBytes)) ?? body
    // Memory of its own: it is cloned to the writer's thread as it is.
    const own = Buffer.allocUnsafeSlow(inflated.length)
    inflated.copy(own)
    return { ok: true, body: own }
  } catch (error) {
    const came = `${body.length} bytes of ${encoding}`
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      const detail = `The ${came} inflate to more than ${maxBytes} bytes`
      return { ok: false, status: 413, reason: 'body.inflates-too-large', detail }
    }
    return { ok: false, status: 400, reason: 'body.not-inflatable', detail: `The ${came} cannot be inflated` }
  }
}
