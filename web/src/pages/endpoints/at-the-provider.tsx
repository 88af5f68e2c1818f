import { useQuery } from '@tanstack/react-query'
import { providersQuery } from '../../api/providers.ts'
import type { Endpoint } from '../../api/types.ts'
import { Pairs } from '../../ui/pairs.tsx'

/** Beside the URL: what is done with it on the pages of whoever sends. */
export function AtTheProvider({ endpoint }: { endpoint: Endpoint }) {
  const types = endpoint.authentication.map(({ type }) => type)
  const providers = useQuery(providersQuery).data?.items.filter(({ type }) => types.includes(type)) ?? []
  return providers.map(({ type, title, page, url, secret, also }) => (
    <div key={type} className="mt-4">
      <h3 className="mb-1 text-[13px] font-medium text-soft">At {title}</h3>
      <Pairs
        label={`At ${title}`}
        rows={[
          ['Where', page],
          ['The URL', url],
          ['The secret', secret],
          ['Also', also],
        ]}
      />
    </div>
  ))
}
