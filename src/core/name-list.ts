/** Everything of one sort that has a name, in the order of names. */
export interface NameList<T> {
  readonly entries: readonly NameListEntry<T>[]
}

interface NameListEntry<T> {
  thing: T
  name: string
  /** After the name's own order, so that two of one name have theirs too. */
  place: string
  /** What it is found by, in lower case. */
  text: string
}

export interface Listed {
  id: string
  name: string
  /** Found by these too. */
  words: readonly (string | null)[]
}

export interface NamePage<T> {
  things: T[]
  /** Where the next page begins; null when this is the last. */
  next: string | null
  /** On all pages together. */
  total: number
}

export function createNameList<T>(things: Iterable<T>, listed: (thing: T) => Listed): NameList<T> {
  const entries = Array.from(things, thing => {
    const { id, name, words } = listed(thing)
    return { thing, name, place: `${name} ${id}`, text: [name, id, ...words].join('\n').toLowerCase() }
  })
  // Names are of ASCII, so that the order of their characters is that of the alphabet.
  entries.sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0))
  return { entries }
}

/**
 * The things in which every word is found, in any case. Those whose name begins with the first word stand first, so that
 * a name that was typed whole is on the first page; then those that have it in their name; then the others.
 */
export function pageOfNames<T>(
  { entries }: NameList<T>,
  { search, after, limit }: { search: string; after: string; limit: number },
  include: (thing: T) => boolean,
): NamePage<T> {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const [first = ''] = words
  const ranks: NameListEntry<T>[][] = [[], [], []]
  for (const entry of entries) {
    if (!words.every(word => entry.text.includes(word)) || !include(entry.thing)) continue
    ranks[entry.name.startsWith(first) ? 0 : entry.name.includes(first) ? 1 : 2]!.push(entry)
  }
  const found = ranks.flatMap((rank, number) =>
    rank.map(({ thing, place }) => ({ thing, at: number + place })),
  )
  const begin = found.findIndex(({ at }) => at > after)
  const page = begin < 0 ? [] : found.slice(begin, begin + limit)
  const hasMore = begin >= 0 && begin + limit < found.length
  return {
    things: page.map(({ thing }) => thing),
    next: hasMore ? page.at(-1)!.at : null,
    total: found.length,
  }
}
