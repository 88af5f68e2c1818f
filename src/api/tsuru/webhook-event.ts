import type { Event } from '../../core/event.ts'
import { newEventId } from '../../core/ids.ts'
import { isPublicHeader, mask } from '../../core/mask.ts'
import type { Services } from '../services.ts'
import type { TsuruRequest } from './route.ts'
import type { Webhook } from './webhook.ts'

type Verb = 'create' | 'update' | 'delete'

/** tsuru tells of each change of a webhook, also of one that it refused, by an event. */
export async function tellOfWebhook(
  { accept, now }: Services,
  { caller, sender }: TsuruRequest,
  verb: Verb,
  webhook: Webhook,
  error: string | null,
): Promise<void> {
  const nowMs = now()
  const body = new TextEncoder().encode(JSON.stringify(inputs(verb, webhook)))
  const event: Event = {
    id: newEventId(nowMs),
    position: 0,
    receivedAtMs: nowMs,
    kind: { type: 'permission', name: `webhook.${verb}` },
    targets: [{ type: 'webhook', value: webhook.name }],
    owner: { type: 'user', name: caller.name },
    error,
    team: webhook.team_owner === '' ? null : webhook.team_owner,
    actor: caller.actor,
    endpointId: null,
    cause: null,
    hops: 0,
    request: {
      method: { create: 'POST', update: 'PUT', delete: 'DELETE' }[verb],
      path: '/1.6/events/webhooks',
      query: '',
      headers: {},
      params: {},
      sender,
      verified: caller.actor,
      deliveryId: null,
    },
    contentType: 'application/json',
    bodyBytes: body.length,
  }
  await accept(event, body)
}

interface Input {
  name: string
  value: string
}

/** The fields that were given, flat, as tsuru keeps them; but the values of headers are nobody's to read there. */
function inputs(verb: Verb, webhook: Webhook): Input[] {
  if (verb === 'delete') return [{ name: ':name', value: webhook.name }]
  const { event_filter, headers, ...fields } = webhook
  const shown = Object.entries(headers).map(([name, values]): [string, string[]] => [
    `headers.${name}`,
    values.map(value => (isPublicHeader(name) ? value : mask)),
  ])
  return [
    ...Object.entries(fields).flatMap(([name, value]) => flat(name, value)),
    ...Object.entries(event_filter).flatMap(([name, value]) => flat(`event_filter.${name}`, value)),
    ...shown.flatMap(([name, value]) => flat(name, value)),
  ]
}

const flat = (name: string, value: string | boolean | string[]): Input[] =>
  Array.isArray(value)
    ? value.map((one, index) => ({ name: `${name}.${index}`, value: one }))
    : value === '' || value === false
      ? []
      : [{ name, value: String(value) }]
