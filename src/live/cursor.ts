/**
 * A place in the order of commits, as watchers keep it: opaque to them, a version and a position to us.
 * The version lets the form change without an old cursor being taken for something else.
 */
export const cursorOf = (position: number): string => Buffer.from(`1:${position}`).toString('base64url')

/** Null when this is no cursor of ours. */
export function positionOf(cursor: string): number | null {
  const digits = /^1:(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1]
  const position = Number(digits ?? Number.NaN)
  return Number.isSafeInteger(position) && cursorOf(position) === cursor ? position : null
}

/** The word for "from the oldest change that is still stored". */
export const beginning = 'beginning'
