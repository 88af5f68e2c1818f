/** .NET's replacement patterns: `$1 ${name} $$ $& $\` $' $+ $_`. */
export interface Match {
  text: string
  start: number
  end: number
  /** By its place in the translated pattern; '' where it took no part. */
  group(place: number): string
  groups: number
}

/** Where the groups of a pattern are in its translation. */
export interface Groups {
  groups: readonly { name: string | null; number: number }[]
}

const special = /\$(?:(?<number>\d+)|\{(?<name>[\w]+)\}|(?<sign>[$&`'+_]))/g

export function parseReplacement(source: string, { groups }: Groups): (match: Match) => string {
  const placeOf = (wanted: string): number => {
    const number = /^\d+$/.test(wanted) ? Number(wanted) : null
    if (number === 0) return 0
    const at = groups.findIndex(group => group.name === wanted || group.number === number)
    return at < 0 ? at : at + 1
  }
  return match =>
    source.replace(special, (literal, ...rest) => {
      const { number, name, sign } = rest.at(-1) as Partial<Record<string, string>>
      if (sign !== undefined) return signs[sign]!(match)
      const place = placeOf((number ?? name)!)
      return place < 0 ? literal : match.group(place)
    })
}

const signs: Readonly<Record<string, (match: Match) => string>> = {
  $: () => '$',
  '&': match => match.group(0),
  '`': ({ text, start }) => text.slice(0, start),
  "'": ({ text, end }) => text.slice(end),
  '+': match => match.group(match.groups),
  _: ({ text }) => text,
}
