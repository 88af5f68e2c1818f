import { hash, timingSafeEqual } from 'node:crypto'

/**
 * Compares presented tokens with the configured ones by their SHA-256, so that neither the length of a secret nor how
 * much of it was guessed shows in the time; every secret is looked at, whichever matches. Gives its index, or -1.
 */
export function tokenMatcher(secrets: readonly string[]): (presented: string) => number {
  requireSecrets(secrets)
  const digests = secrets.map(digest)
  return presented => {
    const given = digest(presented)
    return digests.reduce((found, expected, index) => (timingSafeEqual(given, expected) ? index : found), -1)
  }
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer')

/** The schema refuses these too; here a record that came in by another way is refused, instead of let through. */
export function requireSecrets(secrets: readonly string[]): void {
  if (secrets.length === 0 || secrets.includes('')) throw new Error('It has no secret, or an empty one.')
}
