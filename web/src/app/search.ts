/** Readers for what stands after the question mark; anybody may have written it. */

// The router reads `?text=42` as a number.
export function optionalText(value: unknown, maxLength = 500): string | undefined {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
  return typeof text === 'string' && text !== '' ? text.slice(0, maxLength) : undefined
}

export const optionalOneOf = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined =>
  allowed.find(one => one === value)
