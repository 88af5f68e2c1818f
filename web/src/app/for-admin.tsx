import type { FunctionComponent } from 'react'
import { buttonClass } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { useSession } from './session.ts'
import { SignInLink } from './sign-in-link.tsx'

/** A page for those who are signed in; to others it says how to do that, and keeps the address. */
export function forAdmin(Page: FunctionComponent): FunctionComponent {
  return function ForAdmin() {
    const { signedIn } = useSession()
    return signedIn ? <Page /> : <SignInFirst />
  }
}

function SignInFirst() {
  return (
    <Empty
      isPage
      title="Sign in to see this page"
      action={<SignInLink className={buttonClass({ look: 'primary' })}>Sign in</SignInLink>}
    >
      It is for those who look after this Signalbox. You come back here afterwards.
    </Empty>
  )
}
