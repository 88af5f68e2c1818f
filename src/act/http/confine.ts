import { type Confinement, elsewhere, mayBeSentTo } from '../../core/secret.ts'
import { CallError, failure } from './failure.ts'
import type { OutgoingRequest } from './outgoing.ts'
import type { Step } from './prepare.ts'

const none: readonly Confinement[] = []

/**
 * Refuses a step to a host that one of the request's secrets may not be sent to; asked before each of them, redirects
 * too. A proxy counts as well where it could read along: what is not encrypted, or by a certificate of anybody.
 */
export function refuseElsewhere(
  { destination, url }: Step,
  { confined = none, confinedInProxy = none }: Pick<OutgoingRequest, 'confined' | 'confinedInProxy'>,
): void {
  const { proxy, secure, insecure } = destination
  for (const one of confined) {
    refuse(one, url.hostname)
    if (proxy !== null && (!secure || insecure)) refuse(one, urlHost(proxy.hostname))
  }
  if (proxy !== null) for (const one of confinedInProxy) refuse(one, urlHost(proxy.hostname))
}

function refuse(one: Confinement, hostname: string): void {
  if (mayBeSentTo(one, hostname)) return
  throw new CallError(
    failure(
      'secret.host-refused',
      `Not sent: ${elsewhere(one, hostname)}. Add the host to the secret, or take the secret out of the reaction.`,
    ),
  )
}

/** A proxy's IPv6 address has lost its brackets. */
const urlHost = (hostname: string): string => (hostname.includes(':') ? `[${hostname}]` : hostname)
