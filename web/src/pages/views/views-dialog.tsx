import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Pencil, Pin, PinOff, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { changeView, deleteView, saveView, viewsQuery, type Filters, type View } from '../../api/views.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox, Input } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { ViewLink } from './view-link.tsx'

interface ViewsDialogProps {
  list: View['list']
  filters: Filters
  /** The view that the list shows just now. */
  shown: View | undefined
  onClose: () => void
}

export default function ViewsDialog({ list, filters, shown, onClose }: ViewsDialogProps) {
  const { data, error, refetch } = useQuery(viewsQuery)
  const views = data?.items.filter(view => view.list === list) ?? []
  const refresh = useRefresh()
  const [leaving, setLeaving] = useState<View | null>(null)
  const [isAsked, setAsked] = useState(false)
  const listElement = useRef<HTMLUListElement>(null)
  const isFiltered = Object.values(filters).some(value => value !== undefined)
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Views of the ${list}`}
      description="A list with its filters, under a name. Everybody who is signed in sees them."
    >
      {error && (
        <div className="mt-3">
          <ProblemNote error={error} what="The views could not be read" retry={() => void refetch()} />
        </div>
      )}
      {data && views.length === 0 && (
        <p className="mt-4">
          None yet. {isFiltered ? 'Save the one that is shown.' : 'Filter the list, then save it here.'}
        </p>
      )}
      <ul ref={listElement} tabIndex={-1} aria-label="Views" className="mt-3 outline-none">
        {views.map(view => (
          <ViewRow
            key={view.id}
            view={view}
            isShown={view.id === shown?.id}
            onOpen={onClose}
            onDelete={() => {
              setLeaving(view)
              setAsked(true)
            }}
          />
        ))}
      </ul>
      {isFiltered && !shown && <SaveView list={list} filters={filters} />}
      {/* Not in the row: that goes with its view, and a question that goes before it has closed leaves this dialog deaf
          to Escape. */}
      {leaving && (
        <Confirm
          open={isAsked}
          onClose={() => setAsked(false)}
          title={`Delete ${leaving.name}`}
          description="It goes for everybody. What it lists stays."
          label="Delete the view"
          danger
          run={() => deleteView(leaving.id)}
          onDone={refresh}
          returnTo={listElement}
        />
      )}
    </Dialog>
  )
}

function useRefresh(): () => void {
  const queries = useQueryClient()
  return () => void queries.invalidateQueries(viewsQuery)
}

function SaveView({ list, filters }: Pick<ViewsDialogProps, 'list' | 'filters'>) {
  const [name, setName] = useState('')
  const [pinned, setPinned] = useState(false)
  const refresh = useRefresh()
  const save = useMutation({
    mutationFn: () => saveView({ list, name: name.trim(), pinned, filters }),
    onSuccess: refresh,
  })
  return (
    <form
      aria-label="Save what is shown"
      className="mt-4 flex flex-col gap-3 border-t border-line pt-4"
      onSubmit={event => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Input
        label="Name of what is shown"
        required
        maxLength={60}
        value={name}
        onChange={event => setName(event.target.value)}
      />
      <Checkbox
        label="Pin it to the navigation"
        checked={pinned}
        onChange={event => setPinned(event.target.checked)}
      />
      {save.isError && <ProblemNote error={save.error} what="It was not saved" />}
      <Button look="primary" type="submit" className="self-start" busy={save.isPending}>
        Save this view
      </Button>
    </form>
  )
}

const iconButton = 'rounded-md p-1.5 text-soft hover:bg-raised hover:text-ink'

interface ViewRowProps {
  view: View
  isShown: boolean
  onOpen: () => void
  onDelete: () => void
}

function ViewRow({ view, isShown, onOpen, onDelete }: ViewRowProps) {
  const [isRenamed, setRenamed] = useState(false)
  const refresh = useRefresh()
  const change = useMutation({ mutationFn: changeView, onSuccess: refresh })
  const PinIcon = view.pinned ? PinOff : Pin
  return (
    <li className="border-b border-line py-1.5 last:border-0">
      {isRenamed ? (
        <Rename view={view} onDone={() => setRenamed(false)} />
      ) : (
        <div className="flex items-center gap-1">
          <span className="min-w-0 flex-1 truncate">
            <ViewLink view={view} onClick={onOpen} />
            {isShown && <span className="ml-2 text-[13px] text-soft">shown now</span>}
          </span>
          <button
            type="button"
            className={iconButton}
            aria-label={view.pinned ? `Unpin ${view.name}` : `Pin ${view.name} to the navigation`}
            title={view.pinned ? 'Unpin' : 'Pin to the navigation'}
            onClick={() => change.mutate({ ...view, pinned: !view.pinned })}
          >
            <PinIcon size={16} aria-hidden />
          </button>
          <button
            type="button"
            className={iconButton}
            aria-label={`Rename ${view.name}`}
            title="Rename"
            onClick={() => setRenamed(true)}
          >
            <Pencil size={16} aria-hidden />
          </button>
          <button
            type="button"
            className={iconButton}
            aria-label={`Delete ${view.name}`}
            title="Delete"
            onClick={onDelete}
          >
            <Trash2 size={16} aria-hidden />
          </button>
        </div>
      )}
      {change.isError && <ProblemNote error={change.error} what="It was not changed" />}
    </li>
  )
}

function Rename({ view, onDone }: { view: View; onDone: () => void }) {
  const [name, setName] = useState(view.name)
  const refresh = useRefresh()
  const rename = useMutation({
    mutationFn: () => changeView({ ...view, name: name.trim() }),
    onSuccess() {
      refresh()
      onDone()
    },
  })
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={event => {
        event.preventDefault()
        rename.mutate()
      }}
    >
      <div className="flex items-end gap-2">
        <Input
          label={`New name of ${view.name}`}
          quiet
          required
          autoFocus
          maxLength={60}
          className="flex-1"
          value={name}
          onChange={event => setName(event.target.value)}
        />
        <Button type="submit" busy={rename.isPending}>
          Rename
        </Button>
        <Button look="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
      {rename.isError && <ProblemNote error={rename.error} what="It was not renamed" />}
    </form>
  )
}
