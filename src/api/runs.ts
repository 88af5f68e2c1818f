import Type, { type Static } from 'typebox'
import { allows, type Permission } from '../core/permission.ts'
import { runStates } from '../core/run.ts'
import { eventSummary } from '../core/summary.ts'
import type { RunFilter } from '../storage/queries/runs.ts'
import type { RunTable } from '../storage/schema.ts'
import { toEvent, toRun } from '../storage/rows.ts'
import { notFound } from './errors.ts'
import { decodePosition, encodeCursor } from './paging.ts'
import { checkAllowed, narrowedTo, teamsOf } from './permit.ts'
import { findReaction } from './reaction-answer.ts'
import { type Route, route } from './route.ts'
import { attemptAnswer, runAnswers } from './run-answer.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import type { Member } from './member.ts'

export const RunQuery = Type.Object(
  {
    reaction: Type.Optional(schema.Reference),
    event: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    state: Type.Optional(Type.Array(Type.Enum([...runStates]), { maxItems: runStates.length })),
    since: Type.Optional(Type.String({ format: 'date-time', description: 'Made then or later' })),
    until: Type.Optional(Type.String({ format: 'date-time', description: 'Made then or before' })),
    ...schema.paging,
  },
  schema.strict,
)

const previewBytes = 2048
/** For a run whose reaction is gone entirely. */
const fallbackDeadlineMs = 3 * 86_400_000

export function runRoutes(services: Services): Route[] {
  const { storage, now } = services

  const summaryOf = async (row: RunTable) => {
    const [summary] = await runAnswers(services, [toRun(row)])
    if (summary === undefined) throw new Error('A run without an answer')
    return summary
  }

  const findRun = async (viewer: Member, id: string, permission: Permission): Promise<RunTable> => {
    const row = await storage.read('run', { id })
    if (row === null) throw notFound('run', id)
    checkAllowed(viewer, { what: 'run', reference: id, team: row.team }, permission)
    return row
  }

  const filterOf = async (query: Static<typeof RunQuery>, viewer: Member): Promise<RunFilter> => {
    const { reaction, event, state, since, until } = query
    // The runs of a deleted reaction are found by its id, and so are those of a listener.
    const reactionId = reaction !== undefined && /^(?:rea|lis)_/.test(reaction) ? reaction : null
    return {
      ...narrowedTo(teamsOf(viewer, 'run.read')),
      ...(reaction === undefined
        ? {}
        : { reactionId: reactionId ?? (await findReaction(services, viewer, reaction)).id }),
      ...(event === undefined ? {} : { eventId: event }),
      ...(state === undefined ? {} : { states: state }),
      ...(since === undefined ? {} : { sinceMs: Date.parse(since) }),
      ...(until === undefined ? {} : { untilMs: Date.parse(until) }),
    }
  }

  return [
    route({
      method: 'GET',
      url: '/api/runs',
      access: { permission: 'run.read' },
      tag: 'Runs',
      summary: 'List runs, newest first',
      query: RunQuery,
      status: 200,
      answer: schema.page(schema.ref(schema.RunSummary)),
      async handler({ query, viewer }) {
        const { runs, before } = await storage.query('listRuns', {
          filter: await filterOf(query, viewer),
          before: decodePosition(query.cursor),
          limit: query.limit,
        })
        const items = await runAnswers(services, runs.map(toRun))
        return { items, next: before === null ? null : encodeCursor(before) }
      },
    }),
    route({
      method: 'GET',
      url: '/api/runs/by-event',
      access: { permission: 'run.read' },
      tag: 'Runs',
      summary: 'What events have set off: how many runs, and how they stand',
      query: Type.Object(
        {
          event: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 200 }),
        },
        schema.strict,
      ),
      status: 200,
      answer: Type.Object({
        items: Type.Array(
          Type.Object({
            eventId: Type.String(),
            runs: Type.Integer(),
            succeeded: Type.Integer(),
            failing: Type.Integer({ description: 'Failed, timed out, or being retried' }),
            waiting: Type.Integer({ description: 'Neither ended nor failed so far' }),
          }),
        ),
      }),
      async handler({ query, viewer }) {
        const counted = await storage.query('setOffBy', {
          eventIds: [...new Set(query.event)],
          teams: teamsOf(viewer, 'run.read'),
        })
        const of = (eventId: string, ...standings: string[]) =>
          counted
            .filter(
              one => one.eventId === eventId && (standings.length === 0 || standings.includes(one.standing)),
            )
            .reduce((sum, one) => sum + one.count, 0)
        return {
          items: [...new Set(query.event)].map(eventId => ({
            eventId,
            runs: of(eventId),
            succeeded: of(eventId, 'succeeded'),
            failing: of(eventId, 'failed', 'timed-out', 'retrying'),
            waiting: of(eventId, 'due', 'trying', 'held', 'in-progress', 'waiting-approval'),
          })),
        }
      },
    }),
    route({
      method: 'GET',
      url: '/api/runs/:id',
      access: { permission: 'run.read' },
      tag: 'Runs',
      summary: 'One run with its attempts',
      params: schema.ById,
      status: 200,
      answer: schema.ref(schema.Run),
      async handler({ params: { id }, viewer }) {
        const row = await findRun(viewer, id, 'run.read')
        const found = await storage.read('event', { id: row.event_id })
        const stored = found && allows(viewer.grants, 'event.read', found.event.team) ? found : null
        const attempts = await storage.query('attemptsOfRun', { runId: id })
        return {
          ...(await summaryOf(row)),
          event: stored && eventSummary(toEvent(stored.event), stored.body.subarray(0, previewBytes)),
          attemptList: attempts.map(attemptAnswer),
        }
      },
    }),
    route({
      method: 'POST',
      url: '/api/runs/:id/retry',
      access: { permission: 'run.retry' },
      tag: 'Runs',
      summary: 'Open a failed, timed-out or cancelled run again, or try a waiting one at once',
      description:
        'The same run with the same webhook-id. One that is opened again counts its tries from zero and has its ' +
        'whole deadline before it; one that waits for its next try keeps both.',
      params: schema.ById,
      audit: 'run.retry',
      status: 200,
      answer: schema.ref(schema.RunSummary),
      async handler({ params: { id }, viewer }) {
        const run = await findRun(viewer, id, 'run.retry')
        const version = { id: run.reaction_id, version: run.reaction_version }
        const pinned = await storage.read('reactionVersion', version)
        const lifeMs = pinned
          ? (JSON.parse(pinned.definition) as { deadlineMs: number }).deadlineMs
          : fallbackDeadlineMs
        const nowMs = now()
        const retry = { id, nowMs, deadlineAtMs: nowMs + lifeMs, by: viewer.actor }
        return summaryOf(await storage.execute('retryRun', retry))
      },
    }),
    route({
      method: 'POST',
      url: '/api/runs/:id/cancel',
      access: { permission: 'run.cancel' },
      tag: 'Runs',
      summary: 'End a run that has not ended',
      description: 'An attempt that is under way may still reach its target; its result is not counted.',
      params: schema.ById,
      audit: 'run.cancel',
      status: 200,
      answer: schema.ref(schema.RunSummary),
      async handler({ params: { id }, viewer }) {
        await findRun(viewer, id, 'run.cancel')
        return summaryOf(await storage.execute('cancelRun', { id, nowMs: now(), by: viewer.actor }))
      },
    }),
  ]
}
