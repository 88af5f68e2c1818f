import type { Filter } from './filter.ts'
import { ofText } from './filter.ts'

interface Version {
  numbers: number[]
  preRelease: string
  prefix: string
  counter: string
  metadata: string
}

const pattern = /^\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.(\d+))?(?:[.\-_\\]?([^+\s]*))?(?:\+(\S*))?\s*$/i

function parseVersion(text: string): Version | null {
  if (text.trim().toLowerCase() === 'latest')
    return { numbers: [0, 0, 0, 0], preRelease: 'latest', prefix: 'latest', counter: '', metadata: '' }
  const found = pattern.exec(text)
  if (!found) return null
  const preRelease = found[5] ?? ''
  // The counter is what follows the first of these that a digit follows, or else the first point.
  const divider = [/[.\-_](?=\d)/, /\./].map(mark => preRelease.search(mark)).find(place => place >= 0)
  return {
    numbers: found.slice(1, 5).map(number => Number(number ?? 0)),
    preRelease,
    prefix: divider === undefined ? preRelease : preRelease.slice(0, divider),
    counter: divider === undefined ? '' : preRelease.slice(divider + 1),
    metadata: found[6] ?? '',
  }
}

const part = (read: (version: Version) => string): Filter =>
  ofText((text, context) => {
    const version = text.length > 2000 ? null : parseVersion(text)
    return version ? read(version) : context.because('the input is not a version')
  })

export const versionFilters: Record<string, Filter> = {
  VersionMajor: part(({ numbers }) => String(numbers[0])),
  VersionMinor: part(({ numbers }) => String(numbers[1])),
  VersionPatch: part(({ numbers }) => String(numbers[2])),
  VersionRevision: part(({ numbers }) => String(numbers[3])),
  VersionPreRelease: part(({ preRelease }) => preRelease),
  VersionPreReleasePrefix: part(({ prefix }) => prefix),
  VersionPreReleaseCounter: part(({ counter }) => counter),
  VersionMetadata: part(({ metadata }) => metadata),
}
