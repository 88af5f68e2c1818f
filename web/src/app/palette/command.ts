/** One thing to go to or to do. */
export interface Command {
  id: string
  label: string
  /** What stands beside it: an id, a path, a state. */
  note?: string
  /** Found by these too. */
  words?: string
  /** Only shown once something is typed: there is one for everything that has a name. */
  isDetail?: boolean
  run: () => unknown
}

export interface CommandGroup {
  title: string
  items: readonly Command[]
}

const mostInGroup = 8

/** What matches every word that was typed, the best first; no group crowds out the others. */
export function find(groups: readonly CommandGroup[], typed: string): CommandGroup[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const [first = ''] = words
  const best = ({ items: [item] }: CommandGroup): number => (item ? rank(item, first) : Infinity)
  return groups
    .map(({ title, items }) => ({
      title,
      items: items
        .filter(item => (words.length === 0 ? !item.isDetail : matches(item, words)))
        .toSorted((a, b) => rank(a, first) - rank(b, first))
        .slice(0, mostInGroup),
    }))
    .filter(({ items }) => items.length > 0)
    .toSorted((a, b) => best(a) - best(b))
}

const matches = ({ label, note = '', words = '' }: Command, typed: readonly string[]): boolean => {
  const text = `${label} ${note} ${words}`.toLowerCase()
  return typed.every(word => text.includes(word))
}

/** The label begins so, a word of it does, it is somewhere in it, or only beside it; details come after all of these. */
function rank({ label, isDetail }: Command, word: string): number {
  const text = label.toLowerCase()
  const detail = isDetail ? 4 : 0
  if (text.startsWith(word)) return detail
  if (text.includes(` ${word}`)) return detail + 1
  return detail + (text.includes(word) ? 2 : 3)
}

/** Ids can be pasted: where they lead. */
export function byId(typed: string): { what: 'event' | 'run'; id: string } | null {
  const id = typed.trim()
  if (/^evt_[0-9a-f]{24}$/.test(id)) return { what: 'event', id }
  return /^r_[0-9A-Za-z]{16}$/.test(id) ? { what: 'run', id } : null
}
