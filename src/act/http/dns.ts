import { lookup } from 'node:dns'
import { isIP } from 'node:net'
import { LRUCache } from 'lru-cache'

export interface ResolvedAddress {
  address: string
  family: number
}

/** All addresses of a name, in the order in which they should be tried. Rejects with an error whose `code` is getaddrinfo's. */
export type DnsLookup = (hostname: string) => Promise<ResolvedAddress[]>

/**
 * The system's own resolver (hosts file, search domains). It has only libuv's 4 threads, which file access shares:
 * lookups under way are joined, and answers kept for 5 s, so that a target which closes each connection costs one lookup
 * in 5 s and not one a call. What is kept is judged by the guard again at every use.
 */
export function createDnsLookup(): DnsLookup {
  const answers = new LRUCache<string, Promise<ResolvedAddress[]>>({ max: 1_000, ttl: 5_000 })
  return hostname => {
    const known = answers.get(hostname)
    if (known) return known
    const answer = resolveAll(hostname)
    answers.set(hostname, answer)
    answer.catch(() => {
      if (answers.peek(hostname) === answer) answers.delete(hostname)
    })
    return answer
  }
}

function resolveAll(hostname: string): Promise<ResolvedAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(hostname, { all: true, order: 'verbatim' }, (error, addresses) => {
      if (error) reject(error)
      else resolve(addresses)
    })
  })
}

/** A literal is its own answer: resolvers are never asked about one. */
export const literal = (hostname: string): ResolvedAddress[] | null => {
  const family = isIP(hostname)
  return family === 0 ? null : [{ address: hostname, family }]
}
