import type { Endpoint, Event, EventSummary, Reaction, Run, RunSummary } from '../shapes.ts'

/** One of each, as the API tells of it. */

export const endpoint: Endpoint = {
  id: 'ep_1',
  name: 'orders',
  description: '',
  state: 'active',
  path: '/hooks/orders',
  url: 'http://127.0.0.1:4620/hooks/orders',
  dataUrl: 'http://127.0.0.1:4620/data',
  methods: ['POST'],
  authentication: [],
  kindName: 'webhook.received',
  contentTypes: [],
  maxBytes: 1024,
  token: 'sbs_send-token',
  curl: "curl -d '{}' http://127.0.0.1:4620/hooks/orders",
  createdAt: '2026-11-21T06:00:00.000Z',
  expiresAt: null,
  lastEventAt: '2026-11-21T06:59:30.000Z',
  rejections: [
    { reason: 'signature', count: 3, lastAt: '2026-11-21T06:58:00.000Z', sender: '10.0.0.9', detail: null },
  ],
}

export const eventSummary: EventSummary = {
  id: 'evt_1',
  time: '2026-11-21T06:59:30.000Z',
  kind: { type: 'external', name: 'webhook.received' },
  targets: [{ type: 'endpoint', value: 'orders' }],
  error: null,
  endpointId: 'ep_1',
  method: 'POST',
  path: '/hooks/orders',
  sender: '127.0.0.1',
  contentType: 'application/json',
  bodyBytes: 13,
  preview: '{"order":"7"}',
  hops: 0,
  cause: null,
}

export const runSummary: RunSummary = {
  id: 'r_1',
  eventId: 'evt_1',
  reactionId: 'rea_1',
  reactionName: 'mirror',
  reactionVersion: 2,
  replay: false,
  state: 'failed',
  label: '500 Internal Server Error; no retry is set',
  attempts: 1,
  dueAt: null,
  createdAt: '2026-11-21T06:59:30.000Z',
  endedAt: '2026-11-21T06:59:31.000Z',
  deadlineAt: '2026-11-24T06:59:30.000Z',
  lane: 'http://127.0.0.1:9',
}

export const event: Event = {
  ...eventSummary,
  owner: { type: 'sender', name: '127.0.0.1' },
  actor: 'endpoint',
  team: null,
  request: {
    method: 'POST',
    path: '/hooks/orders',
    query: 'a=1',
    headers: { 'user-agent': 'curl/8' },
    params: {},
    sender: '127.0.0.1',
    verified: '',
    deliveryId: null,
  },
  body: { contentType: 'application/json', bytes: 13, text: '{"order":"7"}', truncated: false, parts: null },
  runs: [runSummary],
}

export const runExample: Run = {
  ...runSummary,
  event: eventSummary,
  attemptList: [
    {
      number: 1,
      startedAt: '2026-11-21T06:59:30.000Z',
      endedAt: '2026-11-21T06:59:31.000Z',
      durationMs: 1000,
      outcome: 'failed',
      errorCode: 'answer.status',
      message: '500 Internal Server Error',
      request: {
        method: 'POST',
        url: 'http://127.0.0.1:9/in',
        headers: [['webhook-id', 'msg_1']],
        body: '{"n":1}',
        bodyBytes: 7,
      },
      response: {
        status: 500,
        headers: [['server', 'broken']],
        body: 'no\u001b[2Jpe',
        bodyBytes: 8,
        bodyTruncated: false,
        remoteAddress: '127.0.0.1',
        timings: {},
      },
    },
  ],
}

export const reaction: Reaction = {
  id: 'rea_1',
  version: 2,
  state: 'active',
  stateReason: '',
  definition: {
    name: 'mirror',
    description: '',
    trigger: { type: 'endpoint', endpoint: 'ep_1' },
    filter: {
      kindTypes: [],
      kindNames: [],
      targetTypes: [],
      targetValues: [],
      targets: {},
      outcome: 'any',
      where: '',
    },
    action: {
      type: 'http',
      language: 'go',
      method: 'POST',
      url: 'https://hooks.example.com/in',
      headers: [],
      bodyFrom: 'event',
      body: '',
      timeoutMs: 30_000,
      successStatuses: ['200-299'],
      followRedirects: 0,
      insecure: false,
      proxyUrl: null,
      signingSecrets: [],
    },
    retry: { delaysMs: [5000], permanentStatuses: [], retryStatuses: [] },
    concurrency: null,
    deadlineMs: 86_400_000,
    onLost: 'retry',
    tellWhen: [],
  },
  endpointName: 'orders',
  createdAt: '2026-11-21T06:00:00.000Z',
  updatedAt: '2026-11-21T06:00:00.000Z',
  recent: [
    { state: 'succeeded', createdAt: '2026-11-21T06:59:00.000Z' },
    { state: 'failed', createdAt: '2026-11-21T06:59:00.000Z' },
  ],
}
