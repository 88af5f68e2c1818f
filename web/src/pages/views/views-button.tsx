import { useQuery } from '@tanstack/react-query'
import { Bookmark } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { viewsQuery, type Filters, type View } from '../../api/views.ts'
import { Button } from '../../ui/button.tsx'
import { areSame } from './same-filters.ts'

const ViewsDialog = lazy(() => import('./views-dialog.tsx'))

interface ViewsButtonProps {
  list: View['list']
  /** Of the list as it is shown. */
  filters: Filters
}

/** The views of a list: to open, to save the one that is shown, to rename, pin and delete. */
export function ViewsButton({ list, filters }: ViewsButtonProps) {
  const [isOpen, setOpen] = useState(false)
  const views = useQuery(viewsQuery).data?.items.filter(view => view.list === list) ?? []
  const shown = views.find(view => areSame(view.filters, filters))
  return (
    <>
      <Button size="small" title={shown?.name} onClick={() => setOpen(true)}>
        <Bookmark size={14} aria-hidden />
        <span className="max-w-28 truncate">{shown ? shown.name : 'Views'}</span>
      </Button>
      {isOpen && (
        <Suspense>
          <ViewsDialog {...{ list, filters, shown }} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
