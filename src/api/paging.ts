import { Problem } from './errors.ts'

/** Cursors are positions or ids; callers hand them back as they came and never look inside. */
export const encodeCursor = (place: number | string): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url')

export function decodePosition(cursor: string | undefined): number | null {
  if (cursor === undefined) return null
  const place = decode(cursor)
  if (typeof place === 'number' && Number.isSafeInteger(place) && place >= 0) return place
  throw unreadable()
}

/** '' stands before every id. */
export function decodeId(cursor: string | undefined): string {
  if (cursor === undefined) return ''
  const place = decode(cursor)
  if (typeof place === 'string') return place
  throw unreadable()
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    throw unreadable()
  }
}

const unreadable = () =>
  new Problem('cursor.invalid', 'The cursor is not one that this list gave; leave it out to begin again')

/** From one row more than was asked for: the page, and where the next one begins. */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  place: (row: T) => string,
): { rows: T[]; next: string | null } {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { rows: page, next: rows.length > limit && last !== undefined ? encodeCursor(place(last)) : null }
}
