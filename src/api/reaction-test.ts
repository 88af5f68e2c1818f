import Type from 'typebox'
import { eventContext } from '../core/context.ts'
import { judge } from '../core/filter.ts'
import { mapReactionSecrets, type Reaction, type ReactionDefinition } from '../core/reaction.ts'
import { mask } from '../core/mask.ts'
import { findEvent } from './event-answer.ts'
import { invalidBody, Problem, type Mistake } from './errors.ts'
import { findReaction } from './reaction-answer.ts'
import { checkReaction } from './reaction-definition.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import { chooseTeam, movedTo } from './team-choice.ts'
import type { Member } from './member.ts'

const Body = Type.Object(
  {
    definition: Type.Optional(schema.ref(schema.ReactionDefinition)),
    reaction: Type.Optional(schema.Reference),
    team: schema.TeamChoice,
    event: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Id of the event that serves as the sample',
    }),
  },
  schema.strict,
)

/** The dry run of a draft or of a stored reaction, against an event that happened. Nothing is sent. */
export function reactionTestRoutes(services: Services): Route[] {
  const { config } = services
  return [
    route({
      method: 'POST',
      url: '/api/reactions/test',
      access: { permission: 'reaction.read' },
      tag: 'Reactions',
      summary: 'Try a reaction on an event, sending nothing',
      description:
        'Give a `definition`, or a stored `reaction`, or both: the draft of a change, whose ••• stand for the stored secrets. ' +
        'Mistakes of the draft are answered in `errors`, not as a failure.',
      body: Body,
      audit: { nothing: 'it only tries' },
      status: 200,
      answer: Type.Object({
        verdict: schema.nullable(
          Type.Object({
            fires: Type.Boolean(),
            code: schema.nullable(Type.String()),
            reason: schema.nullable(Type.String()),
          }),
        ),
        request: schema.nullable(schema.ref(schema.RenderedRequest)),
        errors: schema.Mistakes,
      }),
      async handler({ body, viewer }) {
        const found = await findEvent(services, viewer, body.event)
        const draft = await draftToTest(services, viewer, body)
        if (!draft.ok) return { verdict: null, request: null, errors: draft.mistakes }
        const { definition } = draft.reaction
        // As if it were replayed: a draft is younger than every event.
        const context = eventContext(found.value, found.body)
        const verdict = judge(draft.reaction, found.value, () => context, config.maxHops, true)
        const { request, problems } = await services.rehearse(definition, {
          event: found.value,
          body: found.body,
          team: draft.reaction.team,
        })
        return {
          verdict: {
            fires: verdict.fires,
            code: verdict.fires ? null : verdict.code,
            reason: verdict.fires ? null : verdict.reason,
          },
          request,
          errors: problems,
        }
      },
    }),
  ]
}

type Draft = { ok: true; reaction: Reaction } | { ok: false; mistakes: Mistake[] }

interface DraftGiven {
  definition?: ReactionDefinition
  reaction?: string
  team?: string | null
}

/** A definition, a stored reaction, or the draft of a change of one, as if it were active. */
export async function draftToTest(
  services: Services,
  viewer: Member,
  { definition, reaction: reference, team: chosen }: DraftGiven,
): Promise<Draft> {
  const { sealer, now } = services
  const stored = reference === undefined ? null : await findReaction(services, viewer, reference)
  const former = stored && mapReactionSecrets(stored.definition, sealer.open)
  const given = definition ?? former
  if (given === null) throw invalidBody([{ path: '', message: 'needs a definition, or a reaction' }])
  const team =
    stored === null
      ? await chooseTeam(services, viewer, 'reaction.read', chosen)
      : await movedTo(services, viewer, 'reaction.read', stored.team, chosen)
  const checked = await checkedDraft(services, { viewer, team }, forDryRun(given, former), former)
  if (!checked.ok) return checked
  const reaction: Reaction = {
    id: 'draft',
    version: 0,
    state: 'active',
    stateReason: '',
    team,
    actor: '',
    definition: checked.definition,
    configVersion: 0,
    sincePosition: 0,
    createdAtMs: now(),
    updatedAtMs: now(),
  }
  return { ok: true, reaction }
}

/** Nothing is signed in earnest: dots for which nothing is stored are left out instead of refused. */
function forDryRun(given: ReactionDefinition, stored: ReactionDefinition | null): ReactionDefinition {
  const signingSecrets = given.action.signingSecrets.filter(
    (secret, place) => secret !== mask || stored?.action.signingSecrets[place] !== undefined,
  )
  return { ...given, action: { ...given.action, signingSecrets } }
}

type Checked = { ok: true; definition: ReactionDefinition } | { ok: false; mistakes: Mistake[] }

async function checkedDraft(
  services: Services,
  owner: { viewer: Member; team: string | null },
  given: ReactionDefinition,
  stored: ReactionDefinition | null,
): Promise<Checked> {
  try {
    return { ok: true, definition: await checkReaction(services, owner, given, stored) }
  } catch (error) {
    if (error instanceof Problem && error.code === 'body.invalid')
      return { ok: false, mistakes: [...error.mistakes] }
    throw error
  }
}
