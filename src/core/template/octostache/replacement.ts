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
  /** The number or name of each; place 1 first. */
  groups: readonly string[]
}

const special = /\$(?:(?<number>\d+)|\{(?<name>[\w]+)\}|(?<sign>[$&`'+_]))/g

export function parseReplacement(source: string, { groups }: Groups): (match: Match) => string {
  const placeOf = (name: string): number =>
    name === '0' ? 0 : groups.indexOf(/^\d+$/.test(name) ? String(Number(name)) : name) + 1 || -1
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
