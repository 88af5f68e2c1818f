import type { ReactNode } from 'react'

interface PairsProps {
  rows: readonly (readonly [name: string, value: ReactNode])[]
  label: string
  mono?: boolean
}

/** Names and their values, as headers, query parameters and facts have them. */
export function Pairs({ rows, label, mono = false }: PairsProps) {
  return (
    <dl aria-label={label} className={mono ? 'font-mono text-[13px]' : ''}>
      {rows.map(([name, value], index) => (
        <div
          key={`${index} ${name}`}
          className="grid gap-x-4 border-b border-line py-1.5 last:border-0 sm:grid-cols-[minmax(8rem,13rem)_1fr]"
        >
          <dt className="break-words text-soft [overflow-wrap:anywhere]">{name}</dt>
          <dd className="min-w-0 break-words whitespace-pre-wrap [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
