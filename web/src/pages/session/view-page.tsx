import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { openShareLink } from '../../api/session.ts'
import { useSessionChange } from '../../app/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { takeFragment } from './fragment.ts'

/** `/view#<key>`: a visitor's share link, opened by somebody else. */
export function ViewPage() {
  const navigate = useNavigate()
  const sessionChanged = useSessionChange()
  const [hasKey] = useState(() => location.hash.length > 1)
  const { mutate, isError, error } = useMutation({
    mutationFn: openShareLink,
    async onSuccess() {
      await sessionChanged()
      await navigate({ to: '/events', replace: true })
    },
  })

  useEffect(() => {
    const key = takeFragment()
    if (key) mutate(key)
  }, [mutate])

  if (!hasKey) {
    return (
      <Empty
        title="This link is incomplete"
        action={
          <Link to="/" className="text-link">
            Go to the start page
          </Link>
        }
      >
        A share link carries its key after a # sign. Ask for the whole link again.
      </Empty>
    )
  }
  return (
    <div className="mx-auto w-full max-w-md px-5 py-16">
      {isError ? (
        <ProblemNote error={error} what="This link opens nothing" />
      ) : (
        <p className="text-soft">Opening the endpoint…</p>
      )}
    </div>
  )
}
