import type { SchemeOf } from '../../core/authentication.ts'
import { compileBearer } from './bearer.ts'
import { compileSignedHeader } from './hmac.ts'
import { defaultToleranceSeconds } from './timestamp.ts'
import { headerText } from './verdict.ts'
import type { Check } from './verdict.ts'

/** Providers that put an HMAC of the body into one header. */

const sha256 = { algorithm: 'sha256', encoding: 'hex', prefix: '', timestamp: null } as const

/** support.atlassian.com, "Manage webhooks": `X-Hub-Signature: sha256=<hex>`, where GitHub has SHA-1. */
export const compileBitbucket = ({ secrets }: SchemeOf<'bitbucket'>): Check =>
  compileSignedHeader({
    ...sha256,
    scheme: 'bitbucket',
    header: 'X-Hub-Signature',
    prefix: 'sha256=',
    secrets,
  })

/** Gitea's services/webhook/deliver.go: the same signature under its own name, and under GitHub's with a prefix. */
export function compileGitea({ secrets }: SchemeOf<'gitea'>): Check {
  const common = { ...sha256, scheme: 'gitea', secrets }
  const own = compileSignedHeader({ ...common, header: 'X-Gitea-Signature' })
  const github = compileSignedHeader({ ...common, header: 'X-Hub-Signature-256', prefix: 'sha256=' })
  return request => {
    const onlyGithub =
      headerText(request.headers, 'x-gitea-signature') === undefined &&
      headerText(request.headers, 'x-hub-signature-256') !== undefined
    return (onlyGithub ? github : own)(request)
  }
}

/** shopify.dev, "Verify webhook deliveries". */
export const compileShopify = ({ secrets }: SchemeOf<'shopify'>): Check =>
  compileSignedHeader({
    ...sha256,
    scheme: 'shopify',
    header: 'X-Shopify-Hmac-Sha256',
    encoding: 'base64',
    secrets,
  })

/** developer.x.com, "Securing webhooks". */
export const compileX = ({ secrets }: SchemeOf<'x'>): Check =>
  compileSignedHeader({
    ...sha256,
    scheme: 'x',
    header: 'X-Twitter-Webhooks-Signature',
    encoding: 'base64',
    prefix: 'sha256=',
    secrets,
  })

/** developers.zoom.us, "Verify webhook events": as Slack does it, under other names. */
export const compileZoom = ({
  secrets,
  toleranceSeconds = defaultToleranceSeconds,
}: SchemeOf<'zoom'>): Check =>
  compileSignedHeader({
    ...sha256,
    scheme: 'zoom',
    header: 'X-Zm-Signature',
    prefix: 'v0=',
    secrets,
    timestamp: {
      header: 'X-Zm-Request-Timestamp',
      format: 'unix-seconds',
      toleranceSeconds,
      before: 'v0:',
      after: ':',
    },
  })

/** prometheus.io, http_config: `authorization` with the type Bearer. */
export const compileAlertmanager = ({ secrets }: SchemeOf<'alertmanager'>): Check =>
  compileBearer({ secrets }, 'alertmanager')
