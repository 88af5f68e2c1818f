import type { AuthenticationScheme, SchemeType } from '../core/authentication.ts'
import { compileSources, header, json, type ReadSource, type ValueSource } from './value-source.ts'

/** What a provider says of its deliveries, and where: the first source that holds something counts. */
interface Provider {
  /** The id that stays the same when it delivers the same thing again. */
  deliveryId: ValueSource[]
  /** What happened, in its own words: `pull_request`, `orders/create`. */
  kind: ValueSource[]
  /** An ending that says nothing. */
  kindEnding?: string
}

/**
 * GitLab's X-Gitlab-Event-UUID comes last: webhooks that set off each other share one, while Idempotency-Key (17.4 and
 * later) and webhook-id (19 and later) are one delivery's own. Alertmanager repeats what still burns, on purpose: its
 * deliveries have no id. Twilio and X do not say what happened.
 */
const providers: Partial<Record<SchemeType, Provider>> = {
  github: {
    deliveryId: [header('X-GitHub-Delivery'), header('X-Gitea-Delivery')],
    kind: [header('X-GitHub-Event')],
  },
  gitlab: {
    deliveryId: [header('webhook-id'), header('Idempotency-Key'), header('X-Gitlab-Event-UUID')],
    kind: [header('X-Gitlab-Event')],
    kindEnding: ' Hook',
  },
  bitbucket: {
    deliveryId: [header('X-Request-UUID'), header('X-Request-Id')],
    kind: [header('X-Event-Key')],
  },
  gitea: {
    deliveryId: [header('X-Gitea-Delivery'), header('X-GitHub-Delivery')],
    kind: [header('X-Gitea-Event'), header('X-GitHub-Event')],
  },
  slack: { deliveryId: [json('event_id')], kind: [json('event.type'), json('type')] },
  stripe: { deliveryId: [json('id')], kind: [json('type')] },
  shopify: {
    deliveryId: [header('X-Shopify-Webhook-Id'), header('X-Shopify-Event-Id')],
    kind: [header('X-Shopify-Topic')],
  },
  twilio: { deliveryId: [header('I-Twilio-Idempotency-Token')], kind: [] },
  pagerduty: { deliveryId: [json('event.id')], kind: [json('event.event_type')] },
  alertmanager: { deliveryId: [], kind: [json('status')] },
  zoom: { deliveryId: [], kind: [json('event')] },
  'standard-webhooks': { deliveryId: [header('webhook-id')], kind: [] },
}

/** For senders whose scheme says nothing of who they are. */
const commonDeliveryIds = [
  header('webhook-id'),
  header('X-GitHub-Delivery'),
  header('X-Gitea-Delivery'),
  header('Idempotency-Key'),
  header('X-Gitlab-Event-UUID'),
]

/** The sources that go with an endpoint's authentication, for an endpoint that names none. */
export function defaultDeliveryIdSources(schemes: readonly AuthenticationScheme[]): ValueSource[] {
  const known = schemes.flatMap(({ type }) => providers[type] ?? [])
  return known.length > 0 ? known.flatMap(({ deliveryId }) => deliveryId) : commonDeliveryIds
}

export const unknownKind = 'webhook.received'
const longestKind = 200

/** The kind in the provider's words, below its name: `github.pull_request`. Null where no provider says one. */
export function compileKind(schemes: readonly AuthenticationScheme[]): ReadSource | null {
  for (const { type } of schemes) {
    const provider = providers[type]
    if (provider === undefined || provider.kind.length === 0) continue
    const read = compileSources(provider.kind)
    return (headers, json) => {
      const said = read(headers, json)
      return said === null ? null : kindOf(type, said, provider.kindEnding ?? '')
    }
  }
  return null
}

/** What a source holds that is too long to be a name comes as its hash. */
const hashed = /^sha256-[0-9a-f]{64}$/

function kindOf(provider: string, said: string, ending: string): string | null {
  if (hashed.test(said)) return null
  const words = ending !== '' && said.endsWith(ending) ? said.slice(0, -ending.length) : said
  const parts = words
    .toLowerCase()
    .split(/[.:/]/)
    .map(part => part.replace(/[^a-z0-9_-]+/g, '_').replace(/^_+|_+$/g, ''))
    .filter(part => part !== '')
  const name = [provider, ...parts].join('.')
  return parts.length === 0 || name.length > longestKind ? null : name
}
