import type { buildConnector } from 'undici'
import Client from 'undici/lib/dispatcher/client.js'
import type { AddressGuard } from './address-guard.ts'
import type { Destination } from './destination.ts'
import type { DnsLookup } from './dns.ts'
import { CallError, connectFailure } from './failure.ts'
import { cancelOpening, newOpening, type Opened, type Opening, openSocket } from './open-socket.ts'

/**
 * Open connections, by destination. One undici Client is one connection that carries one exchange at a time:
 *
 *  (new) ──→ leased ──release──→ idle ──→ leased …
 *              │                  └── closed by either side, too many idle, no longer allowed ──→ gone
 *              └── discard (the exchange failed or was cut short) ──→ gone
 *
 * Our own instead of undici's Pool, because there a call that waits, for a connection or for its opening, cannot be taken
 * out again: of a dead target's queue each entry would be dialled for after its deadline. Here it leaves at once.
 */
export interface Connection {
  client: Client
  lane: Lane
  /** What is under way or was done last to open the socket. */
  opening: Opening
  opened: Opened | null
  /** The last error that the socket met, also where undici takes it for the end of an answer. */
  socketError: Error | null
  /** Exchanges that this socket has carried. */
  served: number
  idle: boolean
}

interface Lane {
  destination: Destination
  idle: Connection[]
  leased: number
  waiting: Set<Waiter>
}

export interface Waiter {
  onConnection(connection: Connection): void
}

export interface Connections {
  /** Hands the waiter a connection, at once or when one is free; a fresh one if an idle one may have gone stale. */
  acquire(destination: Destination, waiter: Waiter, fresh: boolean): void
  /** The waiter waits no longer. */
  leave(destination: Destination, waiter: Waiter): void
  release(connection: Connection): void
  discard(connection: Connection): void
  /** Ends idle connections, now and as they are released. */
  close(): void
}

const maxIdle = 512
/** Below the 5 s after which node:http servers hang up; a `Keep-Alive: timeout=` of the target's is heeded up to 60 s. */
const keepAliveMs = 4_000
const maxKeepAliveMs = 60_000
const maxHeaderBytes = 16_384

export function createConnections(guard: AddressGuard, lookup: DnsLookup, maxPerOrigin: number): Connections {
  const lanes = new Map<string, Lane>()
  /** Oldest first. */
  const idleOnes = new Set<Connection>()
  let closing = false

  const laneOf = (destination: Destination): Lane => {
    const known = lanes.get(destination.key)
    if (known) return known
    const lane = { destination, idle: [], leased: 0, waiting: new Set<Waiter>() }
    lanes.set(destination.key, lane)
    return lane
  }

  const open = (lane: Lane): Connection => {
    const connection: Connection = {
      client: new Client(lane.destination.origin, {
        connect: (_options, done) => void openInto(connection, guard, lookup, done),
        pipelining: 1,
        allowH2: false,
        keepAliveTimeout: keepAliveMs,
        keepAliveMaxTimeout: maxKeepAliveMs,
        maxHeaderSize: maxHeaderBytes,
        // The call's one deadline stands above both.
        headersTimeout: 0,
        bodyTimeout: 0,
      }),
      lane,
      opening: newOpening(),
      opened: null,
      socketError: null,
      served: 0,
      idle: false,
    }
    connection.client.on('disconnect', () => {
      if (connection.idle) end(connection)
    })
    return connection
  }

  const end = (connection: Connection): void => {
    if (connection.idle) {
      connection.idle = false
      idleOnes.delete(connection)
      const { idle } = connection.lane
      idle.splice(idle.indexOf(connection), 1)
    }
    cancelOpening(connection.opening)
    void connection.client.destroy()
    forgetIfEmpty(connection.lane)
  }

  const forgetIfEmpty = (lane: Lane): void => {
    if (lane.leased === 0 && lane.idle.length === 0 && lane.waiting.size === 0)
      lanes.delete(lane.destination.key)
  }

  const mayBeUsed = ({ opened }: Connection): boolean => !opened?.loopback || guard.loopbackAllowed()

  /** The one used last, which is the least likely to have gone stale. */
  const takeIdle = (lane: Lane): Connection | null => {
    for (const connection of lane.idle.toReversed()) {
      if (!mayBeUsed(connection)) {
        end(connection)
        continue
      }
      lane.idle.pop()
      idleOnes.delete(connection)
      connection.idle = false
      return connection
    }
    return null
  }

  const acquire = (destination: Destination, waiter: Waiter, fresh: boolean): void => {
    const lane = laneOf(destination)
    // Leased and idle ones together are never more than the limit: here none is idle.
    if (lane.leased >= maxPerOrigin) {
      lane.waiting.add(waiter)
      return
    }
    lane.leased += 1
    const connection = fresh ? null : takeIdle(lane)
    const [oldest] = lane.idle
    if (connection === null && oldest && lane.leased + lane.idle.length > maxPerOrigin) end(oldest)
    waiter.onConnection(connection ?? open(lane))
  }

  const nextWaiter = (lane: Lane): Waiter | undefined => {
    const [waiter] = lane.waiting
    if (waiter) lane.waiting.delete(waiter)
    return waiter
  }

  const release = (connection: Connection): void => {
    if (closing || !mayBeUsed(connection)) {
      discard(connection)
      return
    }
    connection.served += 1
    const { lane } = connection
    const waiter = nextWaiter(lane)
    if (waiter) {
      waiter.onConnection(connection)
      return
    }
    lane.leased -= 1
    connection.idle = true
    lane.idle.push(connection)
    idleOnes.add(connection)
    const [oldest] = idleOnes
    if (oldest && idleOnes.size > maxIdle) end(oldest)
  }

  /** Its place, if somebody waits for it, is passed on to a new connection. */
  const discard = (connection: Connection): void => {
    const { lane } = connection
    const waiter = nextWaiter(lane)
    if (!waiter) lane.leased -= 1
    end(connection)
    waiter?.onConnection(open(lane))
  }

  const leave = (destination: Destination, waiter: Waiter): void => {
    const lane = lanes.get(destination.key)
    lane?.waiting.delete(waiter)
    if (lane) forgetIfEmpty(lane)
  }

  const close = (): void => {
    closing = true
    for (const connection of idleOnes) end(connection)
  }
  return { acquire, leave, release, discard, close }
}

/**
 * undici asks for a socket: at the first exchange, and again when one was closed before a request was written to it.
 * An error handed back must not have undici's own codes: after UND_ERR_SOCKET it would dial again for ever.
 */
async function openInto(
  connection: Connection,
  guard: AddressGuard,
  lookup: DnsLookup,
  done: buildConnector.Callback,
): Promise<void> {
  connection.opening = newOpening()
  connection.served = 0
  connection.socketError = null
  let opened: Opened
  try {
    opened = await openSocket(connection.lane.destination, guard, lookup, connection.opening)
  } catch (error) {
    const { host } = new URL(connection.lane.destination.origin)
    done(new CallError(connectFailure(error, host)), null)
    return
  }
  connection.opened = opened
  opened.socket.on('error', error => {
    connection.socketError = error
  })
  done(null, opened.socket)
}
