import { randomUUID } from 'node:crypto'
import Type from 'typebox'
import { eventContext } from '../core/context.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { Event } from '../core/event.ts'
import { judgeFilter } from '../core/filter.ts'
import { newId, newRunId } from '../core/ids.ts'
import { listenerDeadlineMs, listenerLane } from '../core/listener.ts'
import { ListenerSettings } from '../core/listener-settings.ts'
import type { Permission } from '../core/permission.ts'
import { timeText } from '../core/summary.ts'
import { compileWhere } from '../core/where.ts'
import type { NewRun } from '../storage/hot.ts'
import { toEvent } from '../storage/rows.ts'
import type { ListenerTable } from '../storage/schema.ts'
import { endpointStateOf } from './endpoint-answer.ts'
import { findEndpoint } from './endpoints.ts'
import { invalidBody, notFound, Problem } from './errors.ts'
import { eventAnswer } from './event-answer.ts'
import { AttemptReport, judgeReport } from './listener-report.ts'
import { checkAllowed } from './permit.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import type { Member } from './member.ts'

const Target = Type.String({
  minLength: 1,
  maxLength: 2000,
  format: 'uri',
  pattern: '^https?://',
  description: 'Where it forwards to, as the listener reaches it; only shown',
})
const Session = Type.String({ minLength: 1, maxLength: 100, description: 'As it was given when it opened' })
const seenEveryMs = 10_000
const mostListed = 100
const cancelledAtOnce = 500

const answerOf = (row: ListenerTable) => ({
  id: row.id,
  endpointId: row.endpoint_id,
  target: row.target,
  settings: JSON.parse(row.settings) as ListenerSettings,
  createdBy: row.actor,
  createdAt: timeText(row.created_at),
  seenAt: timeText(row.seen_at),
})

