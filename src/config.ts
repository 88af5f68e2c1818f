import { resolve } from 'node:path'
import { addressMistake } from './core/address.ts'

/** One setting, declared once: the flag, the variable, the docs and the value all come from here. */
interface Setting<T> {
  flag: string
  variable: string
  default: T
  meaning: string
  /** Its value is never printed. */
  secret?: boolean
  /** Answers the value, or throws a sentence that says what is wrong with it. */
  parse(text: string): T
}

const text = (value: string): string => {
  if (value.trim() === '') throw new Error('takes a value')
  return value
}
const optional = (value: string): string | null => (value === '' ? null : value)
const list = (value: string): string[] =>
  value
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
const yesNo = (value: string): boolean => {
  if (['', '1', 'true', 'yes', 'on'].includes(value.toLowerCase())) return true
  if (['0', 'false', 'no', 'off'].includes(value.toLowerCase())) return false
  throw new Error('takes yes or no')
}
const integer =
  (min: number, max: number) =>
  (value: string): number => {
    const number = /^-?\d+$/.test(value.trim()) ? Number(value) : Number.NaN
    if (!(number >= min && number <= max)) throw new Error(`takes a whole number from ${min} to ${max}`)
    return number
  }
const amountOrNull = (value: string): number | null => {
  if (value.trim() === '' || value.trim() === '0') return null
  const number = Number(value)
  if (!(number > 0 && number <= 1_000_000)) throw new Error('takes a number; 0 for no limit')
  return number
}
const oneOf =
  <const T extends string>(...values: T[]) =>
  (value: string): T => {
    const found = values.find(one => one === value)
    if (found === undefined) throw new Error(`takes one of ${values.join(', ')}`)
    return found
  }
