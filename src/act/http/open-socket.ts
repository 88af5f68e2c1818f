import { connect as connectTcp, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { type AddressGuard, allowSetting, type InnerTarget, type Verdict } from './address-guard.ts'
import { type Destination, isForwarded, serverName } from './destination.ts'
import { type DnsLookup, literal, type ResolvedAddress } from './dns.ts'
import { CallError, connectFailure, dnsFailure, failure, tlsFailure } from './failure.ts'
import { tunnel } from './proxy.ts'

/** A socket on its way: name → addresses → guard → TCP → guard again → proxy → TLS. */
export interface Opening {
  phase: 'looking up the name' | 'connecting' | 'asking the proxy' | 'negotiating TLS'
  /** What to destroy when nobody waits for it any more. */
  socket: Socket | null
  cancelled: boolean
  dnsMs?: number
  connectMs?: number
}

export interface Opened {
  socket: Socket
  remoteAddress: string | null
  /** Open only because loopback may be called just now. */
  loopback: boolean
}

/** In the place of `socketPath`, where the operator wants no such target. */
export async function refuseInner(): Promise<never> {
  throw new CallError(
    failure('target.address-refused', 'There is no practice target here: the operator has switched it off.'),
  )
}

export const newOpening = (): Opening => ({ phase: 'looking up the name', socket: null, cancelled: false })

export function cancelOpening(opening: Opening): void {
  opening.cancelled = true
  opening.socket?.destroy()
}

/**
 * Opens a socket that HTTP can be spoken on, and lets none be opened to an address that the guard refuses.
 * The addresses that were judged are the ones connected to: no second lookup happens, so a name that changes its mind
 * in between gains nothing; Host and SNI still carry the name. Throws a CallError.
 *
 * Through a proxy it is the proxy's own address that is connected to and judged (a company's proxy has to be listed).
 * The target's name is resolved there, out of sight, so of the target only a literal or a well-known local name can be
 * refused here: what else a proxy lets through is the proxy's to say.
 */
export async function openSocket(
  destination: Destination,
  guard: AddressGuard,
  lookup: DnsLookup,
  opening: Opening,
): Promise<Opened> {
  const { proxy } = destination
  const startedAt = performance.now()
  if (guard.inner?.origin === destination.origin) return openInner(guard.inner, destination, opening)
  if (proxy) refuse(guard.judgeName(destination.hostname), destination.hostname, destination.hostname)
  const { hostname, port } = proxy ?? destination
  const addresses = await resolve(hostname, lookup)
  opening.dnsMs = performance.now() - startedAt
  stopIfCancelled(opening)
  for (const { address } of addresses) refuse(guard.judge(hostname, address), hostname, address)

  opening.phase = 'connecting'
  let socket = await connect(hostname, port, addresses, opening, proxy !== null)
  try {
    stopIfCancelled(opening)
    const remoteAddress = peerOf(socket, hostname)
    const verdict = guard.judge(hostname, remoteAddress)
    refuse(verdict, hostname, remoteAddress)
    if (proxy?.kind === 'https') socket = await secure(socket, proxy.hostname, false, opening)
    if (proxy && !isForwarded(destination)) {
      opening.phase = 'asking the proxy'
      socket = await tunnel(socket, proxy, destination)
    }
    if (destination.secure) socket = await secure(socket, destination.hostname, destination.insecure, opening)
    stopIfCancelled(opening)
    opening.connectMs = performance.now() - startedAt - opening.dnsMs
    return { socket, remoteAddress, loopback: verdict.allowed && verdict.because === 'loopback' }
  } catch (error) {
    opening.socket?.destroy()
    socket.destroy()
    throw error
  }
}

async function openInner(inner: InnerTarget, destination: Destination, opening: Opening): Promise<Opened> {
  const peer = `${destination.hostname}:${destination.port}`
  const path = await inner.socketPath()
  if (destination.proxy) {
    const reason = `${destination.hostname} is inside of Signalbox, where no proxy leads. Leave the proxy out.`
    throw new CallError({ ...failure('target.proxy', reason), permanent: true })
  }
  if (path === null) {
    const refused = Object.assign(new Error('its switch says down'), { code: 'ECONNREFUSED' })
    throw new CallError(connectFailure(refused, peer))
  }
  stopIfCancelled(opening)
  opening.phase = 'connecting'
  const startedAt = performance.now()
  const socket = await connected(connectTcp({ path }), peer, opening, false)
  opening.connectMs = performance.now() - startedAt
  return { socket, remoteAddress: null, loopback: false }
}

/** A peer that hung up at once has no address any more: that is no case for the guard. */
function peerOf(socket: Socket, hostname: string): string {
  if (socket.remoteAddress !== undefined) return socket.remoteAddress
  throw new CallError(
    connectFailure(Object.assign(new Error('closed at once'), { code: 'ECONNRESET' }), hostname),
  )
}

function stopIfCancelled(opening: Opening): void {
  if (opening.cancelled)
    throw new CallError(failure('target.aborted', 'Nobody waits for this connection any more.'))
}

function refuse(verdict: Verdict, hostname: string, address: string): void {
  if (verdict.allowed) return
  const subject = hostname === address ? hostname : `${hostname} leads to an address that`
  throw new CallError(
    failure(
      'target.address-refused',
      `${subject} is ${verdict.kind}, and Signalbox calls only public addresses. ` +
        `If it should be called, an operator adds ${hostname} or its network to ${allowSetting}.`,
      `${hostname} is at ${address} (${verdict.kind}), which ${allowSetting} does not list`,
    ),
  )
}

async function resolve(hostname: string, lookup: DnsLookup): Promise<ResolvedAddress[]> {
  const itself = literal(hostname)
  if (itself) return itself
  let addresses: ResolvedAddress[]
  try {
    addresses = await lookup(hostname)
  } catch (error) {
    throw new CallError(dnsFailure(error, hostname))
  }
  if (addresses.length > 0) return addresses
  throw new CallError(failure('target.dns', `The host name ${hostname} has no address.`))
}

function connect(
  hostname: string,
  port: number,
  addresses: ResolvedAddress[],
  opening: Opening,
  isProxy: boolean,
): Promise<Socket> {
  // With several addresses Node races them (RFC 8305), and asks this for them; never the resolver again.
  const judged: LookupFunction = (_hostname, options, done) => {
    const first = addresses[0]
    if (options.all || first === undefined) done(null, addresses)
    else done(null, first.address, first.family)
  }
  const socket = connectTcp({
    host: hostname,
    port,
    lookup: judged,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
  })
  return connected(socket, `${hostname}:${port}`, opening, isProxy)
}

function connected(socket: Socket, peer: string, opening: Opening, isProxy: boolean): Promise<Socket> {
  return new Promise((fulfil, reject) => {
    opening.socket = socket
    const closed = () =>
      reject(
        new CallError(failure('target.reset', `${peer} closed the connection while it was being opened.`)),
      )
    socket.once('close', closed)
    socket.once('connect', () => {
      socket.off('close', closed)
      fulfil(socket)
    })
    // Stays for good: an error between two owners of the socket must find a listener.
    socket.on('error', error => {
      const reason = connectFailure(error, peer)
      reject(
        new CallError(
          isProxy ? { ...reason, code: 'target.proxy', message: `The proxy: ${reason.message}` } : reason,
        ),
      )
    })
  })
}

function secure(socket: Socket, hostname: string, insecure: boolean, opening: Opening): Promise<TLSSocket> {
  opening.phase = 'negotiating TLS'
  const servername = serverName(hostname)
  return new Promise((fulfil, reject) => {
    const tls = connectTls({
      socket,
      host: hostname,
      ...(servername === undefined ? {} : { servername }),
      rejectUnauthorized: !insecure,
      ALPNProtocols: ['http/1.1'],
    })
    opening.socket = tls
    const closed = () =>
      reject(new CallError(tlsFailure(new Error('the connection was closed during the handshake'), hostname)))
    tls.once('close', closed)
    tls.once('secureConnect', () => {
      tls.off('close', closed)
      fulfil(tls)
    })
    tls.on('error', error => reject(new CallError(tlsFailure(error, hostname))))
  })
}
