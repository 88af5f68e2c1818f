import type { IncomingMessage } from 'node:http'

export type BodyRead =
  | { ok: true; body: Buffer }
  | { ok: false; status: 400 | 408 | 413; reason: 'body.too-large' | 'body.too-slow' | 'body.cut-off' }

/** Reads a body as the bytes it is. The time is for all of it, so that a byte a second does not hold a place. */
export function readBody(request: IncomingMessage, maxBytes: number, timeoutMs: number): Promise<BodyRead> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > maxBytes) return Promise.resolve({ ok: false, status: 413, reason: 'body.too-large' })
  if (request.destroyed) return Promise.resolve(cutOff)
  return new Promise(resolve => {
    const chunks: Buffer[] = []
    let bytes = 0
    const finish = (read: BodyRead) => {
      clearTimeout(timer)
      // What still comes flows on unseen, so that the connection can carry another request.
      request.off('data', take).off('end', end).off('close', close)
      resolve(read)
    }
    const take = (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > maxBytes) finish({ ok: false, status: 413, reason: 'body.too-large' })
    }
    const end = () => finish({ ok: true, body: joined(chunks, bytes) })
    const close = () => finish(cutOff)
    const timer = setTimeout(() => finish({ ok: false, status: 408, reason: 'body.too-slow' }), timeoutMs)
    // An error is followed by close; unheard it would end the process.
    request
      .on('data', take)
      .on('end', end)
      .on('close', close)
      .on('error', () => {})
  })
}

const cutOff: BodyRead = { ok: false, status: 400, reason: 'body.cut-off' }

/** Memory of its own, never a view of a shared page: it is cloned to the writer's thread as it is. */
function joined(chunks: readonly Buffer[], bytes: number): Buffer {
  const body = Buffer.allocUnsafeSlow(bytes)
  let at = 0
  for (const chunk of chunks) at += chunk.copy(body, at)
  return body
}
