import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { asProblem } from '../../api/problem.ts'
import { dryRun } from '../../api/reactions.ts'
import type { DryRun, FieldError, ReactionDefinition } from '../../api/types.ts'
import { useSettled } from './use-settled.ts'

export interface Trial {
  result: DryRun | undefined
  /** What is wrong with the definition; a mistake in the form of the request counts too. */
  errors: readonly FieldError[]
  /** Why there is no result, when it is not for mistakes in the definition. */
  failure: unknown
  isStale: boolean
}

const noErrors: readonly FieldError[] = []

/** Judges and renders the definition against the sample, once the typing pauses. */
export function useDryRun(
  definition: ReactionDefinition,
  sample: string | undefined,
  reaction: string | undefined,
): Trial {
  // A reaction that has no name yet can be tried all the same.
  const text = JSON.stringify({ ...definition, name: definition.name || 'unnamed' })
  const settled = useSettled(text)
  const draft = useMemo(() => JSON.parse(settled) as ReactionDefinition, [settled])
  const trial = useQuery({
    queryKey: ['dry run', settled, sample, reaction],
    queryFn: ({ signal }) =>
      dryRun({ definition: draft, event: sample ?? '', ...(reaction ? { reaction } : {}) }, signal),
    enabled: sample !== undefined && draft.action.url !== '',
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    gcTime: 60_000,
    retry: false,
  })
  const refused = trial.error ? asProblem(trial.error).errors : noErrors
  return {
    result: trial.isError ? undefined : trial.data,
    errors: trial.isError ? refused : (trial.data?.errors ?? noErrors),
    failure: refused.length > 0 ? null : trial.error,
    isStale: text !== settled || trial.isFetching,
  }
}
