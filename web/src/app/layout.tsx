import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { CircleHelp, LogIn, LogOut, Search, Settings } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useLiveConnection } from '../live/live.ts'
import { Toasts } from '../ui/toast.tsx'
import { AlarmBanner } from './alarm-banner.tsx'
import { Brand } from './brand.tsx'
import { Connection } from './connection.tsx'
import { HelpDialog } from './help-dialog.tsx'
import { useKeyboard, useShortcuts } from './keys.ts'
import { isApple, Palette } from './palette/palette.tsx'
import { BottomNavigation, SideNavigation } from './navigation.tsx'
import { PinnedViews } from '../pages/views/pinned-views.tsx'
import { SignInLink } from './sign-in-link.tsx'
import { useSession, useSignOut } from './session.ts'
import { useStations } from './stations.ts'
import { ThemeSwitch } from './theme-switch.tsx'
import { useFreshness } from './freshness.ts'

const iconButton = 'rounded-md p-2 text-soft hover:bg-raised hover:text-ink'

export function Layout() {
  const session = useSession()
  const isLive = session.signedIn || session.endpoints.length > 0
  useLiveConnection(isLive, session.signedIn ? 'admin' : session.endpoints.join())
  useFreshness()
  useKeyboard()
  const [help, setHelp] = useState(false)
  const [palette, setPalette] = useState(false)
  const showHelp = () => setHelp(true)
  useGlobalKeys(showHelp, () => setPalette(true))
  const signOut = useSignOut()

  const tools = (
    <>
      <button
        type="button"
        className={iconButton}
        aria-label="Keyboard help"
        title="Keyboard (?)"
        onClick={showHelp}
      >
        <CircleHelp size={17} aria-hidden />
      </button>
      {session.signedIn ? (
        <button type="button" className={iconButton} aria-label="Sign out" title="Sign out" onClick={signOut}>
          <LogOut size={17} aria-hidden />
        </button>
      ) : (
        <SignInLink className={iconButton} label="Sign in">
          <LogIn size={17} aria-hidden />
        </SignInLink>
      )}
    </>
  )

  return (
    <div className="flex h-full flex-col md:flex-row">
      <SkipLink />
      <header className="flex h-12 shrink-0 items-center gap-1 border-b border-line px-4 md:hidden">
        <Brand />
        <span className="flex-1" />
        {isLive && <Connection />}
        <button
          type="button"
          className={iconButton}
          aria-label="Go anywhere, do anything"
          onClick={() => setPalette(true)}
        >
          <Search size={17} aria-hidden />
        </button>
        {session.signedIn ? (
          <Link to="/settings" className={iconButton} aria-label="Settings" title="Settings">
            <Settings size={17} aria-hidden />
          </Link>
        ) : (
          <ThemeSwitch />
        )}
        {tools}
      </header>
      <aside className="hidden w-52 shrink-0 flex-col border-r border-line px-4 py-5 md:flex">
        <Brand />
        <button
          type="button"
          className="mt-5 flex h-8 items-center gap-2 rounded-md border border-line px-2.5 text-[13px] text-soft hover:border-edge hover:text-ink"
          onClick={() => setPalette(true)}
        >
          <Search size={14} aria-hidden />
          <span className="flex-1 text-left">Go to…</span>
          <kbd className="font-mono text-xs">{isApple ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
        <div className="-mx-4 min-h-0 flex-1 overflow-y-auto px-4">
          <SideNavigation />
          {session.signedIn && <PinnedViews />}
        </div>
        {isLive && <Connection />}
        <div className="-mx-2 mt-2 flex">
          <ThemeSwitch />
          {tools}
        </div>
      </aside>
      <MainArea signedIn={session.signedIn} />
      <BottomNavigation />
      <Palette isOpen={palette} setOpen={setPalette} showHelp={showHelp} />
      <HelpDialog open={help} onClose={() => setHelp(false)} />
      <Toasts />
    </div>
  )
}

function useGlobalKeys(showHelp: () => void, showPalette: () => void): void {
  const navigate = useNavigate()
  useShortcuts(
    'Go to',
    useStations().map(({ key, label, to }) => ({ key: `g ${key}`, label, run: () => void navigate({ to }) })),
    true,
  )
  useShortcuts(
    'Everywhere',
    [
      { key: '/', label: 'Search', run: showPalette },
      { key: '?', label: 'Show this help', run: showHelp },
    ],
    true,
  )
}

function MainArea({ signedIn }: { signedIn: boolean }) {
  const path = useRouterState({ select: state => state.location.pathname })
  const page = path.split('/')[1] || 'start'
  useEffect(() => {
    document.title = `${page[0]?.toUpperCase()}${page.slice(1)} · Signalbox`
  }, [page])
  return (
    <main id="main" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
      {signedIn && <AlarmBanner />}
      <Outlet />
    </main>
  )
}

/** A button, since with <base> a link to `#main` would lead to the start page. */
function SkipLink() {
  return (
    <button
      type="button"
      className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-ink px-3 py-2 text-paper focus:translate-y-0"
      onClick={() => document.getElementById('main')?.focus()}
    >
      Skip to the page
    </button>
  )
}
