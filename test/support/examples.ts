import type { Event, RequestDetails } from '../../src/core/event.ts'
import type { Filter, HttpAction, Reaction, ReactionDefinition } from '../../src/core/reaction.ts'
import { defaultRetryDelaysMs } from '../../src/core/retry.ts'

/** Things of the core with everything filled in; a test names only what it is about. */

export const someRequest = (set: Partial<RequestDetails> = {}): RequestDetails => ({
  method: 'POST',
  path: '/hooks/shop',
  query: '',
  headers: {},
  params: {},
  sender: '192.0.2.1',
  verified: 'none',
  deliveryId: null,
  ...set,
})

export const someEvent = (set: Partial<Event> = {}): Event => ({
  id: 'evt_000000000000000000000001',
  position: 10,
  receivedAtMs: 1_700_000_000_000,
  kind: { type: 'external', name: 'webhook.received' },
  targets: [{ type: 'endpoint', value: 'shop' }],
  owner: { type: 'endpoint', name: 'shop' },
  error: null,
  team: null,
  actor: 'ep_1',
  endpointId: 'ep_1',
  cause: null,
  hops: 0,
  request: null,
  contentType: 'application/json',
  bodyBytes: 0,
  ...set,
})

export const anyEvent: Filter = {
  kindTypes: [],
  kindNames: [],
  targetTypes: [],
  targetValues: [],
  targets: {},
  outcome: 'any',
  where: '',
}

export const someAction = (set: Partial<HttpAction> = {}): HttpAction => ({
  type: 'http',
  language: 'go',
  method: 'POST',
  url: 'https://hooks.example.com/in',
  headers: [],
  bodyFrom: 'event',
  body: '',
  timeoutMs: 5_000,
  successStatuses: ['200-299'],
  followRedirects: 0,
  insecure: false,
  proxyUrl: null,
  signingSecrets: [],
  ...set,
})

export const someDefinition = (
  set: Partial<Omit<ReactionDefinition, 'filter' | 'action'>> & {
    filter?: Partial<Filter>
    action?: Partial<HttpAction>
  } = {},
): ReactionDefinition => ({
  name: 'tell-shop',
  description: '',
  trigger: { type: 'events' },
  retry: { delaysMs: [...defaultRetryDelaysMs], permanentStatuses: [], retryStatuses: [] },
  concurrency: null,
  deadlineMs: 3 * 86_400_000,
  onLost: 'retry',
  failingAfter: 3,
  tellWhen: [],
  ...set,
  filter: { ...anyEvent, ...set.filter },
  action: someAction(set.action),
})

export const someReaction = (
  set: Partial<Omit<Reaction, 'definition'>> & { definition?: Parameters<typeof someDefinition>[0] } = {},
): Reaction => ({
  id: 'rea_1',
  version: 1,
  state: 'active',
  stateReason: '',
  team: null,
  actor: 'admin',
  configVersion: 1,
  sincePosition: 0,
  createdAtMs: 0,
  updatedAtMs: 0,
  ...set,
  definition: someDefinition(set.definition),
})
