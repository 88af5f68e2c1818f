/** What a filter may ask for. Whatever does work in proportion to its input says so first. */
export interface FilterContext {
  charge(steps: number): void
  /** Throws when a text that is about to be made is too long. */
  checkLength(length: number): void
  nowMs(): number
  /** Tells why there is no result. */
  because(reason: string): null
}

/** Null: there is no result, and the token stays as it is. */
export type Filter = (
  input: string | null,
  options: readonly string[],
  context: FilterContext,
) => string | null

/** Of a text and nothing else. */
export const ofText =
  (filter: (text: string, context: FilterContext) => string | null): Filter =>
  (input, options, context) =>
    input === null || options.length > 0 ? null : filter(input, context)

/** Of a text and so many options. */
export const withOptions =
  (
    least: number,
    most: number,
    filter: (text: string, options: readonly string[], context: FilterContext) => string | null,
  ): Filter =>
  (input, options, context) =>
    input === null || options.length < least || options.length > most ? null : filter(input, options, context)

/** A whole number that is not negative; null for anything else. */
export const wholeNumber = (text: string | undefined): number | null => {
  const found = /^\s*\+?(\d{1,10})\s*$/.exec(text ?? '')
  return found && Number(found[1]) <= 2_147_483_647 ? Number(found[1]) : null
}
