import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { wrongUsage } from './failure.ts'
import { readValue } from './input.ts'
import type { Terminal } from './terminal.ts'

/** A tsuru server, and who somebody is there. */
export interface TsuruTarget {
  url: URL
  token: string
}

export interface TsuruTargetOptions {
  fromUrl?: string
  fromToken?: string
}

/**
 * As the `tsuru` command finds them: a label of ~/.tsuru/targets or a URL, else TSURU_TARGET, else ~/.tsuru/target; and
 * TSURU_TOKEN, else the token of that label, else ~/.tsuru/token. The flags come before all of these.
 */
export async function findTsuruTarget(
  target: string | undefined,
  { fromUrl, fromToken }: TsuruTargetOptions,
  terminal: Terminal,
): Promise<TsuruTarget> {
  const { environment } = terminal
  const folder = join(environment['HOME'] ?? '.', '.tsuru')
  const targets = readTargets(folder)
  const chosen = fromUrl ?? target ?? filled(environment['TSURU_TARGET']) ?? readText(join(folder, 'target'))
  if (chosen === null)
    throw wrongUsage(
      'It is not known which tsuru server is meant',
      `Name a target${targets.size > 0 ? ` (${[...targets.keys()].join(', ')})` : ''}, or give --from-url.`,
    )
  const url = targets.get(chosen) ?? chosen
  const label = targets.has(chosen) ? chosen : [...targets].find(([, known]) => known === url)?.[0]
  const token =
    fromToken === undefined
      ? (filled(environment['TSURU_TOKEN']) ??
        (label === undefined ? null : readText(join(folder, 'token.d', label))) ??
        readText(join(folder, 'token')))
      : (await readValue(fromToken, terminal)).toString('utf8').trim()
  if (token === null)
    throw wrongUsage(
      `No token for ${url} was found`,
      'Log in there with tsuru login, set TSURU_TOKEN, or give --from-token (text, @file, or - for stdin).',
    )
  if (!/^[!-~]+$/.test(token)) throw wrongUsage('The token of tsuru has characters that no token has')
  return { url: readUrl(url), token }
}

const filled = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text)

function readText(file: string): string | null {
  return existsSync(file) ? filled(readFileSync(file, 'utf8').trim()) : null
}

/** One a line: a label, white space, a URL. */
function readTargets(folder: string): Map<string, string> {
  const lines = (readText(join(folder, 'targets')) ?? '').split('\n')
  return new Map(
    lines.flatMap(line => {
      const [label, url] = line.trim().split(/\s+/)
      return label && url ? [[label, url] as const] : []
    }),
  )
}

function readUrl(text: string): URL {
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `http://${text}`)
  if (url === null) throw wrongUsage(`${text} is no URL`)
  return url
}
