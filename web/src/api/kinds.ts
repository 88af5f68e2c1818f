import { queryOptions } from '@tanstack/react-query'
import { get } from './request.ts'
import type { KnownKind } from './types.ts'

/** Kinds that the code knows and those that were seen, with their targets. */
export const kindsQuery = queryOptions({
  queryKey: ['kinds'],
  queryFn: ({ signal }) => get<{ items: KnownKind[] }>('api/kinds', undefined, signal),
  staleTime: 60_000,
})
