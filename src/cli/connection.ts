import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { exitCodes, Failure, wrongUsage } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** Which server, as whom, and where that was found. */
export interface Connection {
  /** Ends with a slash. */
  url: URL
  urlFrom: string
  token: string | null
  tokenFrom: string | null
}

export interface ConnectionOptions {
  url?: string
  token?: string
  data?: string
}

/**
 * A flag, else the environment, else the data folder of a server on this machine: `running.json` says where it listens,
 * `admin-token` lets in. The folder's token goes to the folder's server only, unless --data names the folder: a token
 * that merely lies in the working directory must not be sent to whatever URL is given.
 * Throws a Failure when no server is known.
 */
export function findConnection(options: ConnectionOptions, terminal: Terminal): Connection {
  const { environment, directory } = terminal
  const chosenFolder = options.data ?? filled(environment['SIGNALBOX_DATA'])
  const shownFolder = chosenFolder ?? './data'
  const folder = resolve(directory, shownFolder)
  const running = readRunning(folder)

  const given = first([
    [options.url, '--url'],
    // A folder named on the command line is more deliberate than a variable set some time ago.
    [options.data === undefined ? undefined : running, `${shownFolder}/running.json`],
    [filled(environment['SIGNALBOX_URL']), 'SIGNALBOX_URL'],
    [running, `${shownFolder}/running.json`],
  ])
  if (given === null) throw unknownServer(shownFolder)
  const url = parseUrl(given.value, given.from)

  const token = first([
    [options.token, '--token'],
    [options.data === undefined ? undefined : readToken(folder), `${shownFolder}/admin-token`],
    [filled(environment['SIGNALBOX_TOKEN']), 'SIGNALBOX_TOKEN'],
    [
      running !== null && sameServer(url, running) ? readToken(folder) : undefined,
      `${shownFolder}/admin-token`,
    ],
  ])
  if (token !== null && !/^[!-~]+$/.test(token.value)) {
    throw wrongUsage(
      `The token from ${token.from} has characters that no token has`,
      'Check what was pasted there.',
    )
  }
  return { url, urlFrom: given.from, token: token?.value ?? null, tokenFrom: token?.from ?? null }
}

const filled = (value: string | undefined): string | undefined => (value === '' ? undefined : value)

function first(
  found: [value: string | null | undefined, from: string][],
): { value: string; from: string } | null {
  for (const [value, from] of found) {
    if (value !== null && value !== undefined) return { value, from }
  }
  return null
}

function unknownServer(folder: string): Failure {
  return new Failure(`No server is known: nothing is running in ${folder}`, {
    exitCode: exitCodes.unreachable,
    todo:
      'Give its address by --url or SIGNALBOX_URL and the admin token by --token or SIGNALBOX_TOKEN, ' +
      'name its data folder by --data, or start one here with `signalbox serve`.',
  })
}

function parseUrl(text: string, from: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw wrongUsage(`${from} is not a web address: ${text}`, 'It looks like http://127.0.0.1:4620.')
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  url.search = ''
  url.hash = ''
  return url
}

function sameServer(url: URL, running: string): boolean {
  return URL.canParse(running) && new URL(running).origin === url.origin
}

/** `running.json` holds `{pid, url}` while a server runs on the folder. */
function readRunning(folder: string): string | null {
  try {
    const running: unknown = JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8'))
    const isRunning = typeof running === 'object' && running !== null && 'url' in running
    return isRunning && typeof running.url === 'string' ? running.url : null
  } catch {
    return null
  }
}

function readToken(folder: string): string | undefined {
  const file = join(folder, 'admin-token')
  try {
    return filled(readFileSync(file, 'utf8').trim())
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw wrongUsage(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
