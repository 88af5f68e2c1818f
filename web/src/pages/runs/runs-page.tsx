import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { ChartGantt, X } from 'lucide-react'
import { listRuns } from '../../api/runs.ts'
import { reactionsQuery } from '../../api/reactions.ts'
import type { RunSummary } from '../../api/types.ts'
import { useListKeys } from '../../app/list-keys.ts'
import { useFeed } from '../../live/use-feed.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Select } from '../../ui/field.tsx'
import { PauseButton } from '../../ui/pause-button.tsx'
import { RangeSelect } from '../../ui/range-select.tsx'
import { Split } from '../../ui/split.tsx'
import { JobsBar } from '../jobs/jobs-bar.tsx'
import { ViewsButton } from '../views/views-button.tsx'
import { RetryFailed } from './retry-failed.tsx'
import { RunInspector } from './run-inspector.tsx'
import { RunList } from './run-list.tsx'
import {
  filtersOf,
  isFiltered,
  runMatches,
  runQueryOf,
  stateGroupNames,
  type RunSearch,
  type StateGroup,
} from './search.ts'

const pageSize = 100

export function RunsPage() {
  const search: RunSearch = useSearch({ from: '/runs' })
  const { view, ...filters } = search
  const { runId } = useParams({ strict: false })
  const navigate = useNavigate()
  const [state, feed] = useFeed<RunSummary>(`runs ${JSON.stringify(filters)}`, {
    load: (cursor, signal) =>
      listRuns({ ...runQueryOf(search), limit: pageSize, cursor: cursor ?? undefined }, signal),
    pick: change => (change.type === 'run' ? change.run : null),
    matches: run => runMatches(search, run),
  })
  const open = (id: string | undefined, replace = false) =>
    id === undefined
      ? navigate({ to: '/runs', search, replace })
      : navigate({ to: '/runs/$runId', params: { runId: id }, search, replace })
  const activeId = useListKeys('Runs', state.rows, runId, open)
  const filter = (next: RunSearch) => navigate({ to: '/runs', search: { ...next, view }, replace: true })
  const isTimeline = view === 'timeline'

  return (
    <Split
      list={
        <>
          <div className="@container flex flex-col gap-3 border-b border-line px-4 py-3">
            <div className="flex flex-wrap items-center gap-2">
              <h1 className="flex-1 text-lg font-semibold">Runs</h1>
              {search.state === 'failed' && state.rows.length > 0 && <RetryFailed search={search} />}
              <Button
                size="small"
                aria-pressed={isTimeline}
                title="Show the runs along the time"
                onClick={() =>
                  void navigate({
                    to: '.',
                    search: { ...filters, view: isTimeline ? undefined : 'timeline' },
                    replace: true,
                  })
                }
              >
                <ChartGantt size={14} aria-hidden />
                Timeline
              </Button>
              <ViewsButton list="runs" filters={filtersOf(search)} />
              <PauseButton state={state} feed={feed} />
            </div>
            <JobsBar kind="retry" />
            <RunFilters search={search} onChange={filter} />
          </div>
          <RunList
            state={state}
            feed={feed}
            activeId={activeId}
            isTimeline={isTimeline}
            link={(run, className, row) => (
              <Link
                to="/runs/$runId"
                params={{ runId: run.id }}
                search={search}
                preload={false}
                className={className}
              >
                {row}
              </Link>
            )}
            empty={<NoRuns search={search} onClear={() => filter({})} />}
          />
        </>
      }
      detail={runId && <RunInspector key={runId} runId={runId} onClose={() => open(undefined)} />}
      placeholder="Choose a run to see each attempt: the request that left, the answer that came, and what comes next."
    />
  )
}

const stateWords: Record<StateGroup, string> = {
  waiting: 'Waiting or under way',
  held: 'Held',
  succeeded: 'Succeeded',
  failed: 'Failed or timed out',
  cancelled: 'Cancelled',
}

function RunFilters({ search, onChange }: { search: RunSearch; onChange: (search: RunSearch) => void }) {
  const reactions = useQuery(reactionsQuery).data?.items ?? []
  return (
    <div className="grid grid-cols-2 gap-2 @md:grid-cols-3" role="search" aria-label="Filter runs">
      <Select
        label="State"
        quiet
        value={search.state ?? ''}
        onChange={({ target }) =>
          onChange({ ...search, state: stateGroupNames.find(name => name === target.value) })
        }
      >
        <option value="">Any state</option>
        {stateGroupNames.map(name => (
          <option key={name} value={name}>
            {stateWords[name]}
          </option>
        ))}
      </Select>
      <Select
        label="Reaction"
        quiet
        value={search.reaction ?? ''}
        onChange={({ target }) => onChange({ ...search, reaction: target.value || undefined })}
      >
        <option value="">Any reaction</option>
        {search.reaction?.startsWith('lis_') && <option value={search.reaction}>A listener</option>}
        {reactions.map(({ id, definition }) => (
          <option key={id} value={id}>
            {definition.name}
          </option>
        ))}
      </Select>
      <RangeSelect value={search.range} onChange={range => onChange({ ...search, range })} />
      {isFiltered(search) && (
        <Button look="quiet" className="justify-self-start" onClick={() => onChange({})}>
          <X size={15} aria-hidden />
          {search.event ? 'Of one event. Clear' : 'Clear filters'}
        </Button>
      )}
    </div>
  )
}

function NoRuns({ search, onClear }: { search: RunSearch; onClear: () => void }) {
  if (isFiltered(search)) {
    return (
      <Empty title="No run matches" action={<Button onClick={onClear}>Clear filters</Button>}>
        New runs that match show up here by themselves.
      </Empty>
    )
  }
  return (
    <Empty
      title="No runs yet"
      action={
        <Link to="/reactions/new" className={buttonClass({ look: 'primary' })}>
          Make a reaction
        </Link>
      }
    >
      A run is one execution of a reaction for one event. Once a reaction fires, each of its attempts is
      recorded here.
    </Empty>
  )
}
