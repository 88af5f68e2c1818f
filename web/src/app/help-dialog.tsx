import { Dialog } from '../ui/dialog.tsx'
import { Checkbox } from '../ui/field.tsx'
import { enableShortcuts, useShortcutGroups, useShortcutsEnabled } from './keys.ts'

const shown: Record<string, string> = { Enter: '↵', Escape: 'Esc' }

export function HelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const groups = useShortcutGroups()
  const enabled = useShortcutsEnabled()
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard" description="What the keys do on this page.">
      {groups.map(({ title, shortcuts }) => (
        <section key={title} className="mt-4">
          <h3 className="mb-1 text-[13px] font-medium text-soft">{title}</h3>
          <dl className="grid grid-cols-[4rem_1fr] items-center gap-y-1.5">
            {shortcuts.map(({ key, label }) => (
              <div key={key} className="contents">
                <dt>
                  <kbd className="inline-block min-w-7 rounded border border-edge bg-raised px-1.5 py-0.5 text-center font-mono text-xs">
                    {shown[key] ?? key}
                  </kbd>
                </dt>
                <dd>{label}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <div className="mt-5 border-t border-line pt-4">
        <Checkbox
          label="Single-key shortcuts"
          hint="Switch them off if they get in the way of speech input."
          checked={enabled}
          onChange={event => enableShortcuts(event.target.checked)}
        />
      </div>
    </Dialog>
  )
}
