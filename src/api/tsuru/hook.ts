import type { Filter, HttpAction, Reaction, ReactionDefinition } from '../../core/reaction.ts'
import type { Webhook } from './webhook.ts'

const userAgent = 'tsuru-webhook-client/1.0'

/** A webhook is a reaction to events whose templates are in tsuru's dialect. */
export const isHook = ({ definition }: Reaction): boolean =>
  definition.trigger.type === 'events' && definition.action.language === 'tsuru'

/** No event fits; the two flags of tsuru together. */
const never: Pick<Filter, 'outcome' | 'where'> = { outcome: 'error', where: 'false' }

/** What tsuru does not know of keeps how it stands: the retries and the alarm that somebody set since. */
export function definitionOf(webhook: Webhook, former: ReactionDefinition | null): ReactionDefinition {
  const { event_filter: given } = webhook
  return {
    retry: { delaysMs: [], permanentStatuses: [], retryStatuses: [] },
    concurrency: null,
    deadlineMs: 3 * 86_400_000,
    onLost: 'fail',
    failingAfter: 3,
    tellWhen: [],
    ...former,
    name: webhook.name,
    description: webhook.description,
    trigger: { type: 'events' },
    filter: {
      targets: former?.filter.targets ?? {},
      // tsuru takes any text here, and one that is no type of kind matches nothing.
      kindTypes: given.kind_types as Filter['kindTypes'],
      kindNames: given.kind_names,
      targetTypes: given.target_types,
      targetValues: given.target_values,
      ...outcomeOf(webhook, former?.filter.where ?? ''),
    },
    action: actionOf(webhook, former?.action ?? null),
  }
}

function outcomeOf({ event_filter: given }: Webhook, where: string): Pick<Filter, 'outcome' | 'where'> {
  if (given.error_only && given.success_only) return never
  return {
    outcome: given.error_only ? 'error' : given.success_only ? 'success' : 'any',
    where: where === never.where ? '' : where,
  }
}

function actionOf(webhook: Webhook, former: HttpAction | null): HttpAction {
  return {
    timeoutMs: 60_000,
    successStatuses: ['200-399'],
    // Ten requests in all.
    followRedirects: 9,
    signingSecrets: [],
    userAgent,
    ...former,
    type: 'http',
    language: 'tsuru',
    exactHeaders: true,
    sendUnreadable: true,
    method: webhook.method,
    url: webhook.url,
    headers: Object.entries(webhook.headers).flatMap(([name, values]) =>
      values.map(value => ({ name, value })),
    ),
    bodyFrom: webhook.body === '' ? 'event' : 'template',
    body: webhook.body,
    insecure: webhook.insecure,
    proxyUrl: webhook.proxy_url === '' ? null : webhook.proxy_url,
  }
}

/** `definition` has its secrets opened, or masked. */
export function webhookOf(definition: ReactionDefinition, team: string | null): Webhook {
  const { filter, action } = definition
  const isNever = filter.outcome === never.outcome && filter.where === never.where
  const headers: Record<string, string[]> = {}
  for (const { name, value } of action.headers) {
    if (Object.hasOwn(headers, name)) headers[name]!.push(value)
    else Object.defineProperty(headers, name, { value: [value], enumerable: true })
  }
  return {
    name: definition.name,
    description: definition.description,
    team_owner: team ?? '',
    event_filter: {
      target_types: filter.targetTypes,
      target_values: filter.targetValues,
      kind_types: filter.kindTypes,
      kind_names: filter.kindNames,
      error_only: filter.outcome === 'error',
      success_only: filter.outcome === 'success' || isNever,
    },
    url: action.url,
    proxy_url: action.proxyUrl ?? '',
    headers,
    method: action.method,
    body: action.bodyFrom === 'template' ? action.body : '',
    insecure: action.insecure,
  }
}
