import type { Change } from './change.ts'
import type { Page } from './read-changes.ts'

/** The newest changes, kept for those who come back soon. Bounded in number and in bytes. */
export interface Ring {
  /** Takes what came up to `position`. */
  push(changes: readonly Change[], position: number): void
  /** What came after a position, oldest first; null when the ring does not reach back so far. */
  after(position: number, limit: number): Page | null
}

const maxChanges = 10_000
const maxBytes = 16 * 1024 * 1024

/** In memory: the text, of which a character may take two bytes, and the rest. */
const bytesOf = ({ text }: Change): number => 2 * text.length + 200

/** Empty, and complete from `start` on. */
export function createRing(start: number, limits = { maxChanges, maxBytes }): Ring {
  const kept: Change[] = []
  let from = start
  let until = start
  let bytes = 0

  function drop(): void {
    let count = 0
    while (kept.length - count > limits.maxChanges || (bytes > limits.maxBytes && count < kept.length)) {
      bytes -= bytesOf(kept[count]!)
      count += 1
    }
    if (count === 0) return
    from = kept[count - 1]!.position
    kept.splice(0, count)
  }

  return {
    push(changes, position) {
      for (const change of changes) {
        kept.push(change)
        bytes += bytesOf(change)
      }
      until = position
      drop()
    },
    after(position, limit) {
      if (position < from || position > until) return null
      const first = firstAfter(kept, position)
      const changes = kept.slice(first, first + limit)
      const more = first + limit < kept.length
      return { changes, position: more ? changes.at(-1)!.position : until, more }
    },
  }
}

/** Where the first change beyond a position stands: they are in order, so halving finds it. */
function firstAfter(changes: readonly Change[], position: number): number {
  let low = 0
  let high = changes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (changes[middle]!.position <= position) low = middle + 1
    else high = middle
  }
  return low
}
