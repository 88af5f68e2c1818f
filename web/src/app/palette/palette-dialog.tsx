import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import { Search } from 'lucide-react'
import { useMemo, useState } from 'react'
import { count } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { find, type Command, type CommandGroup } from './command.ts'
import { useCommands } from './use-commands.ts'

interface PaletteDialogProps {
  isOpen: boolean
  onClose: () => void
  showHelp: () => void
}

export default function PaletteDialog({ isOpen, onClose, showHelp }: PaletteDialogProps) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={next => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Popup className="fixed inset-x-3 top-[8vh] z-40 mx-auto flex max-h-[70vh] max-w-xl animate-arrive flex-col overflow-hidden rounded-xl border border-line bg-surface shadow-2xl outline-none">
          <Dialog.Title className="sr-only">Go anywhere, do anything</Dialog.Title>
          <Commands onClose={onClose} showHelp={showHelp} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Commands({ onClose, showHelp }: Omit<PaletteDialogProps, 'isOpen'>) {
  const [typed, setTyped] = useState('')
  const { groups, error } = useCommands(typed, showHelp)
  const shown = useMemo(() => found(groups, typed), [groups, typed])
  const run = (command: Command) => {
    onClose()
    void command.run()
  }
  return (
    <Autocomplete.Root
      inline
      open
      mode="none"
      autoHighlight="always"
      keepHighlight
      items={shown}
      itemToStringValue={({ label }: Command) => label}
      value={typed}
      onValueChange={(next, { reason }) => reason !== 'item-press' && setTyped(next)}
    >
      <div className="relative border-b border-line">
        <Search size={16} aria-hidden className="absolute top-[17px] left-4 text-soft" />
        <Autocomplete.Input
          aria-label="Page, action, name or id"
          placeholder="Page, action, name or id"
          spellCheck={false}
          className="h-12 w-full bg-transparent pr-4 pl-11 text-base outline-none placeholder:text-soft/80"
        />
      </div>
      {error !== null && (
        <div className="px-4 pt-3">
          <ProblemNote error={error} what="Not everything that has a name could be read" />
        </div>
      )}
      <Autocomplete.Status className="sr-only">
        {count(
          shown.reduce((sum, { items }) => sum + items.length, 0),
          'result',
        )}
      </Autocomplete.Status>
      <Autocomplete.Empty>
        <p className="px-4 py-6 text-center text-soft">
          Nothing has that name. Ids of events and runs can be pasted.
        </p>
      </Autocomplete.Empty>
      <Autocomplete.List className="min-h-0 overflow-y-auto overscroll-contain p-2 empty:hidden">
        {(group: CommandGroup) => (
          <Autocomplete.Group key={group.title} items={group.items} className="mb-1">
            <Autocomplete.GroupLabel className="px-2.5 pt-2 pb-1 text-xs font-medium text-soft">
              {group.title}
            </Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(command: Command) => (
                <Autocomplete.Item
                  key={command.id}
                  value={command}
                  onClick={() => run(command)}
                  className="flex min-h-9 cursor-default items-center gap-3 rounded-md px-2.5 data-highlighted:bg-accent-wash"
                >
                  <span className="min-w-0 flex-1 truncate">{command.label}</span>
                  {command.note && (
                    <span className="max-w-[50%] truncate font-mono text-xs text-soft">{command.note}</span>
                  )}
                </Autocomplete.Item>
              )}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  )
}

/** What was found for the text as a whole matches by itself. */
function found(groups: readonly CommandGroup[], typed: string): CommandGroup[] {
  const [direct, ...others] = groups
  const rest = find(others, typed)
  if (!direct || direct.items.length === 0) return rest
  const isId = direct.items[0]?.id !== 'search-events'
  return isId ? [direct, ...rest] : [...rest, direct]
}
