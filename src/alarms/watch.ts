import type { CheckTerms } from '../storage/commands/alarms.ts'

/** Looks after alarms of one kind. It asks for nothing while nothing of its kind can happen. */
export interface Watch {
  /** When it wants to look next; null: not before something happens. */
  nextAtMs(): number | null
  /** Begins and ends what is due. Answers how many events were told. */
  look(terms: CheckTerms): Promise<number>
}

/** The sooner of the two; null is never. */
export const sooner = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b)
