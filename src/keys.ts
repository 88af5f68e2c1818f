import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { type Config, ConfigError } from './config.ts'
import { hashToken, newToken } from './core/seal.ts'
import type { Storage } from './storage/port.ts'

/** The keys that seal secrets, from the settings or from files that only their owner reads. */
export interface SecretKeys {
  /** Null: there is no file yet, and no setting. */
  current: Buffer | null
  /** The one before, as long as it may be needed. */
  former: Buffer | null
  /** Who holds it: --secret-key, or the file. */
  where: string
  isFile: boolean
  /** Made on the first start. */
  make(): Buffer
  /** A new key beside the current one, which stays until `finish`: whichever is found at a start, both are known. */
  begin(): Buffer
  /** Nothing needs the former key any more; it stays in `secret.key.former`, for backups. */
  finish(): void
}

export function secretKeys(config: Config): SecretKeys {
  makeDirectory(config.data)
  return config.secretKey === null ? keysInFiles(config.data) : keysInSettings(config, config.secretKey)
}

function keysInSettings({ formerSecretKey }: Config, secretKey: string): SecretKeys {
  const where = '--secret-key or SIGNALBOX_SECRET_KEY'
  const former = '--former-secret-key or SIGNALBOX_FORMER_SECRET_KEY'
  return {
    current: checked(Buffer.from(secretKey, 'base64'), where),
    former: formerSecretKey === null ? null : checked(Buffer.from(formerSecretKey, 'base64'), former),
    where,
    isFile: false,
    make: notInFiles,
    begin: notInFiles,
    finish: () => {},
  }
}

function notInFiles(): never {
  throw new Error('The key is a setting: only its owner changes it')
}

function keysInFiles(directory: string): SecretKeys {
  const file = join(directory, 'secret.key')
  const nextFile = `${file}.next`
  const former = keyIn(file)
  const next = keyIn(nextFile)
  return {
    current: next ?? former,
    former: next === null ? null : former,
    where: file,
    isFile: true,
    make: () => checked(Buffer.from(make(file, newKey()), 'base64'), file),
    begin: () => checked(Buffer.from(make(nextFile, newKey()), 'base64'), nextFile),
    finish() {
      if (read(nextFile) === null) return
      const kept = `${file}.former`
      if (read(file) !== null) {
        rmSync(kept, { force: true })
        linkSync(file, kept)
      }
      renameSync(nextFile, file)
      syncDirectory(directory)
    },
  }
}

const newKey = (): string => randomBytes(32).toString('base64')

function keyIn(file: string): Buffer | null {
  const text = read(file)
  return text === null ? null : checked(Buffer.from(text, 'base64'), file)
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
