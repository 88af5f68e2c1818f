import { createSecretKey } from 'node:crypto'
import type { SchemeOf } from '../../core/authentication.ts'
import { hmacFormat, mismatchDetail } from './signature.ts'
import { requireSecrets } from './token.ts'
import { acceptances, headerText, wrong } from './verdict.ts'
import type { Check } from './verdict.ts'

/** PagerDuty sends one for each secret that is being rotated; more than this is no header of PagerDuty's. */
const maxSignatures = 8

/** developer.pagerduty.com, "Verifying signatures" (V3): `X-PagerDuty-Signature: v1=<hex>,v1=<hex>` over the body. */
export function compilePagerduty({ secrets }: SchemeOf<'pagerduty'>): Check {
  requireSecrets(secrets)
  const keys = secrets.map(secret => createSecretKey(secret, 'utf8'))
  const format = hmacFormat('sha256', 'hex')
  const accepted = acceptances('pagerduty', 'signature by secret', keys.length)
  return ({ headers, body }) => {
    const text = headerText(headers, 'x-pagerduty-signature') ?? ''
    if (text === '') {
      return wrong('pagerduty', 'signature.missing', 'Expected the header X-PagerDuty-Signature; none came.')
    }
    const parts = text.split(',', maxSignatures + 1).map(part => part.trim())
    const signatures = parts.flatMap(part =>
      part.startsWith('v1=') ? (format.parse(part.slice(3)) ?? []) : [],
    )
    if (signatures.length === 0 || parts.length > maxSignatures) {
      const expected = `1 to ${maxSignatures} times v1=<${format.description}>`
      return wrong('pagerduty', 'signature.malformed', `X-PagerDuty-Signature should hold ${expected}.`)
    }
    return (
      accepted[format.match(keys, '', body, signatures)] ??
      wrong('pagerduty', 'signature.mismatch', mismatchDetail(body.length, keys.length))
    )
  }
}
