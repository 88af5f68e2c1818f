import { Link, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'

interface SignInLinkProps {
  className?: string
  /** For a link that is only an icon. */
  label?: string
  children: ReactNode
}

/** Leads to the sign-in page, and from there back to where you are. */
export function SignInLink({ className = 'text-link', label, children }: SignInLinkProps) {
  const href = useRouterState({ select: state => state.location.href })
  const to = href.startsWith('/sign-in') ? undefined : href
  return (
    <Link to="/sign-in" search={{ to }} className={className} aria-label={label} title={label}>
      {children}
    </Link>
  )
}
