import { Link } from '@tanstack/react-router'
import type { View } from '../../api/views.ts'
import { searchOfView as eventSearchOf } from '../events/search.ts'
import { searchOfView as runSearchOf } from '../runs/search.ts'

interface ViewLinkProps {
  view: View
  className?: string
  onClick?: () => void
}

/** Leads to the list as the view has it. */
export function ViewLink({ view, className = 'text-link', onClick }: ViewLinkProps) {
  const shared = {
    className,
    onClick,
    preload: false,
    activeOptions: { exact: true, includeSearch: true },
  } as const
  return view.list === 'events' ? (
    <Link to="/events" search={eventSearchOf(view)} {...shared}>
      {view.name}
    </Link>
  ) : (
    <Link to="/runs" search={runSearchOf(view)} {...shared}>
      {view.name}
    </Link>
  )
}