const addresses = (value: string): string[] => {
  const entries = list(value)
  for (const entry of entries) {
    const mistake = addressMistake(entry)
    if (mistake !== null) throw new Error(`takes addresses and CIDRs; "${entry}" ${mistake}`)
  }
  return entries
}
/** Our own first segments: below one of them, nobody could say whether the prefix was taken away already. */
const ownSegments = /^\/(?:api|hooks|triggers|data|v1|metrics|healthz|readyz|assets)(?:\/|$)/
const pathPrefix = (value: string): string => {
  const path = value.replace(/\/+$/, '')
  if (path !== '' && !/^(?:\/[A-Za-z0-9._~-]+)+$/.test(path))
    throw new Error('takes a path such as /signalbox')
  if (/(?:^|\/)\.{1,2}(?:\/|$)/.test(path)) throw new Error('takes a path without . and ..')
  if (ownSegments.test(path))
    throw new Error('takes a path that does not begin with one of our own, such as /api')
  return path
}
const webUrl = (value: string): string | null => {
  if (value === '') return null
  if (!URL.canParse(value) || !/^https?:\/\//i.test(value))
    throw new Error('takes a URL such as https://signalbox.example.com')
  if (/[?#]/.test(value)) throw new Error('takes a URL without ? and #')
  return value.replace(/\/+$/, '')
}

const define = <const S extends Record<string, Setting<never> | Setting<unknown>>>(table: S): S => table
const setting = <T>(
  flag: string,
  fallback: T,
  meaning: string,
  parse: (text: string) => T,
  more: { secret?: boolean } = {},
): Setting<T> => ({
  flag,
  variable: `SIGNALBOX_${flag.toUpperCase().replaceAll('-', '_')}`,
  default: fallback,
  meaning,
  parse,
  ...more,
})

export const settings = define({
  data: setting('data', './data', 'Folder of the embedded store and its keys', text),
  host: setting('host', '127.0.0.1', 'Address to listen on', text),
  port: setting('port', 4620, 'Port to listen on; 0 takes a free one', integer(0, 65535)),
  publicUrl: setting(
    'public-url',
    null as string | null,
    'How the outside reaches it; ends the trial rules',
    webUrl,
  ),
  basePath: setting(
    'base-path',
    '',
    'Path below which it is mounted, such as /signalbox; unset: the path of the public URL',
    pathPrefix,
  ),
  trustedProxies: setting(
    'trusted-proxies',
    [] as string[],
    'Addresses and CIDRs (or loopback, private, link-local) of proxies whose X-Forwarded-* and Forwarded headers count; ends the trial rules',
    addresses,
  ),
  allowHosts: setting(
    'allow-hosts',
    [] as string[],
    'Further Host names under which the API and the dashboard answer',
    list,
  ),
  sourceIntervalMs: setting(
    'source-interval-ms',
    5_000,
    'How often a source is asked for events; longer and longer while it does not answer',
    integer(100, 3_600_000),
  ),
  tsuruAnyTeam: setting(
    'tsuru-any-team',
    false,
    'A webhook that is saved by way of tsuru’s API fires on events of all teams, as it would there, not only on those that its own team may see',
    yesNo,
  ),
  tlsCert: setting(
    'tls-cert',
    null as string | null,
    'Certificate file (PEM); read again when it changes',
    optional,
  ),
  tlsKey: setting('tls-key', null as string | null, 'Key file (PEM) of the certificate', optional),
  allowTargets: setting(
    'allow-targets',
    [] as string[],
    'Hosts, addresses and CIDRs that reactions may call though they are private; * for all',
    list,
  ),
  allowVisitors: setting(
    'allow-visitors',
    null as boolean | null,
    'Endpoints for visitors without an account; unset: only under the trial rules',
    yesNo,
  ),
  secretKey: setting(
    'secret-key',
    null as string | null,
    'Key that seals secrets at rest, 32 bytes in base64; unset: the file secret.key in the data folder',
    optional,
    { secret: true },
  ),
  formerSecretKey: setting(
    'former-secret-key',
    null as string | null,
    'The key before --secret-key: whatever it sealed is sealed anew; needed until that is done',
    optional,
    { secret: true },
  ),
  acceptLostKey: setting(
    'accept-lost-key',
    false,
    'Start although the key that sealed the secrets is lost: what it sealed stays closed until it is given anew',
    yesNo,
  ),
  maxBodyBytes: setting(
    'max-body-bytes',
    1024 * 1024,
    'Largest body that an endpoint takes unless it says otherwise',
    integer(1024, 32 * 1024 * 1024),
  ),
  bodyTimeoutMs: setting(
    'body-timeout-ms',
    30_000,
    'How long a sender may take for one request',
    integer(100, 600_000),
  ),
  headersTimeoutMs: setting(
    'headers-timeout-ms',
    20_000,
    'How long a sender may take for its headers, from the connection or the former request on',
    integer(100, 600_000),
  ),
  idleTimeoutMs: setting(
    'idle-timeout-ms',
    60_000,
    'How long a connection may stand still: nothing comes, nobody takes the answer, or there is none yet',
    integer(1_000, 600_000),
  ),
  keepAliveTimeoutMs: setting(
    'keep-alive-timeout-ms',
    75_000,
    'How long a connection is kept for a further request; longer than the 60 s of most senders and proxies, so that no request meets a closing socket',
    integer(100, 600_000),
  ),
  maxConnections: setting(
    'max-connections',
    10_000,
    'Connections at a time; a further one is closed at once',
    integer(10, 1_000_000),
  ),
  maxHeaderBytes: setting(
    'max-header-bytes',
    16 * 1024,
    'Largest line and headers of a request together',
    integer(4096, 1024 * 1024),
  ),
  keepEventsDays: setting(
    'keep-events-days',
    30,
    'How long events are kept, with their runs; 0 for ever. `signalbox retention` changes it while it runs',
    amountOrNull,
  ),
  keepMaxGb: setting(
    'keep-max-gb',
    null as number | null,
    'The oldest events go when the store is larger; unset or 0: as it is needed',
    amountOrNull,
  ),
  hostConcurrency: setting('host-concurrency', 64, 'Requests under way to one target host', integer(1, 1000)),
  maxHops: setting(
    'max-hops',
    8,
    'At this many hops an event is kept, but no reaction runs',
    integer(1, 100),
  ),
  alarmCalmMs: setting(
    'alarm-calm-ms',
    60_000,
    'How long the cause of an alarm must be gone before the alarm ends; a silence ends with the first event',
    integer(100, 86_400_000),
  ),
  practice: setting(
    'practice',
    true,
    'The practice target: a receiver with a switch, for reactions to be tried on; reached by reactions alone',
    yesNo,
  ),
  logLevel: setting(
    'log-level',
    'info' as const,
    'How much is logged: debug, info, warn, error, silent',
    oneOf('debug', 'info', 'warn', 'error', 'silent'),
  ),
  postgresUrl: setting(
    'postgres-url',
    null as string | null,
    'Postgres of a cluster (with --nats-url)',
    optional,
    { secret: true },
  ),
  natsUrl: setting('nats-url', null as string | null, 'NATS of a cluster (with --postgres-url)', optional, {
    secret: true,
  }),
})

export type SettingName = keyof typeof settings
export type Config = { [N in SettingName]: (typeof settings)[N] extends Setting<infer T> ? T : never }

/** A setting that cannot be used; the message says which one, why, and how it is given. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Flags beat variables, variables beat defaults. `--flag value`, `--flag=value`, and `--flag` alone for yes. A variable
 * that is set to nothing is not set, as compose files and unit files have it.
 */
export function readConfig(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  const flags = readFlags(args)
  const config: Record<string, unknown> = {}
  for (const [name, one] of Object.entries(settings)) {
    const given = flags.get(one.flag) ?? (environment[one.variable] || undefined)
    config[name] = given === undefined ? one.default : parseSetting(one, given)
    flags.delete(one.flag)
  }
  const [unknown] = flags.keys()
  if (unknown !== undefined)
    throw new ConfigError(
      `There is no setting --${unknown}. See docs/config.md or \`signalbox serve --help\`.`,
    )
  return checkTogether(config as Config)
}

/** Who said what a setting is: its default, a variable of the environment, or a flag of the start. */
export type Source = 'default' | 'environment' | 'flag'
export type Sources = Record<SettingName, Source>

export function sourcesOf(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Sources {
  const flags = readFlags(args)
  const named = Object.entries(settings).map(([name, { flag, variable }]) => {
    const given = flags.has(flag) ? 'flag' : environment[variable] ? 'environment' : 'default'
    return [name, given]
  })
  return Object.fromEntries(named) as Sources
}

function readFlags(args: readonly string[]): Map<string, string> {
  const flags = new Map<string, string>()
  for (let at = 0; at < args.length; at++) {
    const match = /^--([a-z-]+)(?:=(.*))?$/s.exec(args[at]!)
    if (!match) throw new ConfigError(`"${args[at]}" is not understood; settings are given as --name value`)
    const next = args[at + 1]
    const takesNext = match[2] === undefined && next !== undefined && !next.startsWith('--')
    flags.set(match[1]!, match[2] ?? (takesNext ? next : ''))
    if (takesNext) at++
  }
  return flags
}

function parseSetting(one: Setting<unknown>, given: string): unknown {
  try {
    return one.parse(given)
  } catch (error) {
    const shown = one.secret ? '' : ` (it was "${given}")`
    throw new ConfigError(
      `--${one.flag} or ${one.variable} ${error instanceof Error ? error.message : String(error)}${shown}`,
    )
  }
}

function checkTogether(config: Config): Config {
  if ((config.tlsCert === null) !== (config.tlsKey === null))
    throw new ConfigError('--tls-cert and --tls-key belong together: give both or none')
  if (config.postgresUrl !== null || config.natsUrl !== null) {
    if (config.postgresUrl === null || config.natsUrl === null) {
      throw new ConfigError(
        'A cluster needs --postgres-url and --nats-url together; give neither of them for the embedded store',
      )
    }
    throw new ConfigError(
      'This version runs on its embedded store only; leave out --postgres-url and --nats-url',
    )
  }
  return { ...config, ...mounted(config), data: resolve(config.data) }
}

/** The path of the public URL and the base path are one and the same, whichever of them was given. */
function mounted({ publicUrl, basePath }: Config): Pick<Config, 'publicUrl' | 'basePath'> {
  if (publicUrl === null) return { publicUrl, basePath }
  const path = new URL(publicUrl).pathname.replace(/\/+$/, '')
  if (path === '') return { publicUrl: publicUrl + basePath, basePath }
  if (basePath !== '' && basePath !== path)
    throw new ConfigError(
      `--public-url ends in ${path} and --base-path is ${basePath}; give one of them, or the same path in both`,
    )
  try {
    return { publicUrl, basePath: pathPrefix(path) }
  } catch (error) {
    throw new ConfigError(
      `The path of --public-url ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
