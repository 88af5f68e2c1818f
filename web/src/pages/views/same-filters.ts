import type { Filters } from '../../api/views.ts'

/** In whatever order they are written. */
export const areSame = (a: Filters, b: Filters): boolean => text(a) === text(b)

const text = (filters: Filters): string =>
  JSON.stringify(
    Object.entries(filters)
      .filter(([, value]) => value !== undefined)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  )
