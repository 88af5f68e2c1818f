import type { AuthenticationScheme, SchemeType } from '../../core/authentication.ts'
import { alertmanager } from './providers/alertmanager.ts'
import { any } from './providers/any.ts'
import { bitbucket } from './providers/bitbucket.ts'
import { gitea } from './providers/gitea.ts'
import { github } from './providers/github.ts'
import { gitlab } from './providers/gitlab.ts'
import { pagerduty } from './providers/pagerduty.ts'
import { shopify } from './providers/shopify.ts'
import { slack } from './providers/slack.ts'
import { stripe } from './providers/stripe.ts'
import { twilio } from './providers/twilio.ts'
import { x } from './providers/x.ts'
import { zoom } from './providers/zoom.ts'
import type { Sample } from './sample.ts'

/** What each sends, the usual one first. */
export const samples: Readonly<Record<SchemeType, readonly Sample[]>> = {
  none: any,
  bearer: any,
  basic: any,
  'api-key': any,
  hmac: any,
  'standard-webhooks': any,
  github,
  gitlab,
  slack,
  stripe,
  bitbucket,
  gitea,
  shopify,
  twilio,
  pagerduty,
  alertmanager,
  x,
  zoom,
}

/** Whose samples an endpoint gets: those of the first provider that it lists, else those of any sender. */
export const providerOf = (schemes: readonly AuthenticationScheme[]): SchemeType =>
  (schemes.find(({ type }) => samples[type] !== any) ?? schemes[0])?.type ?? 'none'
