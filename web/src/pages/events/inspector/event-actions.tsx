import { Link } from '@tanstack/react-router'
import { RotateCcw, Send, Share2, SquarePen, Waypoints } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { urlOf } from '../../../api/base.ts'
import { bodyBytes, resend } from '../../../api/events.ts'
import type { EventDetail } from '../../../api/types.ts'
import { useShortcuts } from '../../../app/keys.ts'
import { useSession } from '../../../app/session.ts'
import { SignInLink } from '../../../app/sign-in-link.tsx'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/confirm.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { toast } from '../../../ui/toast.tsx'
import { curlLine, maxInlineBytes } from './curl.ts'
import { EditAndResend } from './edit-and-resend.tsx'
import { ReplayDialog } from './replay-dialog.tsx'

const ShareDialog = lazy(async () => ({ default: (await import('./share-dialog.tsx')).ShareDialog }))

type Asking = 'nothing' | 'replay' | 'resend' | 'edit' | 'share'

/** What can be done with an event. A visitor only looks, and copies. */
export function EventActions({ event }: { event: EventDetail }) {
  const { signedIn } = useSession()
  const [asking, setAsking] = useState<Asking>('nothing')
  const edit = { key: 'e', label: 'Edit and resend', run: () => setAsking('edit') }
  useShortcuts('Event', signedIn ? [{ key: 'r', label: 'Replay', run: () => setAsking('replay') }, edit] : [])
  const close = () => setAsking('nothing')
  if (!signedIn) {
    return (
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        {event.request && <CopyButton text={() => curlOf(event)} what="request" label="Copy as curl" />}
        <span className="text-[13px] text-soft">
          <SignInLink>Sign in</SignInLink> to make a reaction of this.
        </span>
      </div>
    )
  }
  return (
    <div className="flex flex-wrap gap-1.5">
      <Link
        to="/reactions/new"
        search={{ endpoint: event.endpointId ?? undefined, sample: event.id }}
        className={buttonClass({ size: 'small', look: 'primary' })}
      >
        <Waypoints size={14} aria-hidden />
        Make a reaction of this
      </Link>
      <Button size="small" title="Replay (r)" onClick={() => setAsking('replay')}>
        <RotateCcw size={14} aria-hidden />
        Replay
      </Button>
      <Button size="small" onClick={() => setAsking('resend')}>
        <Send size={14} aria-hidden />
        Resend
      </Button>
      <Button size="small" title="Edit and resend (e)" onClick={() => setAsking('edit')}>
        <SquarePen size={14} aria-hidden />
        Edit and resend
      </Button>
      {event.request && <CopyButton text={() => curlOf(event)} what="request" label="Copy as curl" />}
      <Button size="small" onClick={() => setAsking('share')}>
        <Share2 size={14} aria-hidden />
        Share
      </Button>
      {asking === 'share' && (
        <Suspense>
          <ShareDialog eventId={event.id} onClose={close} />
        </Suspense>
      )}
      <ReplayDialog event={event} open={asking === 'replay'} onClose={close} />
      <Confirm
        open={asking === 'resend'}
        onClose={close}
        title="Resend this event"
        description="A new event with the same content arrives now, and reactions look at it like at any other. To run them on the stored event instead, replay it."
        label="Resend"
        run={() => resend(event.id)}
        onDone={({ id }) => sayResent(id)}
      />
      {asking === 'edit' && <EditAndResend event={event} onClose={close} onDone={sayResent} />}
    </div>
  )
}

/** The body as it came, byte by byte, unless it is too large for a line. */
async function curlOf(event: EventDetail): Promise<string> {
  const { bytes } = event.body
  const fits = bytes > 0 && bytes <= maxInlineBytes
  const body = fits ? await bodyBytes(event.id, maxInlineBytes, AbortSignal.timeout(10_000)) : null
  return curlLine(event, urlOf(''), body) ?? ''
}

function sayResent(eventId: string): void {
  toast(
    <>
      Sent as{' '}
      <Link to="/events/$eventId" params={{ eventId }}>
        a new event
      </Link>
      .
    </>,
  )
}
