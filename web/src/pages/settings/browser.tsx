import { enableShortcuts, useShortcutsEnabled } from '../../app/keys.ts'
import { setTheme, useTheme, type Theme } from '../../app/theme.ts'
import { Checkbox, Select } from '../../ui/field.tsx'
import { Section } from '../../ui/page.tsx'

const themes: [Theme, string][] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
]

/** What only this browser remembers. */
export function Browser() {
  const theme = useTheme()
  const shortcuts = useShortcutsEnabled()
  return (
    <Section title="This browser">
      <div className="flex flex-col gap-4 sm:max-w-xs">
        <Select
          label="Colours"
          value={theme}
          onChange={({ target }) => setTheme(themes.find(([one]) => one === target.value)?.[0] ?? 'system')}
        >
          {themes.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <Checkbox
          label="Single-key shortcuts"
          hint="? lists them. Switch them off if they get in the way of speech input."
          checked={shortcuts}
          onChange={event => enableShortcuts(event.target.checked)}
        />
      </div>
    </Section>
  )
}
