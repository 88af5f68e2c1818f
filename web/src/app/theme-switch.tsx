import { Monitor, Moon, Sun } from 'lucide-react'
import { setTheme, useTheme, type Theme } from './theme.ts'

const order: Theme[] = ['system', 'light', 'dark']
const icons = { system: Monitor, light: Sun, dark: Moon }
const words = { system: 'as the system', light: 'light', dark: 'dark' }

export function ThemeSwitch() {
  const theme = useTheme()
  const next = order[(order.indexOf(theme) + 1) % order.length] ?? 'system'
  const Icon = icons[theme]
  return (
    <button
      type="button"
      className="rounded-md p-2 text-soft hover:bg-raised hover:text-ink"
      aria-label={`Colours: ${words[theme]}. Change to ${words[next]}.`}
      title={`Colours: ${words[theme]}`}
      onClick={() => setTheme(next)}
    >
      <Icon size={17} aria-hidden />
    </button>
  )
}
