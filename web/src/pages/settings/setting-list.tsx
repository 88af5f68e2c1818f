import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { settingsQuery, type Setting } from '../../api/settings.ts'
import { Checkbox } from '../../ui/field.tsx'
import { Section } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'

/** What was said at the start. */
export function SettingList() {
  const { data, error, refetch } = useQuery(settingsQuery)
  const [isGivenOnly, setGivenOnly] = useState(false)
  const shown = data?.items.filter(({ given }) => given || !isGivenOnly) ?? []
  return (
    <Section title="Settings of the start">
      <p className="mb-3 text-pretty text-soft">
        Given as flags or variables when Signalbox starts. Flags beat variables, variables beat defaults.
      </p>
      {error && (
        <ProblemNote error={error} what="The settings could not be read" retry={() => void refetch()} />
      )}
      {data && (
        <>
          <Checkbox
            label="Only those that were given"
            checked={isGivenOnly}
            onChange={event => setGivenOnly(event.target.checked)}
          />
          <dl aria-label="Settings" className="mt-3">
            {shown.map(setting => (
              <SettingRow key={setting.name} setting={setting} />
            ))}
          </dl>
          {shown.length === 0 && <p className="text-soft">All are as their defaults have them.</p>}
        </>
      )}
    </Section>
  )
}

function SettingRow({ setting }: { setting: Setting }) {
  return (
    <div className="grid gap-x-4 gap-y-0.5 border-b border-line py-2 last:border-0 sm:grid-cols-[minmax(8rem,13rem)_1fr]">
      <dt className="font-mono text-[13px] [overflow-wrap:anywhere]">{setting.name}</dt>
      <dd className="min-w-0">
        <span className="flex flex-wrap items-baseline gap-x-3">
          <span className="min-w-0 font-mono text-[13px] [overflow-wrap:anywhere]">{valueOf(setting)}</span>
          <span className="text-[13px] text-soft">{sourceOf(setting)}</span>
        </span>
        <span className="block text-[13px] text-pretty text-soft">{setting.meaning}</span>
      </dd>
    </div>
  )
}

function valueOf({ value, secret, given }: Setting): string {
  if (secret) return given ? '•••' : 'unset'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return [value ?? ''].flat().join(', ') || 'unset'
}

function sourceOf({ source, flag, variable }: Setting): string {
  if (source === 'flag') return `by ${flag}`
  if (source === 'environment') return `by ${variable}`
  return source === 'administrator' ? 'by an administrator, above' : 'default'
}
