import Type from 'typebox'

/** A secret: a value that templates name and nobody reads again. */

const hosts = {
  maxItems: 50,
  description:
    'The only hosts that it may be sent to: exact names or addresses, or `*.example.com` for all below one; empty: any',
}
const host = Type.String({ minLength: 1, maxLength: 260 })

/** Shorter ones cannot be told from other text, so that no record could be kept clear of them. */
const value = Type.String({
  minLength: 4,
  maxLength: 16_384,
  writeOnly: true,
  description: '4 to 16,384 characters; never answered again',
})

export const SecretDefinition = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z_][A-Za-z0-9_.-]{0,63}$',
      description: 'Letters, digits, `_`, `.` and `-`, up to 64, the first a letter or `_`',
    }),
    value,
    hosts: Type.Array(host, { ...hosts, default: [] }),
    description: Type.String({ maxLength: 2000, default: '' }),
  },
  { additionalProperties: false, title: 'Secret' },
)

export const SecretChange = Type.Object(
  {
    value: Type.Optional(value),
    hosts: Type.Optional(Type.Array(host, hosts)),
    description: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  { additionalProperties: false, title: 'Change of a secret' },
)

export interface Secret {
  id: string
  name: string
  /** Null: of the whole organization. */
  team: string | null
  valueSealed: string
  /** The only ones that it may be sent to; empty: any. */
  hosts: string[]
  description: string
  actor: string
  createdAtMs: number
  updatedAtMs: number
  lastUsedAtMs: number | null
}

/** A secret that went into a request, and the only hosts that it may be sent to. */
export interface Confinement {
  id: string
  secret: string
  hosts: readonly string[]
}

/** As URLs spell it: lower case, IDN in Punycode, addresses in their usual form. Null for what is no host. */
export function normalHost(given: string): string | null {
  const text = given.trim()
  const below = text.startsWith('*.')
  const name = below ? text.slice(2) : text
  if (/[\s/?#@\\*]/.test(name)) return null
  const url = URL.parse(`http://${name}/`)
  // Port 80 would vanish: a port is looked for in what was given.
  if (url === null || url.port !== '' || /:\d*$/.test(name.replace(/\[.*\]/, ''))) return null
  const host = withoutDot(url.hostname)
  if (host === '' || (below && (host.startsWith('[') || /^[\d.]+$/.test(host)))) return null
  return below ? `*.${host}` : host
}

/** `hostname` as a URL has it. */
export const mayBeSentTo = ({ hosts }: Pick<Confinement, 'hosts'>, hostname: string): boolean => {
  const name = withoutDot(hostname.toLowerCase())
  return (
    hosts.length === 0 ||
    hosts.some(host => (host.startsWith('*.') ? name.endsWith(host.slice(1)) : name === host))
  )
}

const withoutDot = (hostname: string): string => (hostname.endsWith('.') ? hostname.slice(0, -1) : hostname)

export const elsewhere = ({ secret, hosts }: Omit<Confinement, 'id'>, hostname: string): string =>
  `the secret ${secret} may be sent to ${hosts.join(', ')} only, and ${hostname} is not among them`

/** A secret that an attempt cannot have. */
export class SecretError extends Error {
  override readonly name = 'SecretError'
  readonly code: 'secret.missing' | 'secret.unreadable'

  constructor(code: SecretError['code'], message: string) {
    super(message)
    this.code = code
  }
}
