import { useCallback, useSyncExternalStore } from 'react'
import { setOffBy } from '../../api/runs.ts'
import { live } from '../../live/live.ts'
import { count } from '../../ui/format.ts'
import { createSetOffBook } from './set-off.ts'

const book = createSetOffBook({
  load: setOffBy,
  live,
  later: (work, delayMs) => void setTimeout(work, delayMs),
})

/** `2 runs: 1 delivered, 1 failing`; nothing for an event that set nothing off. */
export function SetOffNote({ eventId }: { eventId: string }) {
  const watch = useCallback((listener: () => void) => book.watch(eventId, listener), [eventId])
  const setOff = useSyncExternalStore(watch, () => book.get(eventId))
  if (!setOff || setOff.runs === 0) return null
  const { runs, succeeded, failing, waiting } = setOff
  const parts = [
    { number: succeeded, word: 'delivered', colour: 'text-clear' },
    { number: failing, word: 'failing', colour: 'text-danger' },
    { number: waiting, word: 'waiting', colour: 'text-caution' },
  ].filter(({ number }) => number > 0)
  const [only] = parts
  return (
    <span className="shrink-0 text-xs text-soft">
      {parts.length === 1 && only?.number === runs && runs === 1 ? (
        <span className={only.colour}>{only.word}</span>
      ) : (
        <>
          {count(runs, 'run')}
          {parts.map(({ number, word, colour }, index) => (
            <span key={word}>
              {index === 0 ? ': ' : ', '}
              <span className={colour}>
                {number} {word}
              </span>
            </span>
          ))}
        </>
      )}
    </span>
  )
}
