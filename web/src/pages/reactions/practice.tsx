import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import {
  clearPractice,
  practiceQuery,
  turnPractice,
  type Behaviour,
  type Practice,
  type PracticeRequest,
} from '../../api/practice.ts'
import { AspectLabel, Lamp, type Aspect } from '../../ui/aspect.tsx'
import { Button } from '../../ui/button.tsx'
import { Code } from '../../ui/code.tsx'
import { pretty } from '../../ui/exact-json.ts'
import { Pairs } from '../../ui/pairs.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Time } from '../../ui/time.tsx'

const positions: [Behaviour, label: string, meaning: string, Aspect][] = [
  ['ok', '200', 'It answers 200.', 'clear'],
  ['fail', '500', 'It answers 500: runs are tried again.', 'danger'],
  ['slow', 'Slow', 'It answers 200, but takes its time.', 'caution'],
  ['down', 'Down', 'Nothing listens: connections are refused.', 'danger'],
  ['gone', '410', 'It answers 410 Gone: the reaction is disabled.', 'danger'],
  ['redirect', 'Redirect', 'It answers 307 and leads to another path.', 'caution'],
]

/** The switch of the practice target, and what reached it. */
export function PracticePanel() {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(practiceQuery)
  const turn = useMutation({
    mutationFn: turnPractice,
    onSuccess: practice => queries.setQueryData(practiceQuery.queryKey, practice),
  })
  const clear = useMutation({ mutationFn: clearPractice, onSuccess: () => refetch() })
  if (error)
    return (
      <ProblemNote error={error} what="The practice target could not be read" retry={() => void refetch()} />
    )
  if (!data) return <p className="text-soft">Reading the practice target…</p>
  if (!data.enabled)
    return <p className="text-soft">The operator has switched it off: Signalbox runs with --practice no.</p>
  return (
    <div className="rounded-xl border border-line bg-surface p-4">
      <Switch practice={data} turn={behaviour => turn.mutate(behaviour)} />
      {turn.isError && (
        <div className="mt-3">
          <ProblemNote error={turn.error} what="The switch was not turned" />
        </div>
      )}
      <div className="mt-4 flex items-center gap-2">
        <h3 className="flex-1 text-[13px] font-medium text-soft" aria-live="polite">
          {data.received === 0 ? 'Nothing has reached it yet' : `Received ${data.received.toLocaleString()}`}
        </h3>
        {data.requests.length > 0 && (
          <Button size="small" busy={clear.isPending} onClick={() => clear.mutate()}>
            Clear
          </Button>
        )}
      </div>
      <ul aria-label="Received by the practice target">
        {data.requests.map(request => (
          <li key={request.number} className="border-b border-line last:border-0">
            <Request request={request} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Switch({ practice, turn }: { practice: Practice; turn: (behaviour: Behaviour) => void }) {
  const meaning = positions.find(([name]) => name === practice.behaviour)?.[2]
  return (
    <fieldset>
      <legend className="mb-2 font-medium">How the practice target answers</legend>
      <div className="flex flex-wrap gap-1.5">
        {positions.map(([name, label, , aspect]) => (
          <label
            key={name}
            className="flex h-9 cursor-pointer items-center gap-2 rounded-md border border-line px-3 hover:bg-raised has-checked:border-accent has-checked:bg-accent-wash has-checked:font-medium has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="practice"
              className="sr-only"
              checked={practice.behaviour === name}
              onChange={() => turn(name)}
            />
            <Lamp aspect={practice.behaviour === name ? aspect : 'off'} />
            {label}
          </label>
        ))}
      </div>
      <p className="mt-2 text-[13px] text-soft">{meaning}</p>
    </fieldset>
  )
}

const signatureWords = {
  valid: 'signed',
  invalid: 'signature wrong',
  unsigned: 'not signed',
  unknown: 'unknown',
}
const signatureAspects: Record<PracticeRequest['signature']['state'], Aspect> = {
  valid: 'clear',
  invalid: 'danger',
  unsigned: 'off',
  unknown: 'caution',
}

function Request({ request }: { request: PracticeRequest }) {
  const { method, path, headers, body, bodyBytes, bodyTruncated, answeredStatus, signature, run } = request
  return (
    <details>
      <summary className="flex flex-wrap items-baseline gap-x-3 py-2">
        <span className="min-w-0 flex-1 truncate font-mono text-[13px]">
          {method} {path}
        </span>
        <span className="text-[13px]">{answeredStatus ?? 'under way'}</span>
        <span className="text-[13px] text-soft">
          <Time time={request.receivedAt} />
        </span>
      </summary>
      <div className="flex flex-col gap-3 pb-3">
        <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-[13px]">
          <AspectLabel aspect={signatureAspects[signature.state]}>
            {signatureWords[signature.state]}
          </AspectLabel>
          <span className="text-soft">{signature.detail}</span>
          {run && (
            <Link to="/runs/$runId" params={{ runId: run.id }} className="text-link">
              Its run
            </Link>
          )}
        </p>
        <Pairs label="Headers" rows={headers} mono />
        {bodyBytes > 0 && (
          <Code label="Body" wrap>
            {pretty(body)}
          </Code>
        )}
        {bodyTruncated && (
          <p className="text-[13px] text-soft">The beginning of {bodyBytes.toLocaleString()} bytes.</p>
        )}
      </div>
    </details>
  )
}
