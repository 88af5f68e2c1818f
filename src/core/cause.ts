import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { Cause } from './event.ts'

/**
 * What made a request: the run, the event that it was for, and that event's hops, in the signed `signalbox-cause`
 * header of what Signalbox sends. A Signalbox that receives it goes on counting hops, so that loops end; the signature
 * keeps others from ending chains that are none.
 */
export const causeHeader = 'signalbox-cause'

export function signCause(key: KeyObject, cause: Cause, hops: number): string {
  const text = `1.${cause.runId}.${cause.eventId}.${hops}`
  return `${text}.${signature(key, text)}`
}

/** Null for what this installation did not sign: the request is then one from outside, as any other. */
export function readCause(key: KeyObject, header: string): { cause: Cause; hops: number } | null {
  const match = /^(1\.(r_[0-9A-Za-z]{16})\.(evt_[0-9a-f]{24})\.(\d{1,4}))\.([\w-]{43})$/.exec(header)
  if (!match) return null
  const [, text, runId, eventId, hops, presented] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  if (!timingSafeEqual(Buffer.from(presented), Buffer.from(signature(key, text)))) return null
  return { cause: { runId, eventId }, hops: Number(hops) }
}

const signature = (key: KeyObject, text: string): string =>
  createHmac('sha256', key).update(text).digest('base64url')

/** A key of its own for each purpose, out of the installation's one. As an object: from bytes, each HMAC takes 5 µs more. */
export const deriveKey = (key: Buffer, purpose: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', key, '', purpose, 32)))
