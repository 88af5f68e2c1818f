import { Link, type ErrorComponentProps, useRouterState } from '@tanstack/react-router'
import { Suspense } from 'react'
import { Empty } from '../ui/empty.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Layout } from './layout.tsx'
import { SharedFrame } from './shared-frame.tsx'

export function Root() {
  const isShared = useRouterState({ select: state => state.location.pathname === '/shared' })
  return (
    <Suspense fallback={<p className="p-6 text-soft">Loading…</p>}>
      {isShared ? <SharedFrame /> : <Layout />}
    </Suspense>
  )
}

export function NotFound() {
  return (
    <Empty
      isPage
      title="No such page"
      action={
        <Link to="/" className="text-link">
          Go to the start page
        </Link>
      }
    >
      Nothing is at this address. It may have been mistyped.
    </Empty>
  )
}

export function PageFailed({ error, reset }: ErrorComponentProps) {
  return (
    <div className="mx-auto w-full max-w-xl p-6">
      <ProblemNote error={error} retry={reset} />
    </div>
  )
}
