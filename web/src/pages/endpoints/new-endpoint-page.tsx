import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { createEndpoint, endpointQuery, endpointsQuery } from '../../api/endpoints.ts'
import { Page } from '../../ui/page.tsx'
import { EndpointForm } from './endpoint-form.tsx'

export function NewEndpointPage() {
  const navigate = useNavigate()
  const queries = useQueryClient()
  return (
    <Page
      title="New endpoint"
      back={
        <Link to="/endpoints" className="text-link">
          Endpoints
        </Link>
      }
    >
      <p className="mb-5 text-soft">Nothing here must be filled in; all of it can be changed later.</p>
      <EndpointForm
        label="Make the endpoint"
        save={createEndpoint}
        onSaved={endpoint => {
          queries.setQueryData(endpointQuery(endpoint.id).queryKey, endpoint)
          void queries.invalidateQueries({ ...endpointsQuery, exact: true })
          void navigate({ to: '/endpoints/$endpointId', params: { endpointId: endpoint.id } })
        }}
      />
    </Page>
  )
}
