import { duration } from '../../ui/format.ts'

/** Where the time went: each step's share of the whole, when the record has it. */
export function Timings({ timings }: { timings: Record<string, number> }) {
  const steps = Object.entries(timings).filter(([, ms]) => Number.isFinite(ms))
  if (steps.length === 0) return null
  const longest = Math.max(1, ...steps.map(([, ms]) => ms))
  return (
    <section>
      <h4 className="mb-1 font-medium">Timing</h4>
      <dl className="grid grid-cols-[auto_1fr_auto] items-center gap-x-3 gap-y-1 text-[13px]">
        {steps.map(([name, ms]) => (
          <div key={name} className="contents">
            <dt className="text-soft">{words(name)}</dt>
            <dd aria-hidden>
              <span
                className="block h-1.5 rounded-full bg-accent"
                style={{ width: `${Math.max(1, (ms / longest) * 100)}%` }}
              />
            </dd>
            <dd className="text-right">{duration(ms)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** `firstByteMs` → `first byte`. */
const words = (name: string): string =>
  name.replace(/Ms$/, '').replaceAll(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
