import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Behaviour, Setting } from './behaviour.ts'
import { prove, type Sender } from './proof.ts'
import { type Received, readContent, ReceivedList, shownHeaders } from './received.ts'

/**
 * A receiver to practise with: reactions call it as they call any other, and it answers as its switch says.
 *
 * It listens on no port. Its name, which RFC 6761 keeps out of every public name service, leads the outgoing call to a
 * socket in a folder that only this user may enter; so nobody but a reaction reaches it, and no loopback address has to
 * be opened for it. It keeps a little of what came, and sends nothing to anybody.
 */
export interface PracticeTarget {
  readonly url: string
  readonly setting: Setting
  /** How many requests came since the start. */
  readonly count: number
  /** The last ones, newest first. */
  readonly requests: readonly Received[]
  set(setting: Setting): void
  clear(): void
  /** Where it listens now; null while nothing does. */
  socketPath(): Promise<string | null>
  stop(): Promise<void>
}

export interface PracticeOptions {
  setting: Setting
  now(): number
  /** Who sent a request with these headers; null for somebody else. */
  senderOf(headers: IncomingMessage['headers']): Promise<Sender | null>
  onError(error: unknown): void
}

const host = 'practice.localhost'
export const practiceOrigin = `http://${host}`
/** Under which the position of the switch is stored. */
export const practiceKey = 'practice'
const redirectedPath = '/redirected'

export function createPracticeTarget({ setting, now, senderOf, onError }: PracticeOptions): PracticeTarget {
  const list = new ReceivedList()
  const waiting = new Set<() => void>()
  let current = setting
  let listening: Promise<Listener> | null = null

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const atMs = now()
    const content = await readContent(request)
    const sender = await senderOf(request.headers).catch((error: unknown) => {
      onError(error)
      return null
    })
    const { method = '', url: path = '' } = request
    const hide = sender?.hide ?? (text => text)
    const received: Received = {
      number: list.nextNumber(),
      receivedAtMs: atMs,
      method,
      path: hide(path),
      headers: shownHeaders(request.rawHeaders, hide),
      body: hide(content.kept.toString('utf8')),
      bodyBytes: content.bytes,
      bodyTruncated: content.bytes > content.kept.length,
      answeredStatus: null,
      proof: prove(sender, { headers: request.headers, method, path, body: content.whole, atMs }),
    }
    list.add(received)
    if (current.behaviour === 'slow') await pause(current.delayMs)
    received.answeredStatus = answer(current.behaviour, path, response, received.number)
  }

  /** Until the time is over, or the switch is turned. */
  const pause = (delayMs: number): Promise<void> =>
    new Promise(resolve => {
      const end = () => {
        clearTimeout(timer)
        waiting.delete(end)
        resolve()
      }
      const timer = setTimeout(end, delayMs)
      waiting.add(end)
    })

  const close = async (): Promise<void> => {
    const open = listening
    listening = null
    for (const end of waiting) end()
    await (await open)?.close()
  }

  return {
    url: `${practiceOrigin}/`,
    get setting() {
      return current
    },
    get count() {
      return list.count
    },
    get requests() {
      return list.requests
    },
    set(next) {
      current = next
      for (const end of waiting) end()
      if (next.behaviour === 'down') void close().catch(onError)
    },
    clear: () => list.clear(),
    async socketPath() {
      if (current.behaviour === 'down') return null
      listening ??= listen((request, response) => {
        receive(request, response).catch((error: unknown) => {
          response.destroy()
          if (!request.destroyed) onError(error)
        })
      })
      return (await listening).path
    },
    stop: close,
  }
}

const statuses: Record<Exclude<Behaviour, 'down'>, number> = {
  ok: 200,
  fail: 500,
  slow: 200,
  gone: 410,
  redirect: 307,
}

/** Answers the status, or null where the connection is cut instead. */
function answer(behaviour: Behaviour, path: string, response: ServerResponse, number: number): number | null {
  if (behaviour === 'down') {
    response.destroy()
    return null
  }
  const arrived = behaviour === 'redirect' && path === redirectedPath
  const status = arrived ? 200 : statuses[behaviour]
  response.writeHead(status, {
    'content-type': 'application/json',
    // A kept connection would meet `down` as a reset instead of a refusal.
    connection: 'close',
    ...(status === 307 ? { location: practiceOrigin + redirectedPath } : {}),
  })
  response.end(`${JSON.stringify({ practice: behaviour, request: number })}\n`)
  return response.destroyed ? null : status
}

interface Listener {
  path: string
  close(): Promise<void>
}

async function listen(
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Listener> {
  const place = socketPlace()
  const server: Server = createServer({ headersTimeout: 10_000, requestTimeout: 120_000 }, onRequest)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(place.path, resolve)
  })
  // Alone it keeps no process from ending.
  server.unref()
  return {
    path: place.path,
    async close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
      place.remove()
    },
  }
}

/** A folder that only this user may enter, so that file permissions keep everybody else away. */
function socketPlace(): { path: string; remove(): void } {
  if (process.platform === 'win32')
    return { path: `\\\\.\\pipe\\signalbox-practice-${randomUUID()}`, remove: () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-'))
  return {
    path: join(folder, 'practice'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
