import type { Filter } from './filter.ts'
import { ofText, wholeNumber, withOptions } from './filter.ts'

const test = (holds: (text: string, part: string) => boolean): Filter =>
  withOptions(1, 1, (text, [part]) => String(holds(text, part!)))

export const textFilters: Record<string, Filter> = {
  ToLower: ofText(text => text.toLowerCase()),
  ToUpper: ofText(text => text.toUpperCase()),
  StartsWith: test((text, part) => text.startsWith(part)),
  EndsWith: test((text, part) => text.endsWith(part)),
  Contains: test((text, part) => text.includes(part)),
  Substring: withOptions(1, 2, (text, options) => {
    const start = options.length === 1 ? 0 : wholeNumber(options[0])
    const length = wholeNumber(options.at(-1))
    return start === null || length === null || start > text.length ? null : text.slice(start, start + length)
  }),
  Truncate: withOptions(1, 2, (text, [size, suffix = '...']) => {
    const length = wholeNumber(size)
    if (length === null) return null
    return text.length > length ? text.slice(0, length) + suffix : text
  }),
  Trim: withOptions(0, 1, (text, [end]) => {
    if (end === undefined) return text.trim()
    if (end.toLowerCase() === 'start') return text.trimStart()
    return end.toLowerCase() === 'end' ? text.trimEnd() : null
  }),
  Append: (text, options) => (options.length === 0 ? null : (text ?? '') + options.join('')),
  Prepend: (text, options) => (options.length === 0 ? null : options.join('') + (text ?? '')),
  Indent: withOptions(0, 2, (text, options, context) => {
    const [first, rest] = indentsOf(options)
    const lines = text.split('\n')
    context.charge(lines.length)
    context.checkLength(text.length + first.length + (lines.length - 1) * rest.length)
    return first + lines.join(`\n${rest}`)
  }),
}

/** Before the first line, and before each of the others. */
function indentsOf(options: readonly string[]): [string, string] {
  const [first, rest] = options
  if (first === undefined) return [' '.repeat(4), ' '.repeat(4)]
  if (rest !== undefined) return [indentOf(first), indentOf(rest)]
  const sizes = /^(\d*)\/(\d+)$/.exec(first)
  const before = spaces(sizes?.[1] === '' ? '0' : sizes?.[1])
  const after = spaces(sizes?.[2])
  return before !== null && after !== null ? [before, after] : [indentOf(first), indentOf(first)]
}

const spaces = (size: string | undefined): string | null =>
  size !== undefined && /^\d{1,3}$/.test(size) && Number(size) <= 255 ? ' '.repeat(Number(size)) : null
const indentOf = (option: string): string => spaces(option) ?? option
