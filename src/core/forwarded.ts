import { type AddressList, plainAddress } from './address.ts'

/**
 * What proxies say of a request that they passed on. Each adds to the right of what it got, so only what stands to the
 * right of the first address that is not trusted is known; all else the sender may have made up.
 */
export interface Forwarded {
  /** The sender's address; of an unreadable one `unknown, through <the last proxy that is known>`. */
  sender: string
  /** The host that was asked for, as the nearest proxy says; null when it says nothing. */
  host: string | null
  protocol: 'http' | 'https' | null
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** `peer` is who opened the connection: what the headers say counts only if it is a trusted proxy. */
export function readForwarded(peer: string, headers: Headers, trusted: AddressList): Forwarded {
  const nearest = plainAddress(peer) ?? peer
  if (!trusted.has(nearest)) return { sender: nearest, host: null, protocol: null }
  const legacy = textOf(headers['x-forwarded-for'])
  const standard = textOf(headers['forwarded'])
  const elements = standard === null ? null : parseForwarded(standard)
  const senders = [
    ...(legacy === null ? [] : [walk(nearest, addressesIn(legacy), trusted)]),
    ...(standard === null ? [] : [walk(nearest, elements?.map(nodeOf) ?? [null], trusted)]),
  ]
  const last = elements?.at(-1)
  const protocol = lastOf(textOf(headers['x-forwarded-proto'])) ?? last?.get('proto') ?? null
  return {
    // A proxy writes one of the two headers and may pass on what its client put into the other: two that differ
    // are one too many.
    sender: senders.every(sender => sender === senders[0]) ? (senders[0] ?? nearest) : unknown(nearest),
    host: lastOf(textOf(headers['x-forwarded-host'])) ?? last?.get('host') ?? null,
    protocol: protocol === 'https' || protocol === 'http' ? protocol : null,
  }
}

const unknown = (through: string): string => `unknown, through ${through}`

/** From the right, as long as whoever spoke is trusted. */
function walk(nearest: string, hops: readonly (string | null)[], trusted: AddressList): string {
  let sender = nearest
  for (const hop of hops.toReversed()) {
    if (!trusted.has(sender)) break
    if (hop === null) return unknown(sender)
    sender = hop
  }
  return sender
}

const addressesIn = (header: string): (string | null)[] =>
  header.split(',').map(part => withoutPort(part.trim()))

/** `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::7`, `[2001:db8::7]:4711`. */
function withoutPort(text: string): string | null {
  const parts = /^\[([^\]]*)\](?::\w+)?$/.exec(text) ?? /^(\d+\.\d+\.\d+\.\d+):\w+$/.exec(text)
  return plainAddress(parts?.[1] ?? text)
}

/** `unknown` and `_hidden` are nodes too, but no addresses. */
const nodeOf = (element: ReadonlyMap<string, string>): string | null => {
  const node = element.get('for')
  return node === undefined ? null : withoutPort(node)
}

const pair = /\s*([!#$%&'*+.^_`|~\w-]+)=(?:([!#$%&'*+.^_`|~\w-]+)|"((?:[^"\\]|\\.)*)")\s*(;|,|$)/y

/** RFC 7239 section 4: elements with commas between them, pairs with semicolons. Null: it cannot be read. */
export function parseForwarded(header: string): Map<string, string>[] | null {
  const elements: Map<string, string>[] = [new Map()]
  pair.lastIndex = 0
  for (;;) {
    const [, name, token, quoted, end] = pair.exec(header) ?? []
    const element = elements.at(-1)
    if (name === undefined || element === undefined || element.has(name.toLowerCase())) return null
    element.set(name.toLowerCase(), token ?? (quoted ?? '').replaceAll(/\\(.)/g, '$1'))
    if (end === '') return elements
    if (end === ',') elements.push(new Map())
  }
}

const textOf = (header: string | string[] | undefined): string | null =>
  header === undefined ? null : Array.isArray(header) ? header.join(',') : header

const lastOf = (list: string | null): string | null => list?.split(',').at(-1)?.trim().toLowerCase() || null
