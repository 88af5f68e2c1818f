import Type from 'typebox'
import { timeText, timeTextOrNull } from '../core/summary.ts'
import { version } from '../version.ts'
import { Alarm, currentAlarms } from './alarms.ts'
import { type Route, route } from './route.ts'
import { nullable, Time } from './schemas.ts'
import type { Services } from './services.ts'
import { Visitors, visitorsStatus } from './session.ts'

const StorageHealth = Type.Object({ ok: Type.Boolean(), reason: nullable(Type.String()) })

const Disk = Type.Object({
  level: Type.Enum(['ok', 'low', 'full']),
  freeBytes: Type.Integer(),
  totalBytes: Type.Integer(),
  note: nullable(Type.String({ description: 'A sentence, when it is not ok' })),
})

const Retention = Type.Object({
  keepDays: nullable(Type.Number()),
  maxBytes: nullable(Type.Number()),
  oldestEventAt: nullable(Time),
  forgotten: Type.Integer({ description: 'Events that passed their retention, ever' }),
  lastAt: nullable(Type.String({ format: 'date-time', description: 'When events went last' })),
  lastSweep: nullable(
    Type.Object({ at: Time, forgotten: Type.Integer({ description: 'How many events it took away' }) }),
  ),
  nextSweepAt: Time,
})

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
  nodeVersion: Type.String(),
  organizationId: Type.String(),
  startedAt: Time,
  listening: Type.String(),
  durability: Type.String({ description: 'What a 202 rests on' }),
  dataDirectory: Type.String(),
  storage: StorageHealth,
  disk: Disk,
  store: Type.Object({ bytes: Type.Integer(), usedBytes: Type.Integer() }),
  retention: Retention,
  alarms: Type.Array(Alarm),
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
  disk: Disk,
})

function storageHealth({ storage }: Services) {
  const health = storage.health()
  return { ok: health.ok, reason: health.ok ? null : health.reason }
}

const diskStatus = ({ disk: { level, freeBytes, totalBytes, note } }: Services) => ({
  level,
  freeBytes,
  totalBytes,
  note,
})

async function retentionStatus({ storage, retention }: Services) {
  const { keepDays, maxBytes } = await retention.policy()
  const { forgotten, lastAtMs, oldestEventAtMs } = await storage.query('retentionState', null)
  const times = { oldestEventAt: timeTextOrNull(oldestEventAtMs), lastAt: timeTextOrNull(lastAtMs) }
  const sweeps = retention.sweeps()
  const lastSweep =
    sweeps.lastAtMs === null ? null : { at: timeText(sweeps.lastAtMs), forgotten: sweeps.lastForgot }
  const nextSweepAt = timeText(sweeps.nextAtMs)
  return { keepDays, maxBytes, forgotten, ...times, lastSweep, nextSweepAt }
}

export function statusRoutes(services: Services): Route[] {
  const { config, storage } = services
  return [
    route({
      method: 'GET',
      url: '/api/status',
      access: { permission: 'setting.read', organization: true },
      tag: 'Operation',
      summary: 'How this installation is doing',
      status: 200,
      answer: Status,
      handler: async () => ({
        version,
        nodeVersion: process.versions.node,
        organizationId: services.organizationId,
        startedAt: timeText(services.startedAtMs),
        listening: services.baseUrl(),
        durability: storage.durability,
        dataDirectory: config.data,
        storage: storageHealth(services),
        disk: diskStatus(services),
        store: await storage.query('storeSize', null),
        retention: await retentionStatus(services),
        alarms: await currentAlarms(services, 'all'),
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
        const ready = health.ok && services.disk.level !== 'full'
        if (!ready) reply.code(503)
        return { ready, durability: storage.durability, storage: health, disk: diskStatus(services) }
      },
    }),
  ]
}
