export interface SeenKind {
  name: string
  /** As the last of them has it; its detail holds the targets. */
  type: string
  lastAtMs: number
  detail: string
  /** Counted up to `mostCounted`. */
  count: number
}

export const mostCounted = 10_000
