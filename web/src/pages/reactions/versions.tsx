import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { versionsQuery } from '../../api/reactions.ts'
import type { Reaction, ReactionVersion } from '../../api/types.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Time } from '../../ui/time.tsx'
import { differences } from './differences.ts'

/** Every version, newest first, and what each changed. */
export function Versions({ reaction }: { reaction: Reaction }) {
  const { data, error, refetch } = useQuery(versionsQuery(reaction.id))
  if (error)
    return <ProblemNote error={error} what="The versions could not be read" retry={() => void refetch()} />
  const versions = data?.items ?? []
  return (
    <ol>
      {versions.map((version, index) => (
        <Version key={version.version} version={version} former={versions[index + 1]} />
      ))}
    </ol>
  )
}

function Version({ version, former }: { version: ReactionVersion; former: ReactionVersion | undefined }) {
  const [isOpen, setOpen] = useState(false)
  const changed = former ? differences(former, version) : []
  return (
    <li className="border-b border-line py-2 last:border-0">
      <div className="flex items-baseline gap-4">
        <span className="w-24 shrink-0 font-medium">Version {version.version}</span>
        <span className="min-w-0 flex-1 truncate text-[13px] text-soft">
          <Time time={version.updatedAt} /> by {version.actor}
        </span>
        {former ? (
          <button
            type="button"
            className="text-link text-[13px]"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {changed.length === 0 ? 'No change' : 'What changed'}
          </button>
        ) : (
          <span className="text-[13px] text-soft">first</span>
        )}
      </div>
      {isOpen && (
        <dl className="mt-2 rounded-lg border border-line bg-surface px-3 py-1">
          {changed.length === 0 && (
            <p className="py-1.5 text-soft">Nothing that can be shown; a secret, perhaps.</p>
          )}
          {changed.map(({ path, before, after }) => (
            <div
              key={path}
              className="grid gap-x-4 border-b border-line py-2 last:border-0 sm:grid-cols-[12rem_1fr]"
            >
              <dt className="font-mono text-[13px] text-soft">{path}</dt>
              <dd className="min-w-0 font-mono text-[13px] break-words whitespace-pre-wrap [overflow-wrap:anywhere]">
                {before !== undefined && <del className="block text-soft">{before}</del>}
                {after !== undefined && <ins className="block no-underline">{after}</ins>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  )
}
