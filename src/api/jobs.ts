import Type, { type Static } from 'typebox'
import { newId } from '../core/ids.ts'
import { defaultPerSecond, type JobKind, type JobState, mostPerSecond } from '../core/job.ts'
import { eventSummary, timeText, timeTextOrNull } from '../core/summary.ts'
import { count, type Match, matchOf } from '../jobs/find.ts'
import { firingNow } from '../jobs/judge-again.ts'
import { toEvent, toRun } from '../storage/rows.ts'
import type { JobTable } from '../storage/schema.ts'
import { notFound } from './errors.ts'
import { EventQuery, eventFilter } from './event-filter.ts'
import { decodeId, pageOf } from './paging.ts'
import { findReaction } from './reaction-answer.ts'
import { type Route, route } from './route.ts'
import { runAnswers } from './run-answer.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import type { Viewer } from './viewer.ts'

const perSecond = Type.Integer({
  minimum: 1,
  maximum: mostPerSecond,
  default: defaultPerSecond,
  description: 'How many events or runs it takes a second, at most',
})

/** What a list of events is narrowed by, but for its pages. */
const eventMatch = Object.fromEntries(
  Object.entries(EventQuery.properties).filter(([name]) => !['cursor', 'limit', 'searchMs'].includes(name)),
) as Omit<typeof EventQuery.properties, 'cursor' | 'limit'>

const Replay = Type.Object(
  {
    events: Type.Object(eventMatch, { ...schema.strict, description: 'Which events, as they are listed' }),
    reaction: Type.Optional(schema.Reference),
    perSecond,
  },
  schema.strict,
)
const Retry = Type.Object(
  {
    runs: Type.Object(
      {
        reaction: Type.Optional(schema.Reference),
        error: Type.Optional(
          Type.String({ minLength: 1, maxLength: 200, description: 'Found in the line on how a run stands' }),
        ),
        since: Type.Optional(Type.String({ format: 'date-time', description: 'Failed then or later' })),
        until: Type.Optional(Type.String({ format: 'date-time', description: 'Failed then or before' })),
      },
      { ...schema.strict, description: 'Which of the runs that failed or timed out' },
    ),
    perSecond,
  },
  schema.strict,
)

const previewed = {
  count: Type.Integer(),
  isExact: Type.Boolean({ description: 'False: there are more, the time to count them was over' }),
}
const countMs = 2_000
const fewExamples = 5

