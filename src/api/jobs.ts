import Type, { type Static } from 'typebox'
import { newId } from '../core/ids.ts'
import { defaultPerSecond, type JobKind, type JobState, mostPerSecond } from '../core/job.ts'
import type { Permission } from '../core/permission.ts'
import { eventSummary, timeText, timeTextOrNull } from '../core/summary.ts'
import { count, type Match, matchOf } from '../jobs/find.ts'
import { firingNow } from '../jobs/judge-again.ts'
import { toEvent, toRun } from '../storage/rows.ts'
import type { JobTable } from '../storage/schema.ts'
import { notFound } from './errors.ts'
import { EventQuery, eventFilter } from './event-filter.ts'
import { decodeId, pageOf } from './paging.ts'
import { checkAllowed, teamsOf } from './permit.ts'
import { findReaction } from './reaction-answer.ts'
import { type Route, route } from './route.ts'
import { runAnswers } from './run-answer.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import { chooseTeam } from './team-choice.ts'
import type { Member } from './member.ts'

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
    team: schema.TeamChoice,
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
    team: schema.TeamChoice,
    perSecond,
  },
  schema.strict,
)

const previewed = {
  count: Type.Integer(),
  isExact: Type.Boolean({ description: 'False: there are more, the time to count them was over' }),
}
/** A job of a team is about what that team owns; one of the organization, about everything. */
const ofTeam = (team: string | null) => (team === null ? {} : { teams: [team] })

const countMs = 2_000
const fewExamples = 5

