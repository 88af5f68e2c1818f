import { useMutation, useQueryClient } from '@tanstack/react-query'
import { createEndpoint, createVisitorEndpoint, endpointQuery } from '../../api/endpoints.ts'
import type { Endpoint } from '../../api/types.ts'
import { useSession, useSessionChange } from '../../app/session.ts'

/** The share link is told once, so it is kept for as long as the page is open. */
const shareUrls = new Map<string, string>()
export const shareUrlOf = (endpointId: string): string | undefined => shareUrls.get(endpointId)

/** Makes an endpoint without asking anything: a visitor's own, or one of the organization when signed in. */
export function useNewEndpoint(onMade: (id: string) => void) {
  const { signedIn } = useSession()
  const queries = useQueryClient()
  const sessionChanged = useSessionChange()
  return useMutation({
    mutationFn: async (): Promise<Endpoint> => {
      if (signedIn) return createEndpoint({})
      const { endpoint, shareUrl } = await createVisitorEndpoint()
      shareUrls.set(endpoint.id, shareUrl)
      await sessionChanged()
      return endpoint
    },
    onSuccess(endpoint) {
      queries.setQueryData(endpointQuery(endpoint.id).queryKey, endpoint)
      onMade(endpoint.id)
    },
  })
}
