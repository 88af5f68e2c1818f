import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, ConfigError } from './config.ts'
import { hashToken, newToken } from './core/seal.ts'
import type { Storage } from './storage/port.ts'

/** The key that seals secrets: given, or made on the first start in a file that only its owner reads. */
export function secretKey(config: Config): Buffer {
  if (config.secretKey !== null)
    return checked(Buffer.from(config.secretKey, 'base64'), '--secret-key or SIGNALBOX_SECRET_KEY')
  mkdirSync(config.data, { recursive: true })
  const file = join(config.data, 'secret.key')
  return checked(
    Buffer.from(
      ownFile(file, () => randomBytes(32).toString('base64')),
      'base64',
    ),
    file,
  )
}

function checked(key: Buffer, where: string): Buffer {
  if (key.length !== 32)
    throw new ConfigError(`${where} must hold 32 bytes in base64; it holds ${key.length}`)
  return key
}

/** The administrator's token, for the CLI on this machine and for scripts; the store knows only its hash. */
export async function adminToken(config: Config, storage: Storage): Promise<string> {
  const token = ownFile(join(config.data, 'admin-token'), () => newToken('admin'))
  const hash = hashToken(token)
  if ((await storage.read('installation', { key: 'adminTokenHash' })) !== hash) {
    await storage.execute('setInstallation', { key: 'adminTokenHash', value: hash })
  }
  return token
}

function ownFile(file: string, make: () => string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    const text = make()
    writeFileSync(file, `${text}\n`, { mode: 0o600 })
    return text
  }
}
