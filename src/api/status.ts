import Type from 'typebox'
import { timeText, timeTextOrNull } from '../core/summary.ts'
import { version } from '../version.ts'
import { type Route, route } from './route.ts'
import { nullable, Time } from './schemas.ts'
import type { Services } from './services.ts'
import { Visitors, visitorsStatus } from './session.ts'

const StorageHealth = Type.Object({ ok: Type.Boolean(), reason: nullable(Type.String()) })

const Lane = Type.Object({
  lane: Type.String(),
  underWay: Type.Integer(),
  waitingHere: Type.Integer(),
  breaker: Type.Enum(['closed', 'open', 'probing']),
  opensAt: nullable(Type.String({ format: 'date-time', description: 'When the target is tried next' })),
  failuresInARow: Type.Integer(),
})

const Status = Type.Object({
  version: Type.String(),
  organizationId: Type.String(),
  startedAt: Time,
  listening: Type.String(),
  durability: Type.String({ description: 'What a 202 rests on' }),
  dataDirectory: Type.String(),
  storage: StorageHealth,
  waiting: Type.Object({ due: Type.Integer(), held: Type.Integer() }),
  lanes: Type.Array(Lane),
  visitors: Visitors,
  limits: Type.Object({
    maxBodyBytes: Type.Integer(),
    bodyTimeoutMs: Type.Integer(),
    hostConcurrency: Type.Integer(),
    maxHops: Type.Integer(),
  }),
})

const Ready = Type.Object({
  ready: Type.Boolean(),
  durability: Type.String(),
  storage: StorageHealth,
})

function storageHealth({ storage }: Services) {
  const health = storage.health()
  return { ok: health.ok, reason: health.ok ? null : health.reason }
}

export function statusRoutes(services: Services): Route[] {
  const { config, storage } = services
  return [
    route({
      method: 'GET',
      url: '/api/status',
      access: 'admin',
      tag: 'Operation',
      summary: 'How this installation is doing',
      status: 200,
      answer: Status,
      handler: async () => ({
        version,
        organizationId: services.organizationId,
        startedAt: timeText(services.startedAtMs),
        listening: services.baseUrl(),
        durability: storage.durability,
        dataDirectory: config.data,
        storage: storageHealth(services),
        waiting: await storage.query('countWaitingRuns', null),
        lanes: services
          .lanes()
          .map(({ probeAtMs, ...lane }) => ({ ...lane, opensAt: timeTextOrNull(probeAtMs) })),
        visitors: visitorsStatus(services),
        limits: {
          maxBodyBytes: config.maxBodyBytes,
          bodyTimeoutMs: config.bodyTimeoutMs,
          hostConcurrency: config.hostConcurrency,
          maxHops: config.maxHops,
        },
      }),
    }),
    route({
      method: 'GET',
      url: '/healthz',
      access: 'public',
      tag: 'Operation',
      summary: 'Whether the process answers',
      status: 200,
      answer: Type.Object({ ok: Type.Boolean() }),
      handler: async () => ({ ok: true }),
    }),
    route({
      method: 'GET',
      url: '/readyz',
      access: 'public',
      tag: 'Operation',
      summary: 'Whether events are taken',
      description: 'The same answer with status 503 while the store takes no writes.',
      status: 200,
      answer: Ready,
      async handler({ reply }) {
        const health = storageHealth(services)
        if (!health.ok) reply.code(503)
        return { ready: health.ok, durability: storage.durability, storage: health }
      },
    }),
  ]
}
