import { hash } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { wrongUsage } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** Where a listener has got to, kept from one start to the next. */
export interface ListenState {
  endpointId: string
  listenerId: string
  /** Of the feed: every event up to here is queued on the server. */
  cursor: string | null
  /** Events that are forwarded again have another one. */
  occasion: string
}

/** One file a server, endpoint and target, in the place where programs keep such things. */
export function stateFile(terminal: Terminal, server: URL, endpoint: string, target: string): string {
  const { XDG_STATE_HOME: state, LOCALAPPDATA: local } = terminal.environment
  const home = state || local || join(terminal.environment['HOME'] || homedir(), '.local', 'state')
  const name = hash('sha256', [server.href, endpoint, target].join('\n'), 'hex').slice(0, 24)
  return join(home, 'signalbox', 'listen', `${name}.json`)
}

/** Null when there is none, and when it is no such file: then the listener begins anew. */
export function readState(file: string): ListenState | null {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as Partial<ListenState>
    const { endpointId, listenerId, cursor, occasion } = state
    if (typeof endpointId !== 'string' || typeof listenerId !== 'string') return null
    return { endpointId, listenerId, cursor: cursor ?? null, occasion: occasion ?? '' }
  } catch {
    return null
  }
}

/** In one piece: a process that is killed leaves the former file. */
export function writeState(file: string, state: ListenState): void {
  const temporary = `${file}.${process.pid}`
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(temporary, `${JSON.stringify(state)}\n`)
    chmodSync(temporary, 0o600)
    renameSync(temporary, file)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw wrongUsage(
      `Where the listener has got to cannot be kept: ${why}`,
      'Name a folder that can be written to in XDG_STATE_HOME.',
    )
  }
}
