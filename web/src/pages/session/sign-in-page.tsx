import { useMutation } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { signIn } from '../../api/session.ts'
import { useSession, useSessionChange } from '../../app/session.ts'
import { Button } from '../../ui/button.tsx'
import { Input } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { takeFragment } from './fragment.ts'

const route = getRouteApi('/sign-in')

/** `/sign-in#<one-time token>` signs in by itself; otherwise a token is pasted. */
export function SignInPage() {
  const { to } = route.useSearch()
  const router = useRouter()
  const session = useSession()
  const sessionChanged = useSessionChange()
  const [token, setToken] = useState('')
  const { mutate, isPending, isError, error } = useMutation({
    mutationFn: signIn,
    async onSuccess() {
      await sessionChanged()
      router.history.replace(to?.startsWith('/') && !to.startsWith('//') ? to : '/')
    },
  })

  useEffect(() => {
    const oneTimeToken = takeFragment()
    if (oneTimeToken) mutate(oneTimeToken)
  }, [mutate])

  return (
    <div className="mx-auto w-full max-w-md px-5 py-16">
      <h1 className="text-xl font-semibold">Sign in</h1>
      {session.signedIn && !isPending && (
        <p className="mt-2 text-soft">You are signed in already, as {session.actor}.</p>
      )}
      <form
        className="mt-5 flex flex-col gap-4"
        onSubmit={event => {
          event.preventDefault()
          mutate(token.trim())
        }}
      >
        <Input
          label="Admin token"
          type="password"
          mono
          required
          value={token}
          onChange={event => setToken(event.target.value)}
          hint={
            <>
              Signalbox prints a sign-in link when it starts, and keeps the token in its data directory. A
              sign-in link works once.
            </>
          }
        />
        {isError && <ProblemNote error={error} what="You are not signed in" />}
        <Button type="submit" look="primary" busy={isPending} disabled={token.trim() === '' && !isPending}>
          {isPending ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
    </div>
  )
}
