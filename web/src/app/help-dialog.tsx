import { Dialog } from '../ui/dialog.tsx'
import { Checkbox } from '../ui/field.tsx'
import {
  enableShortcuts,
  useShortcutGroups,
  useShortcutsEnabled,
  type Shortcut,
  type ShortcutGroup,
} from './keys.ts'
import { isApple } from './palette/palette.tsx'

const shown: Record<string, string> = { Enter: '↵', Escape: 'Esc' }
const spoken: Record<string, string> = { '?': 'question mark', '/': 'slash', Escape: 'Escape' }

export function HelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const groups = useShortcutGroups()
  const enabled = useShortcutsEnabled()
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard" description="What the keys do on this page.">
      <div className={enabled ? '' : 'opacity-60'}>
        {pageFirst(groups).map(({ title, shortcuts }) => (
          <section key={title} className="mt-4">
            <h3 className="mb-1 text-[13px] font-medium text-soft">{title}</h3>
            <dl className="grid grid-cols-[5.5rem_1fr] items-center gap-y-1.5">
              {shortcuts.map(({ key, label }) => (
                <div key={key} className="contents">
                  <dt>
                    <Keys keys={key.split(' ')} />
                  </dt>
                  <dd>{label}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <section className="mt-4">
        <h3 className="mb-1 text-[13px] font-medium text-soft">Always</h3>
        <dl className="grid grid-cols-[5.5rem_1fr] items-center gap-y-1.5">
          <dt>
            <Keys keys={[isApple ? '⌘' : 'Ctrl', 'K']} />
          </dt>
          <dd>Go anywhere, do anything</dd>
        </dl>
      </section>
      <div className="mt-5 border-t border-line pt-4">
        <Checkbox
          label="Single-key shortcuts"
          hint="Switch them off if they get in the way of speech input. This browser remembers it."
          checked={enabled}
          onChange={event => enableShortcuts(event.target.checked)}
        />
      </div>
    </Dialog>
  )
}

function Keys({ keys }: { keys: readonly string[] }) {
  return (
    <span className="flex gap-1">
      {keys.map(key => (
        <kbd
          key={key}
          className="inline-block min-w-7 shrink-0 rounded border border-edge bg-raised px-1.5 py-0.5 text-center font-mono text-xs"
        >
          <span aria-hidden>{shown[key] ?? key}</span>
          <span className="sr-only">{spoken[key] ?? key}</span>
        </kbd>
      ))}
    </span>
  )
}

/** What belongs to the page stands first; a key that the page has taken over is listed once. */
function pageFirst(groups: readonly ShortcutGroup[]): ShortcutGroup[] {
  const told = new Set<string>()
  const isNew = ({ key }: Shortcut): boolean => {
    const isTold = told.has(key)
    told.add(key)
    return !isTold
  }
  return groups
    .toReversed()
    .map(({ title, shortcuts }) => ({ title, shortcuts: shortcuts.filter(isNew) }))
    .filter(({ shortcuts }) => shortcuts.length > 0)
}
