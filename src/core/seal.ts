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

const prefix = 'sealed:1:'

export function createSealer(key: Buffer): Sealer {
  if (key.length !== 32)
    throw new SealError(`The key that seals secrets must have 32 bytes; it has ${key.length}`)
  return {
    seal(secret) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return prefix + Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64')
    },
    open(sealed) {
      if (!sealed.startsWith(prefix)) throw new SealError('A stored secret is not in a known form')
      const bytes = Buffer.from(sealed.slice(prefix.length), 'base64')
      try {
        // Without its length a tag cut to four bytes would do, and can be guessed.
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
        decipher.setAuthTag(bytes.subarray(12, 28))
        return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8')
      } catch (cause) {
        throw new SealError(
          'A stored secret cannot be read: the key is not the one that sealed it. Put back the former secret.key.',
          { cause },
        )
      }
    },
  }
}

/** Tokens are found by this and never stored otherwise: 32 random bytes need no slow hash. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** A token of 32 random bytes with a prefix that secret scanners and people recognise. */
export const newToken = (
  kind: 'send' | 'view' | 'admin' | 'session' | 'signin' | 'share' | 'invite' | 'key',
): string => `sb_${kind}_${randomBytes(32).toString('base64url')}`
