import type { KeyObject } from 'node:crypto'
import type { Event } from '../core/event.ts'
import { maskUrl } from '../core/mask.ts'
import type { ReactionDefinition } from '../core/reaction.ts'
import { elsewhere, mayBeSentTo } from '../core/secret.ts'
import { RenderError, renderRequest } from './http-request.ts'
import type { OutgoingRequest } from './http/outgoing.ts'
import { hiddenOf, maskerOf } from './record.ts'
import { noSecrets, type ReadSecrets } from './secrets.ts'
import { isTemplate } from '../core/template/language.ts'

/** What would be sent, secrets masked; or where the definition does not fit the event. */
export interface Rehearsal {
  request: {
    method: string
    url: string
    headers: [name: string, value: string][]
    body: string
    bodyBytes: number
  } | null
  /** Path into the definition, such as /action/url; line and column are 1-based. */
  problems: { path: string; message: string; line?: number; column?: number }[]
}

const shownBytes = 256 * 1024
/** In the place of a key that a named secret holds. */
const rehearsalKey = `whsec_${Buffer.alloc(24).toString('base64')}`

/** The dry run: renders as an attempt would, with dots for secrets, and sends nothing. */
export async function rehearse(
  given: ReactionDefinition,
  { event, body, team }: { event: Event; body: Uint8Array; team: string | null },
  keys: { causeKey: KeyObject; nowMs: number },
  secrets: ReadSecrets,
): Promise<Rehearsal> {
  const readable = (await secrets(given, team, 'rehearsed')) ?? noSecrets
  const definition = withRehearsalKeys(given)
  try {
    const run = { id: 'r_0000000000000000', attempt: 1 }
    const request = renderRequest(definition, { event, body }, run, keys, readable)
    const hide = maskerOf(definition)
    const bytes = Buffer.from(request.body ?? '')
    return {
      request: {
        method: request.method,
        url: hide(maskUrl(request.url)),
        headers: hiddenOf(definition, request.headers, hide),
        body: hide(bytes.toString('utf8')).slice(0, shownBytes),
        bodyBytes: bytes.length,
      },
      problems: refusals(request),
    }
  } catch (error) {
    if (!(error instanceof RenderError)) throw error
    const { path, message, line, column } = error
    return {
      request: null,
      problems: [
        {
          path,
          message,
          ...(line === undefined ? {} : { line }),
          ...(column === undefined ? {} : { column }),
        },
      ],
    }
  }
}

function withRehearsalKeys(definition: ReactionDefinition): ReactionDefinition {
  const { action } = definition
  const isMade = (secret: string): boolean => isTemplate(action.language, secret)
  if (!action.signingSecrets.some(isMade)) return definition
  const signingSecrets = action.signingSecrets.map(secret => (isMade(secret) ? rehearsalKey : secret))
  return { ...definition, action: { ...action, signingSecrets } }
}

/** What the call would refuse because of a secret in it. */
function refusals({ url, confined = [] }: OutgoingRequest): Rehearsal['problems'] {
  const hostname = URL.parse(url)?.hostname
  if (hostname === undefined) return []
  return confined
    .filter(one => !mayBeSentTo(one, hostname))
    .map(one => ({ path: '/action/url', message: `would not be called: ${elsewhere(one, hostname)}` }))
}
