import { queryOptions } from '@tanstack/react-query'
import { get, post, request } from './request.ts'
import type { DryRun, List, Reaction, ReactionDefinition, ReactionVersion } from './types.ts'

export const reactionsQuery = queryOptions({
  queryKey: ['reactions'],
  queryFn: ({ signal }) => get<List<Reaction>>('api/reactions', { limit: 500 }, signal),
})

const pathOf = (reaction: string): string => `api/reactions/${encodeURIComponent(reaction)}`

export const reactionQuery = (reaction: string) =>
  queryOptions({
    queryKey: ['reactions', reaction],
    queryFn: ({ signal }) => get<Reaction>(pathOf(reaction), undefined, signal),
  })

export const versionsQuery = (reaction: string) =>
  queryOptions({
    queryKey: ['reactions', reaction, 'versions'],
    queryFn: ({ signal }) => get<List<ReactionVersion>>(`${pathOf(reaction)}/versions`, undefined, signal),
  })

export const createReaction = (definition: ReactionDefinition) => post<Reaction>('api/reactions', definition)
export const saveReaction = (id: string, definition: ReactionDefinition) =>
  request<Reaction>('PUT', pathOf(id), { body: definition })
export const deleteReaction = (id: string) => request<void>('DELETE', pathOf(id))

export type StateChange = 'pause' | 'resume' | 'enable' | 'disable'
export const changeState = (id: string, change: StateChange) => post<Reaction>(`${pathOf(id)}/${change}`)

/** What a line of curl or tsuru says of a reaction. */
export interface ReadLine {
  definition: Partial<Omit<ReactionDefinition, 'action' | 'filter' | 'retry'>> & {
    action?: Partial<ReactionDefinition['action']>
    filter?: Partial<ReactionDefinition['filter']>
    retry?: Partial<ReactionDefinition['retry']>
  }
  notes: string[]
}

export const readLine = (line: string) => post<ReadLine>('api/reactions/from-line', { line })

export interface DryRunOf {
  definition: ReactionDefinition
  /** The reaction of which the definition is a change: its ••• stand for the stored secrets. */
  reaction?: string
  event: string
}

/** Judges and renders without sending anything. */
export const dryRun = (of: DryRunOf, signal: AbortSignal) =>
  request<DryRun>('POST', 'api/reactions/test', { body: of, signal })
