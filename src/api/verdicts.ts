import Type from 'typebox'
import { eventContext } from '../core/context.ts'
import { judge, type Verdict } from '../core/filter.ts'
import { createReactionIndex } from '../core/reaction-index.ts'
import { includesTeam } from '../core/permission.ts'
import type { Reaction } from '../core/reaction.ts'
import { toReaction } from '../storage/rows.ts'
import { findEvent, type FoundEvent } from './event-answer.ts'
import { teamsOf } from './permit.ts'
import { findReaction } from './reaction-answer.ts'
import { type Route, route } from './route.ts'
import { runAnswers } from './run-answer.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import type { Member } from './member.ts'

const pageOfReactions = 500

/** Every reaction as it was at a version of the configuration, deleted ones too: they can say so. */
async function reactionsAt({ storage }: Services, configVersion: number): Promise<Reaction[]> {
  const reactions: Reaction[] = []
  for (let after = ''; ; ) {
    const rows = await storage.query('reactionsAt', { configVersion, after, limit: pageOfReactions })
    reactions.push(...rows.map(toReaction))
    const last = rows.at(-1)
    if (rows.length < pageOfReactions || last === undefined) return reactions
    after = last.reaction_id
  }
}

/** A reaction is seen by its team of now; one that is deleted, by the team that it had. */
async function reactionsSeenAt(services: Services, viewer: Member, configVersion: number) {
  const teams = teamsOf(viewer, 'reaction.read')
  const reactions = await reactionsAt(services, configVersion)
  const { reactions: current } = services.configuration
  return reactions.filter(({ id, team }) => includesTeam(teams, (current.get(id) ?? { team }).team))
}

/** Those of which the index cannot say at once that they are not meant; of the others, only how many there are. */
function candidatesAmong(reactions: readonly Reaction[], { value }: FoundEvent): Reaction[] {
  const index = createReactionIndex()
  for (const reaction of reactions) index.add(reaction)
  return index.candidates(value)
}

/** As it was then, though it is deleted now; one that was made afterwards is younger than the event, and says so. */
async function chosen(
  services: Services,
  viewer: Member,
  then: readonly Reaction[],
  reference: string,
): Promise<Reaction> {
  const byId = then.find(({ id }) => id === reference)
  if (byId) return byId
  const now = await findReaction(services, viewer, reference)
  return then.find(({ id }) => id === now.id) ?? now
}

export const verdictAnswer = (
  { id, version, definition }: Reaction,
  verdict: Verdict,
  runId: string | null,
) => ({
  reactionId: id,
  reactionName: definition.name,
  version,
  fires: verdict.fires,
  held: verdict.fires && verdict.held,
  code: verdict.fires ? null : verdict.code,
  reason: verdict.fires ? null : verdict.reason,
  runId,
})

async function judged({ storage, config }: Services, found: FoundEvent, reactions: readonly Reaction[]) {
  const runs = await storage.query('runsOfEvent', { eventId: found.value.id })
  const runIds = new Map(runs.filter(run => run.occasion === '').map(run => [run.reaction_id, run.id]))
  const context = eventContext(found.value, found.body)
  return reactions.map(reaction =>
    verdictAnswer(
      reaction,
      judge(reaction, found.value, () => context, config.maxHops),
      runIds.get(reaction.id) ?? null,
    ),
  )
}

/** Of all reactions, or of the one that is asked about. */
export async function verdictsOf(services: Services, viewer: Member, eventId: string, reference?: string) {
  const found = await findEvent(services, viewer, eventId)
  const { position, partition } = found.event
  const configVersion = await services.storage.query('configVersionOf', { partition, position })
  if (configVersion === null) {
    const waiting = { eventId, state: 'waiting' as const, configVersion }
    return { ...waiting, verdicts: [], ruledOut: 0 }
  }
  const reactions = await reactionsSeenAt(services, viewer, configVersion)
  const asked =
    reference === undefined
      ? candidatesAmong(reactions, found)
      : [await chosen(services, viewer, reactions, reference)]
  return {
    eventId,
    state: 'reacted' as const,
    configVersion,
    verdicts: await judged(services, found, asked),
    ruledOut: reference === undefined ? reactions.length - asked.length : 0,
  }
}

export function verdictRoutes(services: Services): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/events/:id/verdicts',
      access: { permission: 'event.read' },
      tag: 'Events',
      summary: 'Which reactions fired on an event, and why the others did not',
      description:
        'Judged afresh, against the reactions as they were when the event was reacted to. Reactions that ask for ' +
        'another endpoint, kind or target are only counted, unless one is asked about by name.',
      params: schema.ById,
      query: Type.Object({ reaction: Type.Optional(schema.Reference) }, schema.strict),
      status: 200,
      answer: Type.Object({
        eventId: Type.String(),
        state: Type.Enum(['reacted', 'waiting']),
        configVersion: schema.nullable(Type.Integer()),
        verdicts: Type.Array(schema.ref(schema.Verdict)),
        ruledOut: Type.Integer(),
      }),
      handler: ({ params, query, viewer }) => verdictsOf(services, viewer, params.id, query.reaction),
    }),
    route({
      method: 'POST',
      url: '/api/events/:id/replay',
      access: { permission: 'event.replay' },
      tag: 'Events',
      summary: 'Put an event before the current reactions again',
      description: 'Makes new runs, with a webhook-id of their own; it makes no new event.',
      params: schema.ById,
      body: Type.Object({ reaction: Type.Optional(schema.Reference) }, schema.strict),
      audit: 'event.replay',
      status: 201,
      answer: Type.Object({
        occasion: Type.String(),
        runs: Type.Array(schema.ref(schema.RunSummary)),
        verdicts: Type.Array(schema.ref(schema.Verdict)),
      }),
      async handler({ params, body, viewer }) {
        const found = await findEvent(services, viewer, params.id, 'event.replay')
        const chosen =
          body.reaction === undefined ? null : await findReaction(services, viewer, body.reaction)
        const { occasion, runs, verdicts } = await services.replay(
          found.value,
          found.body,
          { reactionId: chosen?.id ?? null, teams: teamsOf(viewer, 'event.replay') },
          viewer.actor,
        )
        const runIds = new Map(runs.map(run => [run.reactionId, run.id]))
        return {
          occasion,
          runs: await runAnswers(services, runs),
          verdicts: verdicts.map(({ reaction, verdict }) =>
            verdictAnswer(reaction, verdict, runIds.get(reaction.id) ?? null),
          ),
        }
      },
    }),
  ]
}
