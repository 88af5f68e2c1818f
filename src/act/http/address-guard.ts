import ipaddr from 'ipaddr.js'

/** What an operator lets Signalbox call besides the public internet. */
export interface AddressAllowList {
  everything: boolean
  hosts: ReadonlySet<string>
  /** `.corp.example` for an entry `*.corp.example`. */
  suffixes: readonly string[]
  networks: readonly Network[]
}
type Address = ipaddr.IPv4 | ipaddr.IPv6
type Network = [address: Address, prefixBits: number]

/** Why an address may be called, or which kind of address it is that may not. */
export type Verdict =
  | { allowed: true; because: 'public' | 'listed' | 'loopback' }
  | { allowed: false; kind: string }

export interface AddressGuard {
  /**
   * May a socket be opened to `address`, which `hostname` resolved to (or is)?
   * Asked for every resolved address before connecting, and again for the one the socket came to.
   */
  judge(hostname: string, address: string): Verdict
  /** May a proxy be asked for `hostname`? The proxy resolves it, so only the name, or the literal, can be judged. */
  judgeName(hostname: string): Verdict
  loopbackAllowed(): boolean
  inner: InnerTarget | null
}

/**
 * A target inside of this process, known by its origin. For that origin, and for no other, a socket of ours is opened
 * instead of an address: no name is looked up, and what the guard says of addresses stays as it is.
 */
export interface InnerTarget {
  /** `http://practice.localhost` */
  origin: string
  /** Where it listens now; null while nothing does. Throws a CallError when it may not be called at all. */
  socketPath(): Promise<string | null>
}

/** What a refusal tells the user to ask for. */
export const allowSetting = 'SIGNALBOX_ALLOW_TARGETS (--allow-targets)'

/**
 * Reads the setting: host names (`*.corp.example` for all below one), addresses, CIDRs, or `*` for everything.
 * Throws an Error naming the entry that is none of these.
 */
export function parseAllowList(entries: readonly string[]): AddressAllowList {
  const hosts = new Set<string>()
  const suffixes: string[] = []
  const networks: Network[] = []
  let everything = false
  for (const entry of entries.map(e => e.trim().toLowerCase()).filter(e => e !== '')) {
    const network = parseNetwork(entry)
    if (entry === '*') everything = true
    else if (network) networks.push(network)
    else if (/^\*(\.[a-z0-9_-]+)+$/.test(entry)) suffixes.push(entry.slice(1))
    else if (/^([a-z0-9_-]+\.)*[a-z0-9_-]*[a-z_-][a-z0-9_-]*\.?$/.test(entry)) hosts.add(withoutDot(entry))
    else {
      throw new Error(
        `${allowSetting}: "${entry}" is not a host name, an address, a CIDR or *. ` +
          'Write names without scheme, port or path: wiki.corp.example, *.corp.example, 10.1.0.0/16, fd00::/8.',
      )
    }
  }
  return { everything, hosts, suffixes, networks }
}

function parseNetwork(entry: string): Network | null {
  const bare = entry.replace(/^\[(.*)\]/, '$1')
  // Only four decimal parts: `10.1` and `010.0.0.1` mean different things to different readers.
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(bare) || ipaddr.IPv6.isValidCIDR(bare))
    return ipaddr.parseCIDR(bare)
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return [ipaddr.IPv4.parse(bare), 32]
  return ipaddr.IPv6.isValid(bare) ? [ipaddr.IPv6.parse(bare), 128] : null
}

const withoutDot = (hostname: string): string => (hostname.endsWith('.') ? hostname.slice(0, -1) : hostname)

const globalIpv6 = ipaddr.IPv6.parseCIDR('2000::/3')
/** Azure's metadata and agent endpoint lives on an address that is public by its range. */
const metadataAddresses = new Set(['168.63.129.16'])
const localNames = /(^|\.)(localhost|metadata\.google\.internal|metadata\.goog|instance-data)$/

/** `allowLoopback` is a question, not a fact: the trial rules that allow it can end while the process runs. */
export function createAddressGuard(
  allow: AddressAllowList,
  allowLoopback: () => boolean,
  inner: InnerTarget | null = null,
): AddressGuard {
  const listed = (hostname: string, address: Address | null): boolean => {
    if (allow.everything) return true
    const name = withoutDot(hostname.toLowerCase())
    if (allow.hosts.has(name) || allow.suffixes.some(suffix => name.endsWith(suffix))) return true
    return address !== null && allow.networks.some(network => contains(network, address))
  }

  const judge = (hostname: string, text: string): Verdict => {
    const address = ipaddr.isValid(text) ? ipaddr.parse(text) : null
    if (listed(hostname, address)) return { allowed: true, because: 'listed' }
    const kind = address === null ? 'unreadable' : kindOf(address)
    if (kind === 'public') return { allowed: true, because: 'public' }
    if (kind === 'loopback' && allowLoopback()) return { allowed: true, because: 'loopback' }
    return { allowed: false, kind }
  }

  const judgeName = (hostname: string): Verdict => {
    if (ipaddr.isValid(hostname)) return judge(hostname, hostname)
    if (listed(hostname, null)) return { allowed: true, because: 'listed' }
    if (localNames.test(withoutDot(hostname.toLowerCase()))) return { allowed: false, kind: 'local' }
    return { allowed: true, because: 'public' }
  }
  return { judge, judgeName, loopbackAllowed: allowLoopback, inner }
}

function contains([network, prefixBits]: Network, address: Address): boolean {
  if (network instanceof ipaddr.IPv4) {
    return address instanceof ipaddr.IPv4 && address.match(network, prefixBits)
  }
  return address instanceof ipaddr.IPv6 && address.match(network, prefixBits)
}

/**
 * 'public', or the kind of address in words. Whatever is not plainly global unicast is refused: also the IPv6 ranges
 * that carry an IPv4 address inside (mapped, compatible, NAT64, 6to4, Teredo), whose inner address another machine
 * would unpack, and all that lies outside 2000::/3, the only part of IPv6 that is given out.
 * An operator behind NAT64 lists 64:ff9b::/96.
 */
function kindOf(address: Address): string {
  const range: string = address.range()
  if (metadataAddresses.has(address.toString()) || address.toString() === '169.254.169.254')
    return 'cloud metadata'
  const kind = kindNames.get(range)
  if (kind !== undefined) return kind
  if (range !== 'unicast') return 'reserved'
  return address instanceof ipaddr.IPv6 && !address.match(globalIpv6) ? 'reserved' : 'public'
}

const kindNames = new Map([
  ['private', 'private'],
  ['uniqueLocal', 'private'],
  ['loopback', 'loopback'],
  ['linkLocal', 'link-local'],
  ['multicast', 'multicast'],
  ['broadcast', 'broadcast'],
  ['unspecified', 'unspecified'],
  ['carrierGradeNat', 'carrier-grade NAT'],
  ['ipv4Mapped', 'IPv4-mapped'],
  ['rfc6145', 'IPv4-translated'],
  ['rfc6052', 'NAT64'],
  ['6to4', '6to4'],
  ['teredo', 'Teredo'],
])
