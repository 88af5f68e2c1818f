import { createSecretKey, type KeyObject } from 'node:crypto'
import { type Config, ConfigError } from '../config.ts'
import { deriveKey } from '../core/cause.ts'
import { createSealer, type Keyring, SealError } from '../core/seal.ts'
import type { SecretKeys } from '../keys.ts'
import type { Storage } from '../storage/port.ts'
import { sealedTables } from '../storage/sealed.ts'

export interface OpenedKeys {
  keyring: Keyring
  /** Signs what chains are known by. It stays the same when the key that seals changes. */
  causeKey: KeyObject
  /** What was sealed before stays closed, as was accepted. */
  isLost: boolean
}

const causeKeyName = 'causeKey'

/**
 * The keys of this start, held against what is stored: one that opens nothing is told now, with what hangs on it, and
 * not by one failure after the other later. No key is made where something is sealed already.
 */
export async function openKeys(
  keys: SecretKeys,
  storage: Storage,
  { acceptLostKey }: Pick<Config, 'acceptLostKey'>,
): Promise<OpenedKeys> {
  const sealed = await anySealed(storage)
  if (keys.current === null && sealed.length > 0 && !acceptLostKey)
    throw await lostKey(storage, `${keys.where} is not there, and it sealed what this store holds.`)
  const current = keys.current ?? keys.make()
  const keyring = createSealer(current, keys.former === null ? [] : [keys.former])
  const isLost = sealed.length > 0 && !sealed.some(text => opens(keyring, text))
  if (isLost && !acceptLostKey)
    throw await lostKey(storage, `The key in ${keys.where} is not the one that sealed what this store holds.`)
  return { isLost, keyring, causeKey: await causeKeyOf(storage, keyring, keys.former ?? current) }
}

/** One sealed text of each table, and the cause key, which is sealed in every store that was started once. */
async function anySealed(storage: Storage): Promise<string[]> {
  const cause = await storage.read('installation', { key: causeKeyName })
  if (cause !== null) return [cause]
  const texts: string[] = []
  for (const table of sealedTables) {
    const rows = await storage.query('sealedRows', { table, after: null, limit: 3 })
    for (const text of rows.flatMap(row => row.texts)) texts.push(...(text?.match(/sealed:1:[^"]+/g) ?? []))
  }
  return texts
}

function opens(keyring: Keyring, sealed: string): boolean {
  try {
    keyring.open(sealed)
    return true
  } catch {
    return false
  }
}

/** Derived from the key of the first start, and sealed like any secret from then on. */
async function causeKeyOf(storage: Storage, keyring: Keyring, key: Buffer): Promise<KeyObject> {
  const kept = await storage.read('installation', { key: causeKeyName })
  try {
    if (kept !== null) return createSecretKey(Buffer.from(keyring.open(kept), 'base64'))
  } catch (error) {
    if (!(error instanceof SealError)) throw error
  }
  const causeKey = deriveKey(key, 'signalbox-cause')
  const value = keyring.seal(causeKey.export().toString('base64'))
  await storage.execute('setInstallation', { key: causeKeyName, value })
  return causeKey
}

const effects = {
  endpoint: ['endpoint', 'would let nobody in who has to prove who they are, and lose their send tokens'],
  reaction: ['reaction', 'would fail, since their own secrets cannot be read'],
  secret: ['named secret', 'would be lost'],
  source: ['source', 'could not be read from'],
} as const

async function lostKey(storage: Storage, why: string): Promise<ConfigError> {
  const affected = await storage.query('countSealed', null)
  const lines = affected.map(({ what, count, names }) => {
    const [noun, effect] = effects[what]
    const more = count > names.length ? ' …' : ''
    return `    ${count} ${noun}${count === 1 ? '' : 's'} (${names.join(', ')}${more}) ${effect}`
  })
  return new ConfigError(
    [
      why,
      ...(lines.length === 0 ? [] : ['', '  Without it:', ...lines]),
      '',
      '  Put the former key back: as that file, or as SIGNALBOX_SECRET_KEY. A backup of the data folder has it.',
      '  If the key was changed on purpose, give the one before as SIGNALBOX_FORMER_SECRET_KEY as well.',
      '  If it is lost for good, start with --accept-lost-key: events and runs stay; set those secrets anew.',
    ].join('\n'),
  )
}
