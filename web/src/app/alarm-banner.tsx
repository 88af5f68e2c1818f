import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { alarmsQuery } from '../api/alarms.ts'
import type { Alarm } from '../api/types.ts'
import { Lamp } from '../ui/aspect.tsx'
import { count } from '../ui/format.ts'
import { Ago } from '../ui/time.tsx'

const TellMe = lazy(async () => ({ default: (await import('../pages/reactions/tell-me.tsx')).TellMe }))

/** An alarm that begins anew is another one: it was not put away. */
const keyOf = ({ kind, subject, since }: Alarm): string => `${kind} ${subject.id} ${since ?? ''}`

const putAwayIn = 'signalbox.alarms-put-away'

/** For as long as this tab is open; the alarm itself goes on, and the command line still shows it. */
function usePutAway() {
  const [keys, setKeys] = useState<string[]>(() => {
    try {
      return JSON.parse(sessionStorage.getItem(putAwayIn) ?? '[]') as string[]
    } catch {
      return []
    }
  })
  const putAway = (alarm: Alarm) => {
    const next = [...keys, keyOf(alarm)].slice(-200)
    setKeys(next)
    try {
      sessionStorage.setItem(putAwayIn, JSON.stringify(next))
    } catch {
      // Without a place to keep it, it holds until the page is loaded anew.
    }
  }
  return { isPutAway: (alarm: Alarm) => keys.includes(keyOf(alarm)), putAway }
}

const shownAtOnce = 1

/** What is wrong now, on every page; nothing when all is well. */
export function AlarmBanner() {
  const { data } = useQuery(alarmsQuery)
  const { isPutAway, putAway } = usePutAway()
  const [isOpen, setOpen] = useState(false)
  const alarms = (data?.items ?? []).filter(alarm => !isPutAway(alarm))
  const isUntold = data?.tellers.length === 0
  return (
    <div role="status" aria-label="Alarms">
      {alarms.length > 0 && (
        <div className="border-b border-danger/40 bg-danger-wash px-4 py-1.5 text-[13px]">
          <ul className={isOpen ? 'max-h-[40vh] overflow-y-auto' : ''}>
            {(isOpen ? alarms : alarms.slice(0, shownAtOnce)).map(alarm => (
              <AlarmLine key={keyOf(alarm)} alarm={alarm} putAway={() => putAway(alarm)} />
            ))}
          </ul>
          {(alarms.length > shownAtOnce || isUntold) && (
            <p className="flex flex-wrap gap-x-4 pb-1 pl-5">
              {alarms.length > shownAtOnce && (
                <button
                  type="button"
                  className="text-link"
                  aria-expanded={isOpen}
                  onClick={() => setOpen(!isOpen)}
                >
                  {isOpen ? 'Show fewer' : `and ${count(alarms.length - shownAtOnce, 'other alarm')}`}
                </button>
              )}
              {isUntold && (
                <Suspense>
                  <TellMe look="link" />
                </Suspense>
              )}
            </p>
          )}
        </div>
      )}
    </div>
  )
}

function AlarmLine({ alarm, putAway }: { alarm: Alarm; putAway: () => void }) {
  const { text, since, page, advice } = alarm
  return (
    <li className="flex items-start gap-2.5 py-1">
      <span className="mt-1.5 flex">
        <Lamp aspect="danger" />
      </span>
      <span className="min-w-0 flex-1 break-words">
        <Link to={`/${page}` as '/'} className="font-medium text-danger" title={advice}>
          {text}
        </Link>
        {since !== null && (
          <span className="text-soft">
            {' '}
            · <Ago time={since} />
          </span>
        )}
      </span>
      <button
        type="button"
        aria-label={`Put away: ${text}`}
        title="Put away in this tab; the alarm goes on"
        className="-my-0.5 rounded-md p-1 text-soft hover:bg-raised hover:text-ink"
        onClick={putAway}
      >
        <X size={16} aria-hidden />
      </button>
    </li>
  )
}
