import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { urlOf } from '../../api/base.ts'
import { endOtherSessions, makeSignInLink, sessionsQuery } from '../../api/settings.ts'
import { statusQuery } from '../../api/statistics.ts'
import { useSession } from '../../app/session.ts'
import { Button } from '../../ui/button.tsx'
import { Code } from '../../ui/code.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { count } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Pairs } from '../../ui/pairs.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { toast } from '../../ui/toast.tsx'
import { Until } from '../runs/until.tsx'

const forMachines: [path: string, label: string, meaning: string][] = [
  ['api/docs', 'API', 'its description, to read and to try'],
  ['api/openapi.json', 'OpenAPI 3.1', 'the same, for programs'],
  ['metrics', 'Metrics', 'for Prometheus, with the admin token'],
  ['healthz', 'Alive', 'whether the process answers'],
  ['readyz', 'Ready', 'whether events are taken'],
]

/** Who may come in, and what programs are given. */
export function Access() {
  const { actor } = useSession()
  const directory = useQuery(statusQuery).data?.dataDirectory
  return (
    <>
      <Section title="Who may come in">
        <Pairs
          label="Who may come in"
          rows={[
            ['You are', actor ?? 'nobody'],
            [
              'Admin token',
              directory
                ? `in the file ${directory}/admin-token; programs send it as a bearer token. Put another one there and restart, and the old one is worth nothing.`
                : 'in the file admin-token of the data folder',
            ],
            ['Sessions', 'A browser that signed in stays so for 30 days, or until it signs out.'],
          ]}
        />
        <OtherSessions />
        <SignInLinkMaker />
      </Section>
      <Section title="For programs">
        <Pairs
          label="For programs"
          rows={forMachines.map(([path, label, meaning]) => [
            label,
            <span key={path}>
              <a className="text-link" href={urlOf(path)} target="_blank" rel="noreferrer">
                {urlOf(path)}
              </a>
              <span className="text-soft"> {meaning}</span>
            </span>,
          ])}
        />
      </Section>
    </>
  )
}

function OtherSessions() {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(sessionsQuery)
  const [isAsking, setAsking] = useState(false)
  const others = data?.items.filter(({ yours }) => !yours) ?? []
  if (error)
    return <ProblemNote error={error} what="The sessions could not be read" retry={() => void refetch()} />
  if (others.length === 0) return <p className="mt-3 text-soft">No other browser is signed in.</p>
  return (
    <div className="mt-3 flex flex-wrap items-center gap-3">
      <span>{count(others.length, 'other browser')} signed in.</span>
      <Button look="danger" onClick={() => setAsking(true)}>
        Sign them out
      </Button>
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        title="Sign all other browsers out"
        description="Whoever uses them needs a new sign-in link. This browser stays, and so does the admin token."
        label="Sign them out"
        danger
        run={endOtherSessions}
        onDone={({ ended }) => {
          toast(`${count(ended, 'browser')} signed out.`)
          void queries.invalidateQueries(sessionsQuery)
        }}
      />
    </div>
  )
}

/** Signs another browser in; shown once, in this place. */
function SignInLinkMaker() {
  const make = useMutation({ mutationFn: makeSignInLink })
  return (
    <div className="mt-3 flex flex-col items-start gap-3">
      <Button busy={make.isPending} onClick={() => make.mutate()}>
        Make a sign-in link for another browser
      </Button>
      {make.isError && <ProblemNote error={make.error} what="No link was made" />}
      {make.data && (
        <div className="flex w-full min-w-0 flex-col items-start gap-2">
          <Code label="Sign-in link" wrap>
            {make.data.url}
          </Code>
          <div className="flex flex-wrap items-center gap-3">
            <CopyButton text={make.data.url} what="sign-in link" />
            <span className="text-[13px] text-soft">
              It works once, and ends <Until time={make.data.expiresAt} />.
            </span>
          </div>
        </div>
      )}
    </div>
  )
}
