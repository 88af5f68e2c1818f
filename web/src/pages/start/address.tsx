import { Link } from '@tanstack/react-router'
import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import type { Endpoint } from '../../api/types.ts'
import { useSession } from '../../app/session.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { shortTime } from '../../ui/format.ts'
import { shareUrlOf, useNewEndpoint } from './use-new-endpoint.ts'

interface AddressProps {
  endpoint: Endpoint
  /** Opens another endpoint, where visitors may make one. */
  onOpen?: (id: string) => void
}

/** Everything that a sender needs, each with a button to copy it. */
export function Address({ endpoint, onOpen }: AddressProps) {
  const { signedIn } = useSession()
  const shareUrl = shareUrlOf(endpoint.id)
  return (
    <div className="flex flex-col gap-3">
      <Line label="URL" text={endpoint.url} />
      {endpoint.token === null ? (
        <p className="text-caution">The token cannot be read: the key that sealed it is lost. Rotate it.</p>
      ) : (
        <Line label="Token" text={endpoint.token} secret />
      )}
      <div>
        <div className="mb-1 flex items-center justify-between">
          <span className="text-[13px] font-medium text-soft">Try it</span>
          <CopyButton text={endpoint.curl} what="curl line" />
        </div>
        <pre
          tabIndex={0}
          role="region"
          aria-label="curl line"
          className="overflow-x-auto rounded-lg border border-line bg-terminal p-3 font-mono text-[12.5px] leading-5 whitespace-pre-wrap text-on-terminal [overflow-wrap:anywhere]"
        >
          {endpoint.curl}
        </pre>
      </div>
      {shareUrl && <Line label="Share link: whoever has it sees these events" text={shareUrl} secret />}
      <p className="text-[13px] text-soft">
        {endpoint.expiresAt && <>It ends on {shortTime(endpoint.expiresAt)}, with all it received. </>}
        {signedIn && onOpen && (
          <Link to="/endpoints/$endpointId" params={{ endpointId: endpoint.id }} className="text-link">
            Name it, choose a path, ask for a signature
          </Link>
        )}
        {!signedIn && onOpen && <AnotherEndpoint onOpen={onOpen} />}
      </p>
    </div>
  )
}

function AnotherEndpoint({ onOpen }: { onOpen: (id: string) => void }) {
  const make = useNewEndpoint(onOpen)
  return (
    <>
      <button type="button" className="text-link" disabled={make.isPending} onClick={() => make.mutate()}>
        Get another webhook
      </button>
      {make.isError && <span role="alert"> {make.error.message}</span>}
    </>
  )
}

function Line({ label, text, secret = false }: { label: string; text: string; secret?: boolean }) {
  const [isShown, setShown] = useState(!secret)
  const Icon = isShown ? EyeOff : Eye
  return (
    <div>
      <div className="text-[13px] font-medium text-soft">{label}</div>
      <div className="flex items-center gap-1.5">
        <code className="min-w-0 flex-1 truncate font-mono text-[13px]" title={isShown ? text : undefined}>
          {isShown ? text : '•'.repeat(24)}
        </code>
        {secret && (
          <Button
            size="small"
            look="quiet"
            aria-pressed={isShown}
            aria-label={`Show ${label}`}
            onClick={() => setShown(!isShown)}
          >
            <Icon size={14} aria-hidden />
          </Button>
        )}
        <CopyButton text={text} what={label} />
      </div>
    </div>
  )
}
