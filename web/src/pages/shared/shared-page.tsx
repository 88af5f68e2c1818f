import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { openShare } from '../../api/shares.ts'
import { Empty } from '../../ui/empty.tsx'
import { fullTime } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { takeFragment } from '../session/fragment.ts'
import { SharedEventView } from './shared-event.tsx'

/** `/shared#<token>`: one event, for somebody who has nothing but the link. */
export function SharedPage() {
  const [hasToken] = useState(() => location.hash.length > 1)
  const { mutate, data, error } = useMutation({ mutationFn: openShare })
  useEffect(() => {
    document.title = 'An event that was shared with you · Signalbox'
    const token = takeFragment({ stays: true })
    if (token) mutate(token)
  }, [mutate])
  if (!hasToken)
    return (
      <Empty isPage title="This link is incomplete">
        A link to an event carries its key after a # sign. Ask for the whole link again.
      </Empty>
    )
  return (
    <div className="mx-auto w-full max-w-3xl overflow-y-auto px-5 py-8">
      <h1 className="text-lg font-semibold">An event that was shared with you</h1>
      {error && (
        <div className="mt-4">
          <ProblemNote error={error} what="This link shows nothing" />
        </div>
      )}
      {!error && !data && <p className="mt-4 text-soft">Opening…</p>}
      {data && (
        <>
          <p className="mb-6 text-[13px] text-soft">
            Shared by Signalbox, until {fullTime(data.expiresAt)}. ••• stands for what is not shown. Whoever
            has an account here signs in to see more.
          </p>
          <SharedEventView event={data.event} />
        </>
      )}
    </div>
  )
}