export function jobRoutes(services: Services): Route[] {
  const { storage, now } = services

  const create = async (
    kind: JobKind,
    filter: Match['filter'],
    reactionId: string | null,
    rate: number,
    actor: string,
  ) => {
    const position = (await storage.read('lastPosition', null)) + 1
    const counted = await count(
      storage,
      matchOf({ kind, filter: JSON.stringify(filter) }),
      Date.now() + countMs,
      position,
    )
    const job = await storage.execute('createJob', {
      id: newId('job'),
      kind,
      state: 'working',
      filter: JSON.stringify(filter),
      reaction_id: reactionId,
      per_second: rate,
      position,
      last_position: position,
      total: counted.isExact ? counted.count : null,
      examined: 0,
      made: 0,
      label: '',
      team: null,
      actor,
      created_at: now(),
      told_at: now(),
      ended_at: null,
    })
    services.wakeJobs()
    return jobAnswer(job)
  }

  const replayOf = async ({ events, reaction }: Static<typeof Replay>, viewer: Viewer) => ({
    filter: await eventFilter(services, viewer, events as Static<typeof EventQuery>),
    reactionId: reaction === undefined ? null : (await findReaction(services, reaction)).id,
  })
  const retryOf = async ({ runs: { reaction, error, since, until } }: Static<typeof Retry>) => ({
    ...(reaction === undefined
      ? {}
      : {
          reactionId: reaction.startsWith('rea_') ? reaction : (await findReaction(services, reaction)).id,
        }),
    ...(error === undefined ? {} : { error }),
    ...(since === undefined ? {} : { sinceMs: Date.parse(since) }),
    ...(until === undefined ? {} : { untilMs: Date.parse(until) }),
  })
  const countNow = (match: Match) => count(storage, match, Date.now() + countMs, Number.MAX_SAFE_INTEGER)

  const change = async (id: string, from: JobState, state: JobState, label: string) => {
    const job = await storage.execute('changeJob', { id, from, state, label, nowMs: now() })
    services.wakeJobs()
    return jobAnswer(job)
  }

  return [
    route({
      method: 'POST',
      url: '/api/jobs/replay/preview',
      access: 'admin',
      tag: 'Jobs',
      summary: 'How many events a replay would be about, and on which reactions the first of them fire',
      body: Replay,
      status: 200,
      answer: Type.Object({
        ...previewed,
        examples: Type.Array(
          Type.Object({ event: schema.ref(schema.EventSummary), reactions: Type.Array(Type.String()) }),
        ),
      }),
      async handler({ body, viewer }) {
        const { filter, reactionId } = await replayOf(body, viewer)
        const { first, ...counted } = await countNow({ kind: 'replay', filter })
        const examples = []
        for (const row of first.events.slice(0, fewExamples)) {
          const stored = await storage.read('event', { id: row.id })
          if (stored === null) continue
          const event = toEvent(stored.event)
          const maxHops = services.config.maxHops
          const firing = firingNow(
            { configuration: services.configuration, maxHops },
            event,
            stored.body,
            reactionId,
          )
          examples.push({
            event: eventSummary(event, stored.body.subarray(0, 2048)),
            reactions: firing.map(({ reaction }) => reaction.definition.name),
          })
        }
        return { ...counted, examples }
      },
    }),
    route({
      method: 'POST',
      url: '/api/jobs/replay',
      access: 'admin',
      tag: 'Jobs',
      summary: 'Put all events that match before the current reactions again, or before one',
      description:
        'Of the events that are stored now, the newest first. Each is replayed exactly once, also when the process ' +
        'dies meanwhile. While a target has more to do than it can, the job waits for it.',
      body: Replay,
      status: 201,
      answer: schema.ref(schema.Job),
      async handler({ body, viewer }) {
        const { filter, reactionId } = await replayOf(body, viewer)
        return create('replay', filter, reactionId, body.perSecond, viewer.actor)
      },
    }),
    route({
      method: 'POST',
      url: '/api/jobs/retry/preview',
      access: 'admin',
      tag: 'Jobs',
      summary: 'How many failed runs a retry would be about',
      body: Retry,
      status: 200,
      answer: Type.Object({ ...previewed, examples: Type.Array(schema.ref(schema.RunSummary)) }),
      async handler({ body }) {
        const { first, ...counted } = await countNow({ kind: 'retry', filter: await retryOf(body) })
        const examples = await runAnswers(services, first.runs.slice(0, fewExamples).map(toRun))
        return { ...counted, examples }
      },
    }),
    route({
      method: 'POST',
      url: '/api/jobs/retry',
      access: 'admin',
      tag: 'Jobs',
      summary: 'Open all failed and timed-out runs that match again',
      description:
        'Each is the same run with the same webhook-id, and is opened again once by this job; one that failed after ' +
        'the job began is not part of it.',
      body: Retry,
      status: 201,
      answer: schema.ref(schema.Job),
      handler: async ({ body, viewer }) =>
        create('retry', await retryOf(body), null, body.perSecond, viewer.actor),
    }),
    route({
      method: 'GET',
      url: '/api/jobs',
      access: 'admin',
      tag: 'Jobs',
      summary: 'List jobs, newest first',
      query: Type.Object(schema.paging, schema.strict),
      status: 200,
      answer: schema.page(schema.ref(schema.Job)),
      async handler({ query }) {
        const before = decodeId(query.cursor) || null
        const rows = await storage.query('listJobs', { before, limit: query.limit + 1 })
        const page = pageOf(rows, query.limit, row => row.id)
        return { items: page.rows.map(jobAnswer), next: page.next }
      },
    }),
    route({
      method: 'GET',
      url: '/api/jobs/:id',
      access: 'admin',
      tag: 'Jobs',
      summary: 'How far a job has got',
      params: schema.ById,
      status: 200,
      answer: schema.ref(schema.Job),
      async handler({ params: { id } }) {
        const job = await storage.query('findJob', { id })
        if (job === null) throw notFound('job', id)
        return jobAnswer(job)
      },
    }),
    route({
      method: 'POST',
      url: '/api/jobs/:id/stop',
      access: 'admin',
      tag: 'Jobs',
      summary: 'Stop a job where it is',
      description: 'Runs that it has made or opened stay as they are.',
      params: schema.ById,
      status: 200,
      answer: schema.ref(schema.Job),
      handler: async ({ params, viewer }) =>
        change(params.id, 'working', 'stopped', `Stopped by ${viewer.actor}`),
    }),
    route({
      method: 'POST',
      url: '/api/jobs/:id/resume',
      access: 'admin',
      tag: 'Jobs',
      summary: 'Let a stopped job go on where it was',
      params: schema.ById,
      status: 200,
      answer: schema.ref(schema.Job),
      handler: async ({ params }) => change(params.id, 'stopped', 'working', ''),
    }),
  ]
}

const jobAnswer = (job: JobTable) => ({
  id: job.id,
  kind: job.kind as JobKind,
  state: job.state as JobState,
  match: JSON.parse(job.filter) as Record<string, unknown>,
  reactionId: job.reaction_id,
  perSecond: job.per_second,
  total: job.total,
  examined: job.examined,
  made: job.made,
  label: job.label,
  createdBy: job.actor,
  createdAt: timeText(job.created_at),
  endedAt: timeTextOrNull(job.ended_at),
})
