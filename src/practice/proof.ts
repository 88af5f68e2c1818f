import type { IncomingHttpHeaders } from 'node:http'
import { verificationKey } from '../core/signing.ts'
import { compileStandardWebhooks } from '../ingest/verify/standard-webhooks.ts'

/** The run that sent a request, and the secrets that it should be signed with. */
export interface Sender {
  runId: string
  eventId: string
  reactionId: string
  reactionName: string
  signingSecrets: readonly string[]
  /** Masks the secrets of the reaction. */
  hide(text: string): string
}

/** What a receiver can tell of a request: who sent it, and whether its signature holds. */
export interface Proof {
  signature: 'valid' | 'invalid' | 'unsigned' | 'unknown'
  detail: string
  run: { id: string; eventId: string; reactionId: string; reactionName: string } | null
}

/** Checks the signature as a receiver does, with the secrets that the reaction of this run signs with. */
export function prove(
  sender: Sender | null,
  request: { headers: IncomingHttpHeaders; method: string; path: string; body: Buffer | null; atMs: number },
): Proof {
  if (sender === null)
    return { signature: 'unknown', detail: 'No run of this installation sent it', run: null }
  const { runId, eventId, reactionId, reactionName, signingSecrets } = sender
  const run = { id: runId, eventId, reactionId, reactionName }
  if (signingSecrets.length === 0)
    return { signature: 'unsigned', detail: 'The reaction has no signing secret', run }
  if (request.body === null)
    return { signature: 'unknown', detail: 'The body is too large to be checked here', run }
  const check = compileStandardWebhooks({
    type: 'standard-webhooks',
    secrets: signingSecrets.map(verificationKey),
  })
  const { headers, method, path, body, atMs } = request
  const verdict = check({ headers, method, path, query: '', body, receivedAtMs: atMs })
  const detail = verdict.detail ?? verdict.scheme
  return { signature: verdict.ok ? 'valid' : 'invalid', detail, run }
}
