import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { addressList, plainAddress } from '../core/address.ts'
import { type Forwarded, readForwarded } from '../core/forwarded.ts'

/** What is known of a request through the proxies before it. */
export interface Proxies {
  /** Looks at a request as it comes in; from then on its `ip` is the sender's own address. */
  observe(request: { ip: string; raw: IncomingMessage }): void
  /** The host that the sender asked for: what a trusted proxy says, else what the request says. */
  hostOf(headers: IncomingHttpHeaders): string | undefined
  /** Whether the sender came by https, as far as a trusted proxy says so. */
  isSecure(headers: IncomingHttpHeaders): boolean
}

/** Without trusted proxies no forwarding header is ever looked at. */
export function createProxies(trustedProxies: readonly string[]): Proxies {
  const trusted = addressList(trustedProxies)
  const none = trustedProxies.length === 0
  const told = new WeakMap<IncomingHttpHeaders, Forwarded>()
  return {
    observe(request) {
      const peer = request.raw.socket.remoteAddress ?? ''
      if (none || !trusted.has(peer)) {
        // A socket of both families shows an IPv4 peer as ::ffff:192.0.2.7.
        if (peer.startsWith('::ffff:')) setAddress(request, plainAddress(peer) ?? peer)
        return
      }
      const forwarded = readForwarded(peer, request.raw.headers, trusted)
      told.set(request.raw.headers, forwarded)
      setAddress(request, forwarded.sender)
    },
    hostOf: headers => told.get(headers)?.host ?? headers.host,
    isSecure: headers => told.get(headers)?.protocol === 'https',
  }
}

const setAddress = (request: object, address: string): void =>
  void Object.defineProperty(request, 'ip', { value: address, configurable: true })
