import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { endpointsQuery } from '../../api/endpoints.ts'
import type { Endpoint } from '../../api/types.ts'
import { useSession } from '../../app/session.ts'
import { SignInLink } from '../../app/sign-in-link.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Ago } from '../../ui/time.tsx'
import { useNewEndpoint } from './use-new-endpoint.ts'

export function GetWebhook({ onOpen }: { onOpen: (id: string) => void }) {
  const { signedIn, visitors } = useSession()
  const make = useNewEndpoint(onOpen)
  const mayMake = signedIn || visitors.allowed
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-xl flex-col items-start px-5 pt-[12vh] pb-16">
        <h1 className="text-3xl leading-tight font-semibold tracking-tight text-balance">
          See what a webhook sends, then decide what happens next.
        </h1>
        <p className="mt-4 max-w-lg text-base text-pretty text-soft">
          You get a URL and a token of your own. Whatever is sent there is kept, and shows up here as it
          arrives.
        </p>
        {mayMake ? (
          <Button
            look="primary"
            size="large"
            className="mt-7"
            busy={make.isPending}
            onClick={() => make.mutate()}
          >
            Get my webhook
          </Button>
        ) : (
          <div className="mt-7 flex flex-col items-start gap-3">
            <SignInLink className={buttonClass({ look: 'primary', size: 'large' })}>Sign in</SignInLink>
            <p className="text-soft">{visitors.reason}</p>
          </div>
        )}
        {make.isError && (
          <div className="mt-4 w-full">
            <ProblemNote error={make.error} what="No endpoint was made" />
          </div>
        )}
        {mayMake && !signedIn && (
          <p className="mt-4 text-[13px] text-soft">
            No account needed. The endpoint is yours for 24 hours. <SignInLink>Sign in</SignInLink> to keep
            endpoints and make reactions.
          </p>
        )}
        {signedIn && <Latest />}
      </div>
    </div>
  )
}

const shownEndpoints = 5

/** Way back to the endpoints that exist, those with news first. */
function Latest() {
  const { data, error, refetch } = useQuery(endpointsQuery)
  const newsFirst = (a: Endpoint, b: Endpoint) =>
    (b.lastEventAt ?? b.createdAt).localeCompare(a.lastEventAt ?? a.createdAt)
  const endpoints = data?.items.toSorted(newsFirst).slice(0, shownEndpoints) ?? []
  if (error && !data) {
    return (
      <div className="mt-14 w-full">
        <ProblemNote error={error} what="Your endpoints could not be read" retry={() => void refetch()} />
      </div>
    )
  }
  if (endpoints.length === 0) return null
  return (
    <section className="mt-14 w-full">
      <h2 className="text-[13px] font-medium text-soft">Your endpoints</h2>
      <ul className="mt-1">
        {endpoints.map(({ id, name, lastEventAt }) => (
          <li key={id} className="flex items-baseline gap-3 border-b border-line py-2">
            <Link to="/" search={{ endpoint: id }} className="text-link min-w-0 flex-1 truncate">
              {name}
            </Link>
            <span className="text-[13px] text-soft">
              {lastEventAt ? <Ago time={lastEventAt} /> : 'nothing yet'}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
