import { createSecretKey } from 'node:crypto'
import type { SchemeOf } from '../../core/authentication.ts'
import { hmacFormat, mismatchDetail } from './signature.ts'
import { defaultToleranceSeconds, judgeAge, parseTimestamp } from './timestamp.ts'
import { requireSecrets } from './token.ts'
import { acceptances, headerText, wrong } from './verdict.ts'
import type { Check } from './verdict.ts'

/** Stripe sends one for each secret that is being rotated; more than this is no header of Stripe's. */
const maxSignatures = 8

/**
 * docs.stripe.com, "Verify webhook signatures manually": `Stripe-Signature: t=<seconds>,v1=<hex>,v1=<hex>,v0=…`, the
 * signed text being `<seconds>.<body>` and the key the whole secret, `whsec_` included. Other versions are skipped.
 */
export function compileStripe({
  secrets,
  toleranceSeconds = defaultToleranceSeconds,
}: SchemeOf<'stripe'>): Check {
  requireSecrets(secrets)
  const keys = secrets.map(secret => createSecretKey(secret, 'utf8'))
  const format = hmacFormat('sha256', 'hex')
  const accepted = acceptances('stripe', 'signature by secret', keys.length)
  return ({ headers, body, receivedAtMs }) => {
    const text = headerText(headers, 'stripe-signature')
    if (text === undefined || text === '') {
      return wrong('stripe', 'signature.missing', 'Expected the header Stripe-Signature; none came.')
    }
    const { times, signatures } = readHeader(text)
    const [time = ''] = times
    const signedAtMs = times.length === 1 ? parseTimestamp(time, 'unix-seconds') : null
    if (signedAtMs === null) {
      return wrong(
        'stripe',
        'timestamp.malformed',
        'Stripe-Signature should hold t=<seconds since 1970> once.',
      )
    }
    const parsed = signatures.flatMap(signature => format.parse(signature) ?? [])
    if (parsed.length === 0 || signatures.length > maxSignatures) {
      const expected = `1 to ${maxSignatures} times v1=<${format.description}>`
      return wrong('stripe', 'signature.malformed', `Stripe-Signature should hold ${expected}.`)
    }
    const known = accepted[format.match(keys, `${time}.`, body, parsed)]
    if (known === undefined)
      return wrong('stripe', 'signature.mismatch', mismatchDetail(body.length, keys.length))
    return judgeAge('stripe', signedAtMs, receivedAtMs, toleranceSeconds) ?? known
  }
}

function readHeader(text: string): { times: string[]; signatures: string[] } {
  const times: string[] = []
  const signatures: string[] = []
  for (const part of text.split(',')) {
    const item = part.trim()
    if (item.startsWith('t=')) times.push(item.slice(2))
    else if (item.startsWith('v1=')) signatures.push(item.slice(3))
  }
  return { times, signatures }
}
