import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { sessionQuery, signOut } from '../api/session.ts'
import type { Session } from '../api/types.ts'

export const useSession = (): Session => useSuspenseQuery(sessionQuery).data

/** Forgets what the former person saw and asks anew who this is. */
export function useSessionChange(): () => Promise<void> {
  const client = useQueryClient()
  return async () => {
    client.removeQueries({ predicate: query => query.queryKey[0] !== 'session' })
    await client.invalidateQueries(sessionQuery)
  }
}

export function useSignOut(): () => Promise<void> {
  const sessionChanged = useSessionChange()
  return async () => {
    await signOut()
    await sessionChanged()
  }
}
