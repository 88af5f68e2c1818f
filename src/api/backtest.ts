import Type from 'typebox'
import { includesTeam, type Teams } from '../core/permission.ts'
import type { Reaction } from '../core/reaction.ts'
import { eventSummary, timeText, timeTextOrNull } from '../core/summary.ts'
import type { BacktestPage } from '../storage/queries/backtest.ts'
import { toEvent } from '../storage/rows.ts'
import type { Member } from './member.ts'
import { decodePosition, encodeCursor } from './paging.ts'
import { narrowedTo, teamsOf } from './permit.ts'
import { draftToTest } from './reaction-test.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'

const weekMs = 7 * 86_400_000
/** Longer than that nobody waits while typing; what is left is said, and can be asked for. */
const answerWithinMs = 2_000
/** A thread that reads is not kept from others for longer, and a request that nobody waits for ends after it. */
const sliceMs = 100

const Body = Type.Object(
  {
    definition: Type.Optional(schema.ref(schema.ReactionDefinition)),
    reaction: Type.Optional(schema.Reference),
    team: schema.TeamChoice,
    since: Type.Optional(Type.String({ format: 'date-time', description: '7 days ago, unless it is given' })),
    cursor: schema.paging.cursor,
    limit: Type.Integer({ minimum: 0, maximum: 200, default: 20, description: 'How many events are told' }),
  },
  schema.strict,
)

/** On which events of the past a reaction would have fired. */
export function backtestRoutes(services: Services): Route[] {
  const { storage, config, now } = services
  return [
    route({
      method: 'POST',
      url: '/api/reactions/backtest',
      access: { permission: 'reaction.read' },
      tag: 'Reactions',
      summary: 'Count the events of the past on which a reaction would have fired',
      description:
        'Newest first, as if it had been there and active. What is not searched in 2 s is told by `searchedTo`; go on ' +
        'from there with `next`. Takes a `definition`, a stored `reaction`, or both, as the test on one event does.',
      body: Body,
      audit: { nothing: 'it only tries' },
      status: 200,
      answer: Type.Object({
        since: schema.Time,
        looked: Type.Integer({ description: 'Events of its trigger that were judged' }),
        fires: Type.Integer(),
        reasons: Type.Array(Type.Object({ code: Type.String(), count: Type.Integer() }), {
          description: 'Why it did not fire on the others',
        }),
        events: Type.Array(schema.ref(schema.EventSummary), { description: 'The newest on which it fires' }),
        searchedTo: schema.nullable(schema.Time),
        next: schema.nullable(Type.String()),
        errors: schema.Mistakes,
      }),
      async handler({ body, viewer, request }) {
        const sinceMs = body.since === undefined ? now() - weekMs : Date.parse(body.since)
        const draft = await draftToTest(services, viewer, body)
        const all: BacktestPage = {
          looked: 0,
          fires: 0,
          reasons: {},
          events: [],
          before: decodePosition(body.cursor),
          searchedToMs: null,
        }
        const endAtMs = Date.now() + answerWithinMs
        while (draft.ok) {
          const page = await storage.query('backtest', {
            reaction: draft.reaction,
            maxHops: config.maxHops,
            ...narrowedTo(eventsOf(draft.reaction, viewer)),
            sinceMs,
            before: all.before,
            limit: body.limit - all.events.length,
            deadlineAtMs: Math.min(endAtMs, Date.now() + sliceMs),
          })
          add(all, page)
          if (all.before === null || Date.now() >= endAtMs || request.raw.socket?.destroyed) break
        }
        const isPartial = draft.ok && all.before !== null
        return {
          since: timeText(sinceMs),
          looked: all.looked,
          fires: all.fires,
          reasons: Object.entries(all.reasons).map(([code, count]) => ({ code, count })),
          events: all.events.map(row => eventSummary(toEvent(row), new Uint8Array())),
          searchedTo: isPartial ? timeTextOrNull(all.searchedToMs) : null,
          next: isPartial ? encodeCursor(all.before!) : null,
          errors: draft.ok ? [] : draft.mistakes,
        }
      },
    }),
  ]
}

/** Those that both may see: the reaction, and whoever asks. */
function eventsOf({ team }: Reaction, viewer: Member): Teams {
  const teams = teamsOf(viewer, 'event.read')
  if (team === null) return teams
  return includesTeam(teams, team) ? [team] : []
}

function add(all: BacktestPage, page: BacktestPage): void {
  all.looked += page.looked
  all.fires += page.fires
  all.events.push(...page.events)
  all.before = page.before
  all.searchedToMs = page.searchedToMs ?? all.searchedToMs
  for (const [code, count] of Object.entries(page.reasons))
    all.reasons[code] = (all.reasons[code] ?? 0) + count
}
