import type { Event } from './event.ts'
import { newEventId } from './ids.ts'

export interface DiskState {
  directory: string
  roomBytes: number
  totalBytes: number
  isLow: boolean
}

/** Told when the disk is nearly full, and again, without an error, when there is room. */
export function diskEvent(state: DiskState, nowMs: number): { event: Event; body: Uint8Array } {
  const { directory, roomBytes, totalBytes, isLow } = state
  const mib = (bytes: number) => `${Math.floor(bytes / 1024 ** 2)} MiB`
  const left = `${mib(roomBytes)} of ${mib(totalBytes)} are left`
  const text = isLow
    ? `The disk of the store is nearly full: ${left}`
    : `The disk of the store has room again: ${left}`
  const data = { disk: { directory, roomBytes, totalBytes, state: isLow ? 'low' : 'recovered' }, text }
  const body = new TextEncoder().encode(JSON.stringify(data))
  const event: Event = {
    id: newEventId(nowMs),
    position: 0,
    receivedAtMs: nowMs,
    kind: { type: 'signalbox', name: 'disk.low' },
    targets: [{ type: 'disk', value: directory }],
    owner: { type: 'signalbox', name: 'signalbox' },
    error: isLow
      ? `Only ${Math.floor(roomBytes / 1024)} KiB of ${Math.ceil(totalBytes / 1024)} KiB are left`
      : null,
    team: null,
    actor: 'signalbox',
    endpointId: null,
    cause: null,
    hops: 0,
    request: null,
    contentType: 'application/json',
    bodyBytes: body.length,
  }
  return { event, body }
}
