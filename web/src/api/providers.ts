import { queryOptions } from '@tanstack/react-query'
import type { SchemeType } from '../../../src/core/authentication.ts'
import type { ProviderSteps } from '../../../src/core/provider-steps.ts'
import { get } from './request.ts'

/** What is done on the pages of each provider. */
export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: ({ signal }) =>
    get<{ items: (ProviderSteps & { type: SchemeType })[] }>('api/providers', undefined, signal),
  staleTime: Number.POSITIVE_INFINITY,
})
