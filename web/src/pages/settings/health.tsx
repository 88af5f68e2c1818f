import { useQuery } from '@tanstack/react-query'
import { statusQuery } from '../../api/statistics.ts'
import type { OperationStatus } from '../../api/types.ts'
import { AspectLabel, type Aspect } from '../../ui/aspect.tsx'
import { count, duration } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Pairs } from '../../ui/pairs.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Time, useNow } from '../../ui/time.tsx'
import { size } from './size.ts'

/** How this installation is doing; read again every few seconds. */
export function Health() {
  const { data, error, refetch } = useQuery(statusQuery)
  return (
    <Section title="Health">
      {error && (
        <ProblemNote error={error} what="How it is doing could not be read" retry={() => void refetch()} />
      )}
      {!data && !error && <p className="text-soft">Reading…</p>}
      {data && !error && <Facts status={data} />}
    </Section>
  )
}

const diskAspects: Record<OperationStatus['disk']['level'], Aspect> = {
  ok: 'clear',
  low: 'caution',
  full: 'danger',
}

function Facts({ status }: { status: OperationStatus }) {
  const { storage, disk, store, waiting, lanes, visitors } = status
  const nowMs = useNow()
  const resting = lanes.filter(({ breaker }) => breaker !== 'closed').length
  return (
    <Pairs
      label="Health"
      rows={[
        ['A 202 means', status.durability],
        [
          'Store',
          <span key="store" className="flex flex-wrap gap-x-3">
            <AspectLabel aspect={storage.ok ? 'clear' : 'danger'}>
              {storage.ok ? 'takes events' : storage.reason}
            </AspectLabel>
            <span className="text-soft">
              {size(store.bytes)}, of which {size(store.usedBytes)} in use
            </span>
          </span>,
        ],
        [
          'Disk',
          <span key="disk" className="flex flex-wrap gap-x-3">
            <AspectLabel aspect={diskAspects[disk.level]}>{disk.note ?? 'has room'}</AspectLabel>
            <span className="text-soft">
              {size(disk.freeBytes)} of {size(disk.totalBytes)} free
            </span>
          </span>,
        ],
        ['Data folder', status.dataDirectory],
        ['Runs waiting', `${waiting.due.toLocaleString()} due, ${waiting.held.toLocaleString()} held`],
        [
          'Targets',
          resting === 0 ? 'all that are called answer' : `${count(resting, 'target')} left alone just now`,
        ],
        ['Visitors', `${visitors.allowed ? 'allowed' : 'not allowed'}: ${visitors.reason}`],
        ['Listening', status.listening],
        [
          'Running since',
          <span key="since">
            <Time time={status.startedAt} />, for{' '}
            {duration(Math.max(1000, nowMs - Date.parse(status.startedAt)))}
          </span>,
        ],
        ['Version', `Signalbox ${status.version} on Node ${status.nodeVersion}`],
      ]}
    />
  )
}
