import type { AuthenticationScheme, SchemeOf, SchemeType } from '../../core/authentication.ts'
import { compileApiKey } from './api-key.ts'
import { compileBasic } from './basic.ts'
import { compileBearer } from './bearer.ts'
import { compileGithub } from './github.ts'
import { compileGitlab } from './gitlab.ts'
import { compileHmac } from './hmac.ts'
import { compileNone } from './none.ts'
import { compilePagerduty } from './pagerduty.ts'
import {
  compileAlertmanager,
  compileBitbucket,
  compileGitea,
  compileShopify,
  compileX,
  compileZoom,
} from './providers.ts'
import { compileSlack } from './slack.ts'
import { compileStandardWebhooks } from './standard-webhooks.ts'
import { compileStripe } from './stripe.ts'
import { compileTwilio } from './twilio.ts'
import { refused } from './verdict.ts'
import type { Accepted, Check, Verdict } from './verdict.ts'

/**
 * How each scheme is made into a check; a function here throws for a configuration that could never let anyone in.
 * `baseUrl` is how the outside reaches this installation, for what signs the URL too.
 */
export const schemes: { [T in SchemeType]: (scheme: SchemeOf<T>, baseUrl: () => string) => Check } = {
  none: compileNone,
  bearer: scheme => compileBearer(scheme),
  basic: compileBasic,
  'api-key': compileApiKey,
  hmac: compileHmac,
  github: compileGithub,
  gitlab: compileGitlab,
  slack: compileSlack,
  stripe: compileStripe,
  'standard-webhooks': compileStandardWebhooks,
  bitbucket: compileBitbucket,
  gitea: compileGitea,
  shopify: compileShopify,
  twilio: compileTwilio,
  pagerduty: compilePagerduty,
  alertmanager: compileAlertmanager,
  x: compileX,
  zoom: compileZoom,
}

/**
 * One check out of an endpoint's list: all of them must pass, in that order, and the first rejection is the verdict.
 * Never throws. A scheme that cannot be used, and an empty list, let nobody in and say so with every request, so that
 * a broken record closes one endpoint and does not stop a node.
 */
export function compileAuthentication(
  configured: readonly AuthenticationScheme[],
  baseUrl: () => string = () => '',
): Check {
  const checks = configured.map(scheme => compileScheme(scheme.type, scheme, baseUrl))
  const [first, ...others] = checks
  if (first === undefined)
    return unusable('none', 'No scheme is listed; an open endpoint lists {"type": "none"}.')
  return others.length === 0 ? first : request => checkAll(checks, request)
}

function checkAll(checks: readonly Check[], request: Parameters<Check>[0]): Verdict {
  const passed: Accepted[] = []
  for (const check of checks) {
    const verdict = check(request)
    if (!verdict.ok) return verdict
    passed.push(verdict)
  }
  return {
    ok: true,
    scheme: passed.map(({ scheme }) => scheme).join(', '),
    detail: passed
      .map(({ scheme, detail }) => (detail === undefined ? scheme : `${scheme}: ${detail}`))
      .join('; '),
  }
}

type SchemeMap = { [T in SchemeType]: SchemeOf<T> & { type: T } }

function compileScheme<T extends SchemeType>(type: T, scheme: SchemeMap[T], baseUrl: () => string): Check {
  if (!Object.hasOwn(schemes, type))
    return unusable(type, 'This version of Signalbox does not know the scheme.')
  try {
    return schemes[type](scheme, baseUrl)
  } catch (error) {
    return unusable(type, error instanceof Error ? error.message : 'It cannot be read.')
  }
}

function unusable(scheme: string, why: string): Check {
  const verdict = refused(
    scheme,
    'scheme.unusable',
    `The endpoint's ${scheme} authentication cannot be used. ${why}`,
  )
  return () => verdict
}
