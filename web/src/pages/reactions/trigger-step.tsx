import { useQuery } from '@tanstack/react-query'
import { endpointsQuery } from '../../api/endpoints.ts'
import { errorsUnder } from '../../ui/field-errors.ts'
import { Select } from '../../ui/field.tsx'
import type { StepProps } from './step-props.ts'

export function TriggerStep({ draft, set, errors }: StepProps) {
  const endpoints = useQuery(endpointsQuery).data?.items ?? []
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Select
        label="Started by"
        value={draft.trigger}
        onChange={({ target }) => set({ trigger: target.value === 'events' ? 'events' : 'endpoint' })}
      >
        <option value="endpoint">A request on an endpoint</option>
        <option value="events">Events, chosen by the filter</option>
      </Select>
      {draft.trigger === 'endpoint' && (
        <Select
          label="Endpoint"
          required
          value={draft.endpoint}
          onChange={({ target }) => set({ endpoint: target.value })}
          error={draft.endpoint !== '' && errorsUnder(errors, '/trigger')}
        >
          <option value="">Choose one…</option>
          {endpoints.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </div>
  )
}
