import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import {
  resetRetention,
  retentionPreviewQuery,
  retentionQuery,
  saveRetention,
  settingsQuery,
  type Policy,
  type RetentionPreview,
} from '../../api/settings.ts'
import { statusQuery } from '../../api/statistics.ts'
import { Ago, Time } from '../../ui/time.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Input } from '../../ui/field.tsx'
import { count } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Pairs } from '../../ui/pairs.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { toast } from '../../ui/toast.tsx'
import { Until } from '../runs/until.tsx'
import { amountOf, policyOf } from './policy.ts'
import { size } from './size.ts'

export function RetentionSection() {
  const { data, error, refetch } = useQuery(retentionQuery)
  return (
    <Section title="How long events are kept">
      {error && (
        <ProblemNote error={error} what="The retention could not be read" retry={() => void refetch()} />
      )}
      {data && (
        <RetentionForm key={`${data.keepDays} ${data.maxGb}`} policy={data} isChanged={data.changed} />
      )}
      <Past />
    </Section>
  )
}

const settledAfterMs = 400

function RetentionForm({ policy, isChanged }: { policy: Policy; isChanged: boolean }) {
  const queries = useQueryClient()
  const [days, setDays] = useState(policy.keepDays === null ? '' : String(policy.keepDays))
  const [gb, setGb] = useState(policy.maxGb === null ? '' : String(policy.maxGb))
  const [isAsking, setAsking] = useState(false)
  const wanted = policyOf(days, gb)
  const isSame = wanted?.keepDays === policy.keepDays && wanted.maxGb === policy.maxGb
  const settled = useSettled(wanted)
  const preview = useQuery({
    ...retentionPreviewQuery(settled ?? policy),
    enabled: settled !== null && !isSame,
  })
  const isCurrent = settled === wanted && !isSame
  const done = (text: string) => {
    void queries.invalidateQueries(settingsQuery)
    toast(text)
  }
  const reset = useMutation({
    mutationFn: resetRetention,
    onSuccess: () => done('The settings of the start hold again.'),
  })
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={event => {
        event.preventDefault()
        if (wanted && !isSame) setAsking(true)
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Input
          label="Days"
          inputMode="decimal"
          placeholder="for ever"
          value={days}
          onChange={event => setDays(event.target.value)}
          hint="Older events go, with their runs. Empty: kept for ever."
          error={amountOf(days) === undefined && 'A number above 0, such as 30 or 0.5, or nothing.'}
        />
        <Input
          label="Largest store, in GB"
          inputMode="decimal"
          placeholder="as it is needed"
          value={gb}
          onChange={event => setGb(event.target.value)}
          hint="The oldest events go when it is larger. Empty: as large as it is needed."
          error={amountOf(gb) === undefined && 'A number above 0, such as 20 or 0.5, or nothing.'}
        />
      </div>
      <p role="status" className="min-h-5">
        {isCurrent && preview.data && previewText(preview.data)}
        {isCurrent && preview.isFetching && !preview.data && 'Counting…'}
      </p>
      {isCurrent && preview.error && (
        <ProblemNote error={preview.error} what="What would go could not be counted" />
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button look="primary" type="submit" disabled={!wanted || isSame}>
          Keep them so
        </Button>
        {isChanged && (
          <Button busy={reset.isPending} onClick={() => reset.mutate()}>
            Back to the settings of the start
          </Button>
        )}
      </div>
      {reset.isError && <ProblemNote error={reset.error} what="Nothing was changed" />}
      {wanted && (
        <Confirm
          open={isAsking}
          onClose={() => setAsking(false)}
          title="Change how long events are kept"
          description={preview.data ? previewText(preview.data) : 'It could not be counted what would go.'}
          label="Keep them so"
          danger={preview.data?.events !== 0}
          run={() => saveRetention(wanted)}
          onDone={() => done('Changed. What is due goes now, in small steps.')}
        />
      )}
    </form>
  )
}

/** What is typed, once the typing pauses. */
function useSettled(policy: Policy | null): Policy | null {
  const [settled, setSettled] = useState(policy)
  const { keepDays, maxGb } = policy ?? { keepDays: undefined, maxGb: undefined }
  useEffect(() => {
    const timer = setTimeout(() => setSettled(policy), settledAfterMs)
    return () => clearTimeout(timer)
  }, [keepDays, maxGb])
  return settled?.keepDays === keepDays && settled?.maxGb === maxGb ? policy : settled
}

function previewText({ events, isExact, before }: RetentionPreview) {
  if (before === null) return 'This would delete no event.'
  return (
    <>
      This would delete about {isExact ? '' : 'or more than '}
      {count(events, 'event')}, those of <Time time={before} /> and before.
    </>
  )
}

/** What went, what comes next, and how large the store is now. */
function Past() {
  const { data } = useQuery(statusQuery)
  if (!data) return null
  const { retention, store } = data
  const { lastSweep } = retention
  return (
    <div className="mt-4">
      <Pairs
        label="Retention"
        rows={[
          ['Store now', `${size(store.usedBytes)} in use`],
          [
            'Oldest event',
            retention.oldestEventAt ? <Ago key="oldest" time={retention.oldestEventAt} /> : 'none',
          ],
          [
            'Deleted so far',
            retention.lastAt ? (
              <span key="gone">
                {count(retention.forgotten, 'event')}, last <Ago time={retention.lastAt} />
              </span>
            ) : (
              'nothing'
            ),
          ],
          [
            'Last looked at',
            lastSweep ? (
              <span key="last">
                <Ago time={lastSweep.at} />:{' '}
                {lastSweep.forgotten === 0
                  ? 'nothing was due'
                  : `${count(lastSweep.forgotten, 'event')} went`}
              </span>
            ) : (
              'not since the start'
            ),
          ],
          ['Next', <Until key="next" time={retention.nextSweepAt} />],
        ]}
      />
    </div>
  )
}