export function jobRoutes(services: Services): Route[] {
  const { storage, now } = services

  const create = async (
    kind: JobKind,
    filter: Match['filter'],
    reactionId: string | null,
    rate: number,
    owner: { team: string | null; actor: string },
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
      ...owner,
      created_at: now(),
      told_at: now(),
      ended_at: null,
    })
    services.wakeJobs()
    return jobAnswer(job)
  }

  const replayOf = async (
    { events, reaction }: Static<typeof Replay>,
    viewer: Member,
    team: string | null,
  ) => ({
    filter: {
      ...(await eventFilter(services, viewer, events as Static<typeof EventQuery>)),
      ...ofTeam(team),
    },
    reactionId: reaction === undefined ? null : (await findReaction(services, viewer, reaction)).id,
  })
  const retryOf = async (
    { runs: { reaction, error, since, until } }: Static<typeof Retry>,
    viewer: Member,
    team: string | null,
  ) => ({
    ...ofTeam(team),
    ...(reaction === undefined
      ? {}
      : {
          reactionId: reaction.startsWith('rea_')
            ? reaction
            : (await findReaction(services, viewer, reaction)).id,
        }),
    ...(error === undefined ? {} : { error }),
    ...(since === undefined ? {} : { sinceMs: Date.parse(since) }),
    ...(until === undefined ? {} : { untilMs: Date.parse(until) }),
  })
  const countNow = (match: Match) => count(storage, match, Date.now() + countMs, Number.MAX_SAFE_INTEGER)

  const findJob = async (viewer: Member, id: string, permission: Permission): Promise<JobTable> => {
    const job = await storage.query('findJob', { id })
    if (job === null) throw notFound('job', id)
    checkAllowed(viewer, { what: 'job', reference: id, team: job.team }, permission)
    return job
  }
  const change = async (id: string, from: JobState, state: JobState, label: string) => {
    const job = await storage.execute('changeJob', { id, from, state, label, nowMs: now() })
    services.wakeJobs()
    return jobAnswer(job)
  }

  return [
    route({
      method: 'POST',
      url: '/api/jobs/replay/preview',
      access: { permission: 'event.replay' },
      tag: 'Jobs',
      summary: 'How many events a replay would be about, and on which reactions the first of them fire',
      body: Replay,
      audit: { nothing: 'it only previews' },
      status: 200,
      answer: Type.Object({
        ...previewed,
        examples: Type.Array(
          Type.Object({ event: schema.ref(schema.EventSummary), reactions: Type.Array(Type.String()) }),
        ),
      }),
      async handler({ body, viewer }) {
        const team = await chooseTeam(services, viewer, 'event.replay', body.team)
        const { filter, reactionId } = await replayOf(body, viewer, team)
        const { first, ...counted } = await countNow({ kind: 'replay', filter })
        const examples = []
        for (const row of first.events.slice(0, fewExamples)) {
          const stored = await storage.read('event', { id: row.id })
          if (stored === null) continue
          const event = toEvent(stored.event)
          const maxHops = services.config.maxHops
          const firing = firingNow({ configuration: services.configuration, maxHops }, event, stored.body, {
            reactionId,
            team,
          })
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
      access: { permission: 'event.replay' },
      tag: 'Jobs',
      summary: 'Put all events that match before the current reactions again, or before one',
      description:
        'Of the events that are stored now, the newest first. Each is replayed exactly once, also when the process ' +
        'dies meanwhile. While a target has more to do than it can, the job waits for it.',
      body: Replay,
      audit: 'job.create',
      status: 201,
      answer: schema.ref(schema.Job),
      async handler({ body, viewer }) {
        const team = await chooseTeam(services, viewer, 'event.replay', body.team)
        const { filter, reactionId } = await replayOf(body, viewer, team)
        return create('replay', filter, reactionId, body.perSecond, { team, actor: viewer.actor })
      },
    }),
    route({
      method: 'POST',
      url: '/api/jobs/retry/preview',
      access: { permission: 'run.retry' },
      tag: 'Jobs',
      summary: 'How many failed runs a retry would be about',
      body: Retry,
      audit: { nothing: 'it only previews' },
      status: 200,
      answer: Type.Object({ ...previewed, examples: Type.Array(schema.ref(schema.RunSummary)) }),
      async handler({ body, viewer }) {
        const team = await chooseTeam(services, viewer, 'run.retry', body.team)
        const { first, ...counted } = await countNow({
          kind: 'retry',
          filter: await retryOf(body, viewer, team),
        })
        const examples = await runAnswers(services, first.runs.slice(0, fewExamples).map(toRun))
        return { ...counted, examples }
      },
    }),
    route({
      method: 'POST',
      url: '/api/jobs/retry',
      access: { permission: 'run.retry' },
      tag: 'Jobs',
      summary: 'Open all failed and timed-out runs that match again',
      description:
        'Each is the same run with the same webhook-id, and is opened again once by this job; one that failed after ' +
        'the job began is not part of it.',
      body: Retry,
      audit: 'job.create',
      status: 201,
      answer: schema.ref(schema.Job),
      async handler({ body, viewer }) {
        const team = await chooseTeam(services, viewer, 'run.retry', body.team)
        const filter = await retryOf(body, viewer, team)
        return create('retry', filter, null, body.perSecond, { team, actor: viewer.actor })
      },
    }),
    route({
      method: 'GET',
      url: '/api/jobs',
      access: { permission: 'job.read' },
      tag: 'Jobs',
      summary: 'List jobs, newest first',
      query: Type.Object(schema.paging, schema.strict),
      status: 200,
      answer: schema.page(schema.ref(schema.Job)),
      async handler({ query, viewer }) {
        const teams = teamsOf(viewer, 'job.read')
        const before = decodeId(query.cursor) || null
        const rows = await storage.query('listJobs', { before, limit: query.limit + 1, teams })
        const page = pageOf(rows, query.limit, row => row.id)
        return { items: page.rows.map(jobAnswer), next: page.next }
      },
    }),
    route({
      method: 'GET',
      url: '/api/jobs/:id',
      access: { permission: 'job.read' },
      tag: 'Jobs',
      summary: 'How far a job has got',
      params: schema.ById,
      status: 200,
      answer: schema.ref(schema.Job),
      handler: async ({ params: { id }, viewer }) => jobAnswer(await findJob(viewer, id, 'job.read')),
    }),
    route({
      method: 'POST',
      url: '/api/jobs/:id/stop',
      access: { permission: 'job.update' },
      tag: 'Jobs',
      summary: 'Stop a job where it is',
      description: 'Runs that it has made or opened stay as they are.',
      params: schema.ById,
      audit: 'job.stop',
      status: 200,
      answer: schema.ref(schema.Job),
      async handler({ params: { id }, viewer }) {
        await findJob(viewer, id, 'job.update')
        return change(id, 'working', 'stopped', `Stopped by ${viewer.actor}`)
      },
    }),
    route({
      method: 'POST',
      url: '/api/jobs/:id/resume',
      access: { permission: 'job.update' },
      tag: 'Jobs',
      summary: 'Let a stopped job go on where it was',
      params: schema.ById,
      audit: 'job.resume',
      status: 200,
      answer: schema.ref(schema.Job),
      async handler({ params: { id }, viewer }) {
        await findJob(viewer, id, 'job.update')
        return change(id, 'stopped', 'working', '')
      },
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
