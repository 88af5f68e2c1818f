import { randomBytes, randomUUIDv7 } from 'node:crypto'

/** Random bytes are drawn 4 KiB at a time: one call of the generator costs 0.6 µs, a slice of a pool 0.03. */
const pool = { bytes: Buffer.alloc(0), used: 0 }

function random(count: number): Buffer {
  if (pool.used + count > pool.bytes.length) {
    pool.bytes = randomBytes(4096)
    pool.used = 0
  }
  pool.used += count
  return pool.bytes.subarray(pool.used - count, pool.used)
}

/**
 * `evt_` and 24 hex digits, shaped like an ObjectId: 32 bits of seconds, 10 bits of milliseconds, 54 random bits.
 * Ids made later sort later (to the millisecond), so their index grows at one edge.
 */
export function newEventId(nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000)
  const bytes = Buffer.allocUnsafe(12)
  random(8).copy(bytes, 4)
  bytes.writeUInt32BE(seconds >>> 0, 0)
  const milliseconds = Math.floor(nowMs - seconds * 1000)
  bytes[4] = milliseconds >>> 2
  bytes[5] = ((milliseconds & 3) << 6) | (bytes[5]! & 0x3f)
  return `evt_${bytes.toString('hex')}`
}

/** Every id of an event that was made before this time sorts before it. */
export function eventIdAt(timeMs: number): string {
  const seconds = Math.max(0, Math.floor(timeMs / 1000))
  return `evt_${seconds.toString(16).padStart(8, '0')}`
}

/** When it was made, to the second. */
export const timeOfEventId = (id: string): number => Number.parseInt(id.slice(4, 12), 16) * 1000

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** `r_` and 16 alphanumerics: 7 of time (milliseconds, base 62, enough until 2081), 9 random (53 bits). */
export function newRunId(nowMs: number): string {
  let time = ''
  for (let rest = Math.floor(nowMs), digit = 0; digit < 7; digit++) {
    time = alphabet[rest % 62]! + time
    rest = Math.floor(rest / 62)
  }
  return `r_${time}${randomAlphanumerics(9)}`
}

/** Unbiased: a byte of 248 or more is drawn again. */
export function randomAlphanumerics(length: number): string {
  let text = ''
  while (text.length < length) {
    const byte = random(1)[0]!
    if (byte < 248) text += alphabet[byte % 62]
  }
  return text
}

type Prefix =
  | 'ep'
  | 'lis'
  | 'rea'
  | 'occ'
  | 'job'
  | 'view'
  | 'sh'
  | 'src'
  | 'usr'
  | 'role'
  | 'key'
  | 'sec'
  | 'aud'

/** A prefix and a UUIDv7, for everything of which there are few. */
export const newId = (prefix: Prefix): string => `${prefix}_${randomUUIDv7().replaceAll('-', '')}`

export const newOrganizationId = (): string => `org_${randomAlphanumerics(16)}`
