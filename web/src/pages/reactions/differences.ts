import type { ReactionVersion } from '../../api/types.ts'

export interface Difference {
  /** `action.timeoutMs` */
  path: string
  before: string | undefined
  after: string | undefined
}

/** What differs between two versions, one entry a value; lists are one value. */
export function differences(former: ReactionVersion, later: ReactionVersion): Difference[] {
  const before = flatten({ state: former.state, ...former.definition })
  const after = flatten({ state: later.state, ...later.definition })
  const paths = [...new Set([...before.keys(), ...after.keys()])]
  return paths
    .map(path => ({ path, before: before.get(path), after: after.get(path) }))
    .filter(difference => difference.before !== difference.after)
}

function flatten(value: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(value).flatMap(([name, part]: [string, unknown]): [string, string][] => {
      const path = prefix + name
      if (typeof part === 'object' && part !== null && !Array.isArray(part))
        return [...flatten(part, `${path}.`)]
      return [[path, typeof part === 'string' ? part : JSON.stringify(part)]]
    }),
  )
}
