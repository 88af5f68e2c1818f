import { Link } from '@tanstack/react-router'
import { useStations } from './stations.ts'

/** The pages as stations on a line; the lamp shows where you are. */
export function SideNavigation() {
  return (
    <nav aria-label="Pages" className="relative mt-6">
      <span aria-hidden className="absolute top-4 bottom-4 left-[15px] w-px bg-line" />
      <ul className="flex flex-col gap-0.5">
        {useStations().map(({ to, label }) => (
          <li key={to}>
            <Link
              to={to}
              activeOptions={{ exact: to === '/', includeSearch: false }}
              className="group relative flex h-9 items-center gap-3.5 rounded-md pr-3 pl-[10px] text-soft no-underline hover:text-ink aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
              <span
                aria-hidden
                className="size-[11px] rounded-full border-[1.5px] border-edge bg-paper group-hover:border-ink group-aria-[current=page]:border-[3.5px] group-aria-[current=page]:border-accent"
              />
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

export function BottomNavigation() {
  // The settings are behind an icon above: a seventh would leave no room for the names.
  const shown = useStations().filter(({ to }) => to !== '/settings')
  return (
    <nav
      aria-label="Pages"
      className="border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <ul className="flex">
        {shown.map(({ to, label, icon: Icon }) => (
          <li key={to} className="flex-1">
            <Link
              to={to}
              activeOptions={{ exact: to === '/', includeSearch: false }}
              className="flex h-13 flex-col items-center justify-center gap-0.5 text-[11px] text-soft no-underline -outline-offset-2 aria-[current=page]:font-medium aria-[current=page]:text-accent"
            >
              <Icon size={18} aria-hidden />
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
