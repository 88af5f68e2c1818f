import { parseArgs, type ParseArgsConfig } from 'node:util'
import { PasteError } from './words.ts'

/** What a line says of a reaction; what it says nothing of is missing. */
export interface Pasted {
  definition: Record<string, unknown> & { action: Record<string, unknown> }
  /** What could not be taken over, in sentences. */
  notes: string[]
}

type Options = NonNullable<ParseArgsConfig['options']>
export type Values = Record<string, undefined | boolean | string | (string | boolean)[]>

/** The options of a command and what else it is given; an option that it does not have is named in a PasteError. */
export function readOptions(args: readonly string[], options: Options): { values: Values; others: string[] } {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    return { values, others: positionals }
  } catch (error) {
    const [, option] = /option '(-{1,2}[^' ]+)/i.exec(error instanceof Error ? error.message : '') ?? []
    if (option === undefined) throw error
    const isUnknown =
      error instanceof Error && 'code' in error && error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION'
    throw new PasteError(
      isUnknown
        ? `${option} has no counterpart here: leave it out`
        : `${option} wants a value, or wants none`,
    )
  }
}

export const textOf = (values: Values, name: string): string | undefined => {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}
export const textsOf = (values: Values, name: string): string[] => {
  const value = values[name]
  return Array.isArray(value) ? value.map(String) : []
}

/** What is no template stays as it is, whatever it holds. */
export const literal = (text: string): string => text.replaceAll('{{', '{{"{{"}}')
