import { useQuery } from '@tanstack/react-query'
import { viewsQuery } from '../../api/views.ts'
import { ViewLink } from './view-link.tsx'

/** In the navigation, below the pages; nothing when none is pinned. */
export function PinnedViews() {
  const pinned = useQuery(viewsQuery).data?.items.filter(view => view.pinned) ?? []
  if (pinned.length === 0) return null
  return (
    <nav aria-label="Pinned views" className="mt-5">
      <h2 className="pl-[10px] text-xs font-medium text-soft">Views</h2>
      <ul className="mt-1">
        {pinned.map(view => (
          <li key={view.id}>
            <ViewLink
              view={view}
              className="block truncate rounded-md py-1.5 pr-3 pl-[10px] text-[13px] text-soft no-underline hover:text-ink aria-[current=page]:font-medium aria-[current=page]:text-ink"
            />
          </li>
        ))}
      </ul>
    </nav>
  )
}
