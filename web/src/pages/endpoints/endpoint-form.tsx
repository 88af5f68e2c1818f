import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { EndpointChange } from '../../api/endpoints.ts'
import { fieldErrors } from '../../api/problem.ts'
import type { Endpoint } from '../../api/types.ts'
import { Button } from '../../ui/button.tsx'
import { parseDuration } from '../../ui/durations.ts'
import { errorsUnder } from '../../ui/field-errors.ts'
import { Input, Select } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { AuthenticationField } from './authentication-field.tsx'
import { changeOf, draftOfEndpoint, emptyDraft, type EndpointDraft } from './endpoint-draft.ts'

interface EndpointFormProps {
  /** The endpoint that is changed; none for a new one. */
  endpoint?: Endpoint
  label: string
  save: (change: EndpointChange) => Promise<Endpoint>
  onSaved: (endpoint: Endpoint) => void
}

export function EndpointForm({ endpoint, label, save, onSaved }: EndpointFormProps) {
  const [former] = useState<EndpointDraft>(() => (endpoint ? draftOfEndpoint(endpoint) : emptyDraft))
  const [draft, setDraft] = useState(former)
  const saving = useMutation({ mutationFn: () => save(changeOf(draft, former)), onSuccess: onSaved })
  const errors = fieldErrors(saving.error)
  const set = (part: Partial<EndpointDraft>) => setDraft({ ...draft, ...part })
  const isNoDuration = draft.silentAfter.trim() !== '' && parseDuration(draft.silentAfter) === null
  const text = (
    name:
      | 'name'
      | 'description'
      | 'path'
      | 'methods'
      | 'kindName'
      | 'contentTypes'
      | 'allowedAddresses'
      | 'allowedOrigins'
      | 'maxKib'
      | 'silentAfter',
    path = `/${name}`,
  ) => ({
    value: draft[name],
    error: errorsUnder(errors, path),
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
  })

  return (
    <form
      className="flex flex-col gap-5"
      onSubmit={event => {
        event.preventDefault()
        if (!isNoDuration) saving.mutate()
      }}
    >
      <div className="grid gap-5 sm:grid-cols-2">
        <Input label="Name" placeholder="harbor" hint="Empty: one is made up." {...text('name')} />
        <Input label="Description" {...text('description')} />
        <Input
          label="Path"
          mono
          placeholder="/hooks/harbor/:project"
          hint="Under /hooks/ or /triggers/. Empty: one that cannot be guessed."
          {...text('path')}
        />
        <Input label="Methods" mono hint="With commas between; ANY takes all." {...text('methods')} />
        <Input
          label="Kind of its events"
          mono
          placeholder="order.paid"
          hint="Empty: as the provider calls it, such as github.push; else webhook.received."
          {...text('kindName')}
        />
        <Select
          label="What comes in"
          hint="An event of a product becomes that event: its kind, targets, owner, error and team."
          value={draft.eventShape}
          error={errorsUnder(errors, '/eventShape')}
          onChange={({ target }) => set({ eventShape: target.value as EndpointDraft['eventShape'] })}
        >
          <option value="">Requests</option>
          <option value="tsuru">Events of tsuru</option>
        </Select>
        <Input
          label="Content types"
          mono
          placeholder="application/json"
          hint="With commas between. Empty takes all."
          {...text('contentTypes')}
        />
        <Input
          label="Allowed senders"
          mono
          placeholder="192.0.2.0/24, 2001:db8::/32"
          hint="Addresses and CIDRs, with commas between. Empty takes all."
          {...text('allowedAddresses')}
        />
        <Input
          label="CloudEvents origins"
          mono
          placeholder="eventgrid.azure.net"
          hint="May ask by OPTIONS whether they may send. * for all. Empty grants none."
          {...text('allowedOrigins')}
        />
        <Input label="Largest body, in KiB" inputMode="numeric" {...text('maxKib', '/maxBytes')} />
        <Input
          label="Alarm when silent for"
          mono
          placeholder="24h"
          hint="A duration such as 30m, 24h or 7d. Empty: never."
          {...text('silentAfter', '/silentAfterMs')}
          {...(isNoDuration ? { error: 'This is no duration; write 30m, 24h or 7d.' } : {})}
        />
        <Input
          label="Ends"
          type="datetime-local"
          step={1}
          hint="Senders are answered 410 from then on. Empty: never."
          value={draft.expiresAt}
          error={errorsUnder(errors, '/expiresAt')}
          onChange={({ target }) => set({ expiresAt: target.value })}
        />
        <div className="flex gap-2">
          <Input
            label="Rate limit"
            inputMode="numeric"
            className="flex-1"
            hint="Empty: none."
            value={draft.rateRequests}
            error={errorsUnder(errors, '/rateLimit')}
            onChange={({ target }) => set({ rateRequests: target.value })}
          />
          <Select
            label="Per"
            className="w-32 shrink-0"
            value={draft.ratePer}
            onChange={({ target }) => set({ ratePer: target.value as EndpointDraft['ratePer'] })}
          >
            <option value="second">second</option>
            <option value="minute">minute</option>
          </Select>
          <Input
            label="Burst"
            inputMode="numeric"
            className="w-20 shrink-0"
            hint="More in any ten."
            value={draft.rateBurst}
            onChange={({ target }) => set({ rateBurst: target.value })}
          />
        </div>
        <div className="flex gap-2">
          <Select
            label="Delivery id"
            className="w-32 shrink-0"
            value={draft.deliveryFrom}
            onChange={({ target }) => set({ deliveryFrom: target.value as EndpointDraft['deliveryFrom'] })}
          >
            <option value="none">None</option>
            <option value="header">A header</option>
            <option value="path">In the body</option>
          </Select>
          {draft.deliveryFrom !== 'none' && (
            <Input
              label={draft.deliveryFrom === 'header' ? 'Header' : 'Path in the body'}
              mono
              className="flex-1"
              placeholder={draft.deliveryFrom === 'header' ? 'X-GitHub-Delivery' : 'id'}
              value={draft.delivery}
              onChange={e => set({ delivery: e.target.value })}
              error={errorsUnder(errors, '/deliveryId')}
              hint="The same id is kept once."
            />
          )}
        </div>
      </div>
      <AuthenticationField
        schemes={draft.authentication}
        errors={errors}
        onChange={authentication => set({ authentication })}
      />
      {saving.isError && <ProblemNote error={saving.error} what="Nothing was saved" />}
      <div>
        <Button type="submit" look="primary" busy={saving.isPending}>
          {label}
        </Button>
      </div>
    </form>
  )
}
