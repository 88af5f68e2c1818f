import type { Change } from './change.ts'
import { cursorOf } from './cursor.ts'

/** Changes as they travel: serialised once, sent to as many as share the filter. */
export interface Frame {
  bytes: Buffer
  /** The cursor in it covers everything up to here. */
  position: number
  events: number
  runs: number
}

export const maxChangesPerFrame = 100
/** A hundred changes are some 40 KB; targets and paths of unusual length make fewer of them a frame. */
const maxFrameBytes = 256 * 1024

/** The frames that tell these changes; the cursor of the last one covers everything up to `end`. */
export function framesOf(changes: readonly Change[], end: number): Frame[] {
  const frames: Frame[] = []
  let from = 0
  let bytes = 0
  changes.forEach((change, index) => {
    const length = change.text.length
    if (index - from === maxChangesPerFrame || (index > from && bytes + length > maxFrameBytes)) {
      frames.push(frame(changes.slice(from, index), changes[index - 1]!.position))
      from = index
      bytes = 0
    }
    bytes += length
  })
  if (from < changes.length) frames.push(frame(changes.slice(from), end))
  return frames
}

/** Moves the cursor of watchers for whom there was nothing. */
export const emptyFrame = (position: number): Frame => frame([], position)

function frame(changes: readonly Change[], position: number): Frame {
  const texts = changes.map(({ text }) => text).join(',')
  return {
    bytes: Buffer.from(`{"type":"frame","cursor":"${cursorOf(position)}","changes":[${texts}]}`),
    position,
    events: changes.filter(({ topic }) => topic === 'events').length,
    runs: changes.filter(({ topic }) => topic === 'runs').length,
  }
}
