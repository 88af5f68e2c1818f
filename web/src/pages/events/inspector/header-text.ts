import type { RequestDetails } from '../../../api/types.ts'
import { headerLines } from './request-text.ts'

type Headers = RequestDetails['headers']

/** One header a line, as they are edited. */
export const headerText = (headers: Headers): string =>
  headerLines(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')

/** What edited lines change of headers, null for those that are gone; a line that is none is told instead. */
export function headerChange(
  former: Headers,
  text: string,
): { change: Record<string, string | string[] | null> } | { mistake: string } {
  const given = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const [, name, value = ''] = /^([^:\s]+):\s*(.*)$/.exec(line.trim()) ?? []
    if (name === undefined)
      return { mistake: `${JSON.stringify(line.trim())} is no header: write name: value` }
    const key = name.toLowerCase()
    given.set(key, [...(given.get(key) ?? []), value])
  }
  const change: Record<string, string | string[] | null> = {}
  for (const name of Object.keys(former)) if (!given.has(name)) change[name] = null
  for (const [name, values] of given) {
    const value = values.length === 1 ? values[0]! : values
    if (JSON.stringify(value) !== JSON.stringify(former[name])) change[name] = value
  }
  return { change }
}
