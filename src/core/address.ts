import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Network = [address: Address, prefixBits: number]

/** Addresses and networks that somebody listed. */
export interface AddressList {
  /** What is no address is on no list. */
  has(address: string): boolean
}

/** Ranges that have a name, so that nobody has to remember them. */
export const namedNetworks: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
  'link-local': ['169.254.0.0/16', 'fe80::/10'],
}

/** An address in the one spelling: IPv4 also where it came mapped into IPv6, without a zone. Null: it is none. */
export function plainAddress(text: string): string | null {
  const address = parseAddress(text)
  return address === null ? null : address.toString()
}

/** Only four decimal parts: `10.1` and `010.0.0.1` mean different things to different readers. */
function parseAddress(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  const zone = text.indexOf('%')
  const bare = zone === -1 ? text : text.slice(0, zone)
  if (!bare.includes(':') || !ipaddr.IPv6.isValid(bare)) return null
  const address = ipaddr.IPv6.parse(bare)
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}

/** What is wrong with an entry of such a list, as the end of a sentence; null when nothing is. */
export function addressMistake(entry: string): string | null {
  if (networksOf(entry) !== null) return null
  const named = Object.keys(namedNetworks).join(', ')
  return `is neither an address, nor a network such as 10.1.0.0/16 or 2001:db8::/32, nor one of ${named}`
}

/** Entries that cannot be read let nobody in; `addressMistake` tells of them beforehand. */
export function addressList(entries: readonly string[]): AddressList {
  const networks = entries.flatMap(entry => networksOf(entry) ?? [])
  return {
    has(text) {
      const address = parseAddress(text)
      return address !== null && networks.some(network => contains(network, address))
    },
  }
}

function networksOf(entry: string): Network[] | null {
  const text = entry.trim().toLowerCase()
  const named = Object.hasOwn(namedNetworks, text) ? namedNetworks[text] : undefined
  if (named !== undefined) return named.flatMap(network => networksOf(network) ?? [])
  const [base = '', bits, ...more] = text.split('/')
  const address = base.includes('%') ? null : parseAddress(base)
  if (address === null || more.length > 0) return null
  const wasMapped = base.includes(':') && address instanceof ipaddr.IPv4
  const most = address instanceof ipaddr.IPv4 ? 32 : 128
  if (bits === undefined) return [[address, most]]
  const prefixBits = /^\d{1,3}$/.test(bits) ? Number(bits) - (wasMapped ? 96 : 0) : Number.NaN
  return prefixBits >= 0 && prefixBits <= most ? [[address, prefixBits]] : null
}

function contains([network, prefixBits]: Network, address: Address): boolean {
  if (network instanceof ipaddr.IPv4)
    return address instanceof ipaddr.IPv4 && address.match(network, prefixBits)
  return address instanceof ipaddr.IPv6 && address.match(network, prefixBits)
}
