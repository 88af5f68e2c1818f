import { LRUCache } from 'lru-cache'
import { RE2JS, RE2JSException } from 're2js'
import type { Filter, FilterContext } from './filter.ts'
import { withOptions } from './filter.ts'
import { parseReplacement, type Match } from './replacement.ts'
import { translate, UnusablePattern, type Translated } from './pattern.ts'

interface Compiled extends Translated {
  expression: RE2JS
}

const known = new LRUCache<string, Compiled | string>({ max: 500 })

/** Throws nothing: why a pattern cannot be used is a text. */
export function compilePattern(source: string, hasFinalLine = false): Compiled | string {
  const key = `${hasFinalLine ? 1 : 0}${source}`
  let found = known.get(key)
  if (found === undefined) known.set(key, (found = tryCompile(source, hasFinalLine)))
  return found
}

const maxPatternLength = 2000

function tryCompile(source: string, hasFinalLine: boolean): Compiled | string {
  if (source.length > maxPatternLength) return `a pattern has at most ${maxPatternLength} characters`
  try {
    const translated = translate(source, { hasFinalLine })
    return { ...translated, expression: RE2JS.compile(translated.source) }
  } catch (error) {
    if (error instanceof UnusablePattern || error instanceof RE2JSException)
      return `the pattern ${JSON.stringify(source)} cannot be used: ${error.message}`
    throw error
  }
}

/** A pattern's `$` also stands before a line end that is the last character. */
function patternFor(text: string, source: string, context: FilterContext): Compiled | null {
  const hasFinalLine = text.endsWith('\n') && text.indexOf('\n') === text.length - 1
  const compiled = compilePattern(source, hasFinalLine)
  if (typeof compiled === 'string') return context.because(compiled)
  context.charge(source.length + ((text.length * (source.length + 8)) >> 8))
  return compiled
}

export const patternFilters: Record<string, Filter> = {
  Match: withOptions(1, 1, (text, [source], context) => {
    const pattern = patternFor(text, source!, context)
    return pattern && String(pattern.expression.matcher(text).find())
  }),
  Replace: withOptions(1, 2, (text, [source, replacement = ''], context) => {
    const pattern = patternFor(text, source!, context)
    return pattern && replaceAll(text, pattern, replacement, context)
  }),
}

function replaceAll(text: string, pattern: Compiled, replacement: string, context: FilterContext): string {
  const matcher = pattern.expression.matcher(text)
  const write = parseReplacement(replacement, pattern)
  let output = ''
  let at = 0
  while (matcher.find()) {
    const match: Match = {
      text,
      start: matcher.start(),
      end: matcher.end(),
      group: place => matcher.group(place) ?? '',
      groups: pattern.groups.length,
    }
    output += text.slice(at, match.start) + write(match)
    at = match.end
    context.charge(2)
    context.checkLength(output.length)
  }
  return output + text.slice(at)
}
