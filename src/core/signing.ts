import { createHmac, createPrivateKey, createPublicKey, createSecretKey, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/**
 * Standard Webhooks 1.0.0 (standardwebhooks.com): the text `<id>.<seconds>.<body>` is signed by HMAC-SHA256 (`v1`) or
 * ed25519 (`v1a`), and the headers webhook-id, webhook-timestamp and webhook-signature carry the result.
 *
 * | key                | begins with                | then base64 of                               |
 * |--------------------|----------------------------|----------------------------------------------|
 * | HMAC secret        | `whsec_`, or nothing       | the key, 24 to 64 bytes recommended          |
 * | ed25519 secret key | `whsk_`                    | the 32 byte seed, or seed and public key     |
 * | ed25519 public key | `whpk_`                    | the 32 byte key                              |
 */

/** Whose turn it is: the person who entered the key, or the id. */
export class SigningError extends Error {
  readonly code: 'signing.bad-secret' | 'signing.bad-id' | 'signing.bad-timestamp' | 'signing.no-secret'
  constructor(code: SigningError['code'], message: string) {
    super(message)
    this.name = 'SigningError'
    this.code = code
  }
}

export interface SigningInput {
  /** Stable across the attempts of one run; visible ASCII without a dot, because dots separate what is signed. */
  id: string
  timestampSeconds: number
  body: Buffer | string
}

export interface SignatureHeaders {
  'webhook-id': string
  'webhook-timestamp': string
  'webhook-signature': string
}

export type Signer = (input: SigningInput) => SignatureHeaders

/** A dot would let one signed text be read as another id, timestamp and body. */
export const webhookIdPattern = /^[!-\-/-~]{1,256}$/

/**
 * Decodes the secrets once (an ed25519 key costs some 50 µs) and signs with each of them, so that receivers can be
 * moved from one to the next. Throws a SigningError for a secret that cannot be used.
 */
export function standardWebhookSigner(secrets: readonly string[]): Signer {
  if (secrets.length === 0) throw new SigningError('signing.no-secret', 'Signing needs at least one secret.')
  const signWith = secrets.map(signatureMaker)
  return ({ id, timestampSeconds, body }) => {
    checkInput(id, timestampSeconds)
    const head = `${id}.${timestampSeconds}.`
    return {
      'webhook-id': id,
      'webhook-timestamp': String(timestampSeconds),
      'webhook-signature': signWith.map(make => make(head, body)).join(' '),
    }
  }
}

/** Signs one request; throws a SigningError. Where many are signed with the same secrets, keep a standardWebhookSigner. */
export function signStandardWebhook(input: SigningInput & { secrets: readonly string[] }): SignatureHeaders {
  return standardWebhookSigner(input.secrets)(input)
}

type SignatureMaker = (head: string, body: Buffer | string) => string

function signatureMaker(secret: string): SignatureMaker {
  if (secret.startsWith('whpk_')) {
    throw new SigningError(
      'signing.bad-secret',
      'whpk_ marks a public key: it verifies, signing needs the whsk_ key.',
    )
  }
  if (secret.startsWith('whsk_')) {
    const key = decodePrivateKey(secret)
    return (head, body) =>
      `v1a,${sign(null, Buffer.concat([Buffer.from(head), toBytes(body)]), key).toString('base64')}`
  }
  const key = decodeHmacSecret(secret)
  return (head, body) => `v1,${createHmac('sha256', key).update(head).update(body).digest('base64')}`
}

const toBytes = (body: Buffer | string): Buffer => (typeof body === 'string' ? Buffer.from(body) : body)

function checkInput(id: string, timestampSeconds: number): void {
  if (!webhookIdPattern.test(id)) {
    throw new SigningError(
      'signing.bad-id',
      'A webhook id is 1 to 256 visible ASCII characters without a dot.',
    )
  }
  if (!Number.isSafeInteger(timestampSeconds) || timestampSeconds < 0) {
    throw new SigningError(
      'signing.bad-timestamp',
      'The time of signing is a whole number of seconds since 1970.',
    )
  }
}

/** The key in `whsec_…` (the prefix may be missing); throws a SigningError. */
export function decodeHmacSecret(secret: string): KeyObject {
  const bytes = decodeBase64(secret.startsWith('whsec_') ? secret.slice(6) : secret)
  if (bytes === null)
    throw new SigningError('signing.bad-secret', 'A signing secret is whsec_ and then base64.')
  return createSecretKey(bytes)
}

/** DER of RFC 8410 in front of the 32 bytes of an ed25519 key: node takes raw keys in this wrapping only. */
const publicKeyHead = Buffer.from('302a300506032b6570032100', 'hex')
const privateKeyHead = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The ed25519 key in `whpk_…`; throws a SigningError. */
export function decodePublicKey(text: string): KeyObject {
  const bytes = text.startsWith('whpk_') ? decodeBase64(text.slice(5)) : null
  if (bytes?.length !== 32) {
    throw new SigningError('signing.bad-secret', 'A public key is whpk_ and then 32 bytes in base64.')
  }
  return createPublicKey({ key: Buffer.concat([publicKeyHead, bytes]), format: 'der', type: 'spki' })
}

/** What a receiver checks with where this secret signs: the public half of an ed25519 key, or the secret itself. */
export function verificationKey(secret: string): string {
  if (!secret.startsWith('whsk_')) return secret
  const der = createPublicKey(decodePrivateKey(secret)).export({ format: 'der', type: 'spki' })
  return `whpk_${der.subarray(publicKeyHead.length).toString('base64')}`
}

function decodePrivateKey(text: string): KeyObject {
  const bytes = decodeBase64(text.slice(5))
  if (bytes?.length !== 32 && bytes?.length !== 64) {
    throw new SigningError('signing.bad-secret', 'A secret key is whsk_ and then 32 or 64 bytes in base64.')
  }
  const der = Buffer.concat([privateKeyHead, bytes.subarray(0, 32)])
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

/** Strictly: Buffer.from skips what it does not know, and a secret with a typo in it would sign differently in silence. */
function decodeBase64(text: string): Buffer | null {
  if (text === '' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null
  return Buffer.from(text, 'base64')
}
