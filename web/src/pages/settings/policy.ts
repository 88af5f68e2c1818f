import type { Policy } from '../../api/settings.ts'

const most = 1_000_000
const mostDays = 36_500

/** A number above 0; null when nothing stands there, undefined when it is no amount. */
export function amountOf(text: string): number | null | undefined {
  const trimmed = text.trim().replace(',', '.')
  if (trimmed === '') return null
  const number = Number(trimmed)
  return number > 0 && number <= most ? number : undefined
}

/** Null when one of them is no amount. */
export function policyOf(days: string, gb: string): Policy | null {
  const keepDays = amountOf(days)
  const maxGb = amountOf(gb)
  if (keepDays === undefined || maxGb === undefined || (keepDays ?? 0) > mostDays) return null
  return { keepDays, maxGb }
}
