import type { SchemeOf } from '../../core/authentication.ts'
import { compileSignedHeader } from './hmac.ts'
import { defaultToleranceSeconds } from './timestamp.ts'
import type { Check } from './verdict.ts'

/** docs.slack.dev, "Verifying requests from Slack": `v0=<hex>` of `v0:<seconds>:<body>`, five minutes. */
export function compileSlack({
  secrets,
  toleranceSeconds = defaultToleranceSeconds,
}: SchemeOf<'slack'>): Check {
  return compileSignedHeader({
    scheme: 'slack',
    header: 'X-Slack-Signature',
    algorithm: 'sha256',
    encoding: 'hex',
    prefix: 'v0=',
    secrets,
    timestamp: {
      header: 'X-Slack-Request-Timestamp',
      format: 'unix-seconds',
      toleranceSeconds,
      before: 'v0:',
      after: ':',
    },
  })
}