/** The hand-over to `signalbox listen`: it queues events as runs of its own, claims them, and reports each attempt. */
export function listenerRoutes(services: Services): Route[] {
  const { storage, now } = services

  const endpointOf = async (row: ListenerTable): Promise<Endpoint> => {
    const endpoint = services.configuration.endpoints.get(row.endpoint_id)
    if (endpoint === undefined || endpoint.state === 'deleted')
      throw new Problem(
        'not-found',
        `The endpoint ${row.endpoint_id} of this listener is gone: it was deleted`,
      )
    return endpoint
  }

  const findListener = async (
    viewer: Member,
    id: string,
    permission: Permission = 'listener.update',
  ): Promise<ListenerTable> => {
    const row = await storage.query('findListener', { id })
    if (row === null) throw notFound('listener', id)
    checkAllowed(viewer, { what: 'listener', reference: id, team: row.team }, permission)
    return row
  }

  /** The listener, while this session is the one that holds it. */
  const held = async (viewer: Member, id: string, session: string): Promise<ListenerTable> => {
    const row = await findListener(viewer, id)
    const nowMs = now()
    if (row.session === session && row.seen_at > nowMs - seenEveryMs) return row
    return storage.execute('useListener', { id, session, nowMs })
  }

  const runFor = (row: ListenerTable, event: Event, occasion: string, actor: string): NewRun => {
    const nowMs = now()
    return {
      id: newRunId(nowMs),
      eventId: event.id,
      reactionId: row.id,
      reactionVersion: 1,
      occasion,
      team: row.team,
      actor,
      state: 'due',
      onLost: 'retry',
      lane: listenerLane(row.id, row.target),
      dueAtMs: nowMs,
      createdAtMs: nowMs,
      deadlineAtMs: nowMs + listenerDeadlineMs,
      label: 'Waiting for its listener',
    }
  }

  return [
    route({
      method: 'GET',
      url: '/api/listeners',
      access: { permission: 'listener.read' },
      tag: 'Listeners',
      summary: 'Who forwards the events of an endpoint, the last seen first',
      query: Type.Object({ endpoint: schema.Reference }, schema.strict),
      status: 200,
      answer: Type.Object({ items: Type.Array(schema.ref(schema.Listener)) }),
      async handler({ query, viewer }) {
        const { id } = await findEndpoint(services, viewer, query.endpoint, 'listener.read')
        const rows = await storage.query('listenersOf', { endpointId: id, limit: mostListed })
        return { items: rows.map(answerOf) }
      },
    }),
    route({
      method: 'POST',
      url: '/api/listeners',
      access: { permission: 'listener.create' },
      tag: 'Listeners',
      summary: 'Make a listener',
      description:
        '`signalbox listen` does so, and keeps the id, so that it is the same one after a restart.',
      body: Type.Object(
        { endpoint: schema.Reference, target: Target, settings: ListenerSettings },
        schema.strict,
      ),
      audit: 'listener.create',
      status: 201,
      answer: schema.ref(schema.OpenListener),
      async handler({ body: { endpoint, target, settings }, viewer }) {
        checkSettings(settings)
        const { id, team } = await findEndpoint(services, viewer, endpoint, 'listener.create')
        const nowMs = now()
        const row = await storage.execute('createListener', {
          id: newId('lis'),
          endpoint_id: id,
          target,
          settings: JSON.stringify(settings),
          session: randomUUID(),
          team,
          actor: viewer.actor,
          created_at: nowMs,
          seen_at: nowMs,
        })
        return { ...answerOf(row), session: row.session }
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/listeners/:id',
      access: { permission: 'listener.delete' },
      tag: 'Listeners',
      summary: 'Delete a listener',
      description:
        'What it had left to forward is cancelled. If its `signalbox listen` still runs, it says so and ends.',
      params: schema.ById,
      audit: 'listener.delete',
      status: 204,
      answer: null,
      async handler({ params: { id }, viewer }) {
        const { target } = await findListener(viewer, id, 'listener.delete')
        const step = { id, lane: listenerLane(id, target), by: viewer.actor, limit: cancelledAtOnce }
        while ((await storage.execute('deleteListener', { ...step, nowMs: now() })) === cancelledAtOnce);
      },
    }),
    route({
      method: 'POST',
      url: '/api/listeners/:id/session',
      access: { permission: 'listener.update' },
      tag: 'Listeners',
      summary: 'Start a listener again',
      description:
        'What its former session was trying is free at once, and whatever that session asks from now on is refused.',
      params: schema.ById,
      body: Type.Object({ settings: ListenerSettings }, schema.strict),
      audit: { nothing: 'a listener at work; its runs tell of it' },
      status: 201,
      answer: schema.ref(schema.OpenListener),
      async handler({ params: { id }, body: { settings }, viewer }) {
        checkSettings(settings)
        const known = await findListener(viewer, id)
        await endpointOf(known)
        const row = await storage.execute('openListener', {
          id,
          session: randomUUID(),
          lane: listenerLane(id, known.target),
          settings: JSON.stringify(settings),
          nowMs: now(),
        })
        return { ...answerOf(row), session: row.session }
      },
    }),
    route({
      method: 'POST',
      url: '/api/listeners/:id/runs',
      access: { permission: 'listener.update' },
      tag: 'Listeners',
      summary: 'Queue events for a listener',
      description:
        'Those that its settings take, and one run an event and occasion: to ask again changes nothing. What is no ' +
        'event of its endpoint, or gone by now, is passed over.',
      params: schema.ById,
      body: Type.Object(
        {
          session: Session,
          events: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 100 }),
          occasion: Type.String({
            maxLength: 100,
            default: '',
            description: 'Another one forwards events again that were forwarded before',
          }),
        },
        schema.strict,
      ),
      audit: { nothing: 'a listener at work; its runs tell of it' },
      status: 200,
      answer: Type.Object({ queued: Type.Integer(), passedOver: Type.Integer() }),
      async handler({ params: { id }, body: { session, events, occasion }, viewer }) {
        const row = await held(viewer, id, session)
        const settings = JSON.parse(row.settings) as ListenerSettings
        const stored = await Promise.all([...new Set(events)].map(one => storage.read('event', { id: one })))
        const taken = stored.flatMap(one => {
          if (one === null || one.event.endpoint_id !== row.endpoint_id) return []
          const event = toEvent(one.event)
          return takes(settings, event, one.body) ? [event] : []
        })
        if (taken.length === 0) return { queued: 0, passedOver: events.length }
        const runs = taken.map(event => runFor(row, event, occasion, viewer.actor))
        const queued = await storage.execute('queueForListener', { id, session, nowMs: now(), runs })
        return { queued, passedOver: events.length - queued }
      },
    }),
    route({
      method: 'POST',
      url: '/api/listeners/:id/claims',
      access: { permission: 'listener.update' },
      tag: 'Listeners',
      summary: 'Take the runs of a listener that are due',
      description:
        'Each is its own until the time for an attempt, and half a minute more, has passed; the body of its event ' +
        'comes by GET.',
      params: schema.ById,
      body: Type.Object(
        {
          session: Session,
          limit: Type.Integer({ minimum: 1, maximum: 50, default: 1 }),
          underWay: Type.Optional(
            Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
              maxItems: 50,
              description:
                'Runs that it is forwarding. Said after a question whose answer was lost: what else it had claimed is free again',
            }),
          ),
        },
        schema.strict,
      ),
      audit: { nothing: 'a listener at work; its runs tell of it' },
      status: 200,
      answer: Type.Object({
        endpointState: schema.Endpoint.properties.state,
        items: Type.Array(
          Type.Object({
            runId: Type.String(),
            claimNo: Type.Integer(),
            attempt: Type.Integer({ description: 'The number of the attempt that is to be made now' }),
            event: schema.ref(schema.Event),
          }),
        ),
      }),
      async handler({ params: { id }, body: { session, limit, underWay }, viewer }) {
        const row = await held(viewer, id, session)
        const endpointState = endpointStateOf(await endpointOf(row), now())
        const lane = listenerLane(id, row.target)
        const nowMs = now()
        if (underWay !== undefined) await storage.execute('releaseUnheld', { lane, held: underWay, nowMs })
        const waiting = (await storage.read('dueLanes', null)).find(one => one.lane === lane)
        if (waiting === undefined || waiting.dueAtMs > nowMs) return { endpointState, items: [] }
        const { timeoutMs } = JSON.parse(row.settings) as ListenerSettings
        const claimed = await storage.execute('claimRuns', {
          lanes: [{ lane, limit }],
          nowMs,
          leaseUntilMs: nowMs + timeoutMs + leaseMarginMs,
        })
        const items = await Promise.all(
          claimed.map(async ({ run, event, body }) => ({
            runId: run.id,
            claimNo: run.claim_no,
            attempt: run.attempts + 1,
            event: await eventAnswer(services, viewer, { event, body, value: toEvent(event) }),
          })),
        )
        return { endpointState, items }
      },
    }),
    route({
      method: 'POST',
      url: '/api/listeners/:id/attempts',
      access: { permission: 'listener.update' },
      tag: 'Listeners',
      summary: 'Report an attempt of a listener',
      description:
        'Counts while the claim holds. What comes next, another try or the end of the run, is decided by the settings.',
      params: schema.ById,
      body: Type.Object({ session: Session, ...AttemptReport.properties }, schema.strict),
      audit: { nothing: 'a listener at work; its runs tell of it' },
      status: 200,
      answer: Type.Object({
        recorded: Type.Boolean({
          description: 'False when another claim, or a person, has overtaken this one',
        }),
        state: schema.RunSummary.properties.state,
        label: Type.String(),
        dueAt: schema.nullable(schema.Time),
      }),
      async handler({ params: { id }, body: { session, ...report }, viewer }) {
        const row = await held(viewer, id, session)
        const run = await storage.read('run', { id: report.runId })
        if (run === null || run.reaction_id !== id) throw notFound('run', report.runId)
        const stored = await storage.read('event', { id: run.event_id })
        const settings = JSON.parse(row.settings) as ListenerSettings
        const record = judgeReport(report, run, settings, stored?.body ?? new Uint8Array(), now())
        const { recorded } = await storage.execute('recordAttempt', record)
        const { state, label, dueAtMs } = record.next
        return { recorded, state, label, dueAt: dueAtMs === null ? null : timeText(dueAtMs) }
      },
    }),
  ]
}

const leaseMarginMs = 30_000

function checkSettings({ where }: ListenerSettings): void {
  if (where.trim() === '') return
  const compiled = compileWhere(where)
  if (compiled.ok) return
  const { message, line, column } = compiled
  throw invalidBody([{ path: '/settings/where', message: `does not compile: ${message}`, line, column }])
}

function takes({ kindNames, where }: ListenerSettings, event: Event, body: Uint8Array): boolean {
  const filter = { kindTypes: [], targetTypes: [], targetValues: [], targets: {}, outcome: 'any' } as const
  const whole = { ...filter, kindTypes: [], targetTypes: [], targetValues: [], kindNames, where }
  return judgeFilter(whole, event, () => eventContext(event, body)) === null
}
