import type { Numbers } from '../language.ts'

/** What a render may still use. Whatever does work in proportion to its input says so first. */
export interface Meter {
  /** What a number of the context is (values.ts). */
  readonly numbers: Numbers
  /** Longest text, in UTF-16 units, that may be made on the way. */
  readonly maxLength: number
  charge(steps: number): void
  /** Throws when a text that is about to be made is too long. */
  checkLength(length: number): void
  secret(name: string): string
  /** Throws when nobody has told the time. */
  now(): Date
}

/** A step for each 64 characters read or written. */
export const textSteps = (length: number): number => length >> 6

export function chargeText(meter: Meter, ...values: unknown[]): void {
  for (const value of values) if (typeof value === 'string') meter.charge(textSteps(value.length))
}
