// A tsuru server, as far as somebody asks it for events and webhooks.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { atEnd, type Scope } from './at-end.ts'

export interface TsuruServer {
  url: string
  token: string
  /** Whatever happened there, in the order of its beginning. */
  events: TsuruServerEvent[]
  webhooks: object[]
  /** The queries that were asked for its events. */
  asked: URLSearchParams[]
}

export interface TsuruServerEvent {
  UniqueID: string
  StartTime: string
  Running: boolean
  [field: string]: unknown
}

/** As tsuru lists it. */
export const tsuruEvent = (id: string, startMs: number, set: object = {}): TsuruServerEvent => ({
  UniqueID: id,
  Lock: null,
  StartTime: new Date(startMs).toISOString(),
  EndTime: new Date(startMs + 1000).toISOString(),
  ExpireAt: '0001-01-01T00:00:00Z',
  Target: { Type: 'app', Value: 'myapp' },
  ExtraTargets: null,
  Kind: { Type: 'permission', Name: 'app.deploy' },
  Owner: { Type: 'user', Name: 'me@me.com' },
  SourceIP: '10.0.0.1',
  LockUpdateTime: new Date(startMs).toISOString(),
  Error: '',
  Log: '',
  StructuredLog: null,
  CancelInfo: {
    Owner: '',
    StartTime: '0001-01-01T00:00:00Z',
    AckTime: '0001-01-01T00:00:00Z',
    Reason: '',
    Asked: false,
    Canceled: false,
  },
  Cancelable: false,
  Running: false,
  Allowed: { Scheme: 'app.read.events', Contexts: [{ CtxType: 'app', Value: 'myapp' }] },
  AllowedCancel: { Scheme: '', Contexts: null },
  Instance: { Name: '', Port: '', TLSPort: '', Addresses: [], LastUpdate: '0001-01-01T00:00:00Z' },
  ...set,
})

export async function startTsuruServer(scope: Scope): Promise<TsuruServer> {
  const tsuru: TsuruServer = { url: '', token: 'tsuru-token-of-theirs', events: [], webhooks: [], asked: [] }
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://tsuru')
    const refuse = (status: number, text: string) =>
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
    const list = (items: object[]) =>
      items.length === 0
        ? response.writeHead(204).end()
        : response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(items)}\n`)
    if (request.headers.authorization !== `bearer ${tsuru.token}`)
      return refuse(401, 'You must provide a valid Authorization header')
    if (pathname === '/1.6/events/webhooks') return list(tsuru.webhooks)
    if (pathname !== '/1.1/events') return refuse(404, '404 page not found')
    tsuru.asked.push(searchParams)
    const since = Date.parse(searchParams.get('since') ?? '')
    const skip = Number(searchParams.get('skip') ?? 0)
    const limit = Math.min(100, Number(searchParams.get('limit') || 100))
    const inOrder = tsuru.events
      .filter(({ StartTime }) => Date.parse(StartTime) >= since)
      .toSorted((a, b) => (a.StartTime < b.StartTime ? -1 : 1))
    return list(inOrder.slice(skip, skip + limit))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  tsuru.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  atEnd(scope, async () => {
    server.closeAllConnections()
    await new Promise<void>(resolve => server.close(() => resolve()))
  })
  return tsuru
}
