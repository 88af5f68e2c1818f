import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { type Config, ConfigError } from './config.ts'
import { hashToken, newToken } from './core/seal.ts'
import type { Storage } from './storage/port.ts'

/** The key that seals secrets: given, or made on the first start in a file that only its owner reads. */
export function secretKey(config: Config): Buffer {
  makeDirectory(config.data)
  if (config.secretKey !== null)
    return checked(Buffer.from(config.secretKey, 'base64'), '--secret-key or SIGNALBOX_SECRET_KEY')
  const file = join(config.data, 'secret.key')
  const text = read(file) ?? make(file, randomBytes(32).toString('base64'))
  return checked(Buffer.from(text, 'base64'), file)
}

function checked(key: Buffer, where: string): Buffer {
  if (key.length !== 32)
    throw new ConfigError(`${where} must hold 32 bytes in base64; it holds ${key.length}`)
  return key
}

/** The administrator's token, for the CLI on this machine and for scripts; the store knows only its hash. */
export async function adminToken(config: Config, storage: Storage): Promise<string> {
  const file = join(config.data, 'admin-token')
  // An empty file would make the empty token the administrator's.
  if (read(file) === '') rmSync(file)
  const token = read(file) ?? make(file, newToken('admin'))
  const hash = hashToken(token)
  if ((await storage.read('installation', { key: 'adminTokenHash' })) !== hash) {
    await storage.execute('setInstallation', { key: 'adminTokenHash', value: hash })
  }
  return token
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/**
 * Makes the file whole and synced, or not at all: what a 202 stands for cannot be read without its key after a power
 * cut. Of two processes that start at once, both get what the first one wrote.
 */
function make(file: string, text: string): string {
  const draft = `${file}.${process.pid}.new`
  const descriptor = openSync(draft, 'w', 0o600)
  try {
    writeFileSync(descriptor, `${text}\n`)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  try {
    linkSync(draft, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(draft)
  }
  syncDirectory(dirname(file))
  return readFileSync(file, 'utf8').trim()
}

function makeDirectory(directory: string): void {
  const first = mkdirSync(directory, { recursive: true })
  if (first === undefined) return
  for (let made = directory; made.length >= first.length; made = dirname(made)) syncDirectory(dirname(made))
}

/** Names survive a power cut once their directory is synced. Windows cannot, and need not. */
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(directory, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
