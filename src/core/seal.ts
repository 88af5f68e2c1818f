import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/** Secrets at rest: AES-256-GCM under the installation's key, as `sealed:1:<base64 of nonce, tag and text>`. */
export interface Sealer {
  seal(secret: string): string
  /** Throws a SealError when the key is not the one that sealed it. */
  open(sealed: string): string
}

export class SealError extends Error {
  override readonly name = 'SealError'
  readonly code = 'secret.unreadable'
}

/** Seals with one key, and opens what that one or a former one has sealed: while keys are changed, both are known. */
export interface Keyring extends Sealer {
  /** Seals with this one from now on; the keys before stay known. */
  use(key: Buffer): void
  /** A text with each sealed part of it sealed by the current key; null when none of them needs it. */
  renew(text: string): string | null
}

const prefix = 'sealed:1:'
const sealedPart = /sealed:1:[A-Za-z0-9+/]+={0,2}/g

export function createSealer(key: Buffer, formerKeys: readonly Buffer[] = []): Keyring {
  const keys = [key, ...formerKeys].map(checked)
  const seal = (secret: string): string => {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', keys[0]!, nonce)
    const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
    return prefix + Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64')
  }
  const open = (sealed: string): string => {
    if (!sealed.startsWith(prefix)) throw new SealError('A stored secret is not in a known form')
    const bytes = Buffer.from(sealed.slice(prefix.length), 'base64')
    for (const one of keys) {
      const text = openedWith(one, bytes)
      if (text !== null) return text
    }
    throw new SealError(
      'A stored secret cannot be read: the key is not the one that sealed it. Put back the former secret.key.',
    )
  }
  const renewPart = (part: string): string => {
    if (openedWith(keys[0]!, Buffer.from(part.slice(prefix.length), 'base64')) !== null) return part
    try {
      return seal(open(part))
    } catch {
      // Sealed with a key that is lost, or only a text that looks so: it stays as it is.
      return part
    }
  }
  return {
    seal,
    open,
    use: next => void keys.unshift(checked(next)),
    renew(text) {
      const renewed = text.replace(sealedPart, renewPart)
      return renewed === text ? null : renewed
    },
  }
}

function checked(key: Buffer): Buffer {
  if (key.length === 32) return key
  throw new SealError(`The key that seals secrets must have 32 bytes; it has ${key.length}`)
}

/** Null when it was another key. */
function openedWith(key: Buffer, bytes: Buffer): string | null {
  try {
    // Without its length a tag cut to four bytes would do, and can be guessed.
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
    decipher.setAuthTag(bytes.subarray(12, 28))
    return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return null
  }
}

/** Tokens are found by this and never stored otherwise: 32 random bytes need no slow hash. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** A token of 32 random bytes with a prefix that secret scanners and people recognise. */
export const newToken = (
  kind: 'send' | 'view' | 'admin' | 'session' | 'signin' | 'share' | 'invite' | 'key',
): string => `sb_${kind}_${randomBytes(32).toString('base64url')}`
