import { Link, Outlet } from '@tanstack/react-router'
import { Toasts } from '../ui/toast.tsx'
import { Brand } from './brand.tsx'
import { useSession } from './session.ts'
import { SignInLink } from './sign-in-link.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

/** Around what is seen by a link alone: nothing of the dashboard, which is another's. */
export function SharedFrame() {
  const { signedIn } = useSession()
  return (
    <div className="flex h-full flex-col">
      <header className="flex h-12 shrink-0 items-center gap-3 border-b border-line px-4">
        <Brand />
        <span className="flex-1" />
        <ThemeSwitch />
        {signedIn ? (
          <Link to="/events" className="text-link text-[13px]">
            Your events
          </Link>
        ) : (
          <SignInLink className="text-link text-[13px]" label="Sign in">
            Sign in
          </SignInLink>
        )}
      </header>
      <main className="flex min-h-0 min-w-0 flex-1 flex-col">
        <Outlet />
      </main>
      <Toasts />
    </div>
  )
}
