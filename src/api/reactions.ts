import Type from 'typebox'
import {
  mapReactionSecrets,
  type Reaction,
  type ReactionDefinition,
  reactionStates,
} from '../core/reaction.ts'
import { timeText } from '../core/summary.ts'
import { toReaction } from '../storage/rows.ts'
import { expectedVersion, setEtag } from './etag.ts'
import { makeReaction } from './make-reaction.ts'
import { createNamePages } from './name-pages.ts'
import { seesOf } from './permit.ts'
import { findReaction, masked, reactionAnswer, reactionAnswers } from './reaction-answer.ts'
import { checkReaction } from './reaction-definition.ts'
import { changeReaction } from './reaction-state.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import { chooseTeam, movedTo } from './team-choice.ts'

export function reactionRoutes(services: Services): Route[] {
  const { storage, configuration, sealer } = services
  const pages = createNamePages(
    configuration,
    () => configuration.reactions.values(),
    ({ id, definition: { name, description, trigger, filter, action } }) => ({
      id,
      name,
      words: [
        trigger.type === 'endpoint'
          ? (configuration.endpoints.get(trigger.endpoint)?.definition.name ?? null)
          : null,
        ...filter.kindNames,
        action.url,
        description,
      ],
    }),
  )
  const sealed = (definition: ReactionDefinition): string =>
    JSON.stringify(mapReactionSecrets(definition, sealer.seal))
  const opened = (reaction: Reaction) => mapReactionSecrets(reaction.definition, sealer.open)

  return [
    route({
      method: 'GET',
      url: '/api/reactions',
      access: { permission: 'reaction.read' },
      tag: 'Reactions',
      summary: 'List reactions',
      description: 'In the order of their names.',
      query: Type.Object(
        {
          search: schema.searchOf('endpoint, kinds, URL and description'),
          id: schema.onlyIds,
          ...schema.paging,
        },
        schema.strict,
      ),
      status: 200,
      answer: schema.countedPage(schema.ref(schema.Reaction)),
      async handler({ query, viewer }) {
        const page = pages.read(query, seesOf(viewer, 'reaction.read'))
        return { ...page, items: await reactionAnswers(services, page.items) }
      },
    }),
    route({
      method: 'POST',
      url: '/api/reactions',
      access: { permission: 'reaction.create' },
      tag: 'Reactions',
      summary: 'Make a reaction',
      description: 'It sees the events that come from now on. `trigger.endpoint` takes an id or a name.',
      body: schema.ref(schema.NewReaction),
      audit: 'reaction.create',
      status: 201,
      answer: schema.ref(schema.Reaction),
      async handler({ body: { team: chosen, ...given }, viewer, reply }) {
        const team = await chooseTeam(services, viewer, 'reaction.create', chosen)
        const definition = await checkReaction(services, { viewer, team }, given, null)
        const reaction = await makeReaction(services, definition, { team, actor: viewer.actor })
        setEtag(reply, reaction.version)
        return reactionAnswer(services, reaction)
      },
    }),
    route({
      method: 'GET',
      url: '/api/reactions/:reference',
      access: { permission: 'reaction.read' },
      tag: 'Reactions',
      summary: 'One reaction',
      params: schema.byReference,
      status: 200,
      answer: schema.ref(schema.Reaction),
      async handler({ params, viewer, reply }) {
        const reaction = await findReaction(services, viewer, params.reference)
        setEtag(reply, reaction.version)
        return reactionAnswer(services, reaction)
      },
    }),
    route({
      method: 'PUT',
      url: '/api/reactions/:reference',
      access: { permission: 'reaction.update' },
      tag: 'Reactions',
      summary: 'Change a reaction',
      description:
        'Makes a new version; runs that exist keep theirs. A signing secret sent as ••• keeps the stored one at that place.',
      params: schema.byReference,
      body: schema.ref(schema.NewReaction),
      audit: 'reaction.update',
      status: 200,
      answer: schema.ref(schema.Reaction),
      async handler({ params, body: { team: chosen, ...given }, viewer, request, reply }) {
        const former = await findReaction(services, viewer, params.reference, 'reaction.update')
        const team = await movedTo(services, viewer, 'reaction.create', former.team, chosen)
        const definition = await checkReaction(services, { viewer, team }, given, opened(former))
        const set = { name: definition.name, definition: sealed(definition), team }
        const changed = await changeReaction(services, former, set, viewer.actor, expectedVersion(request))
        setEtag(reply, changed.version)
        return reactionAnswer(services, changed)
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/reactions/:reference',
      access: { permission: 'reaction.delete' },
      tag: 'Reactions',
      summary: 'Delete a reaction',
      description: 'Its runs stay; those that a pause held back are cancelled.',
      params: schema.byReference,
      audit: 'reaction.delete',
      status: 204,
      answer: null,
      async handler({ params, viewer, request }) {
        const former = await findReaction(services, viewer, params.reference, 'reaction.delete')
        await changeReaction(services, former, { state: 'deleted' }, viewer.actor, expectedVersion(request))
      },
    }),
    route({
      method: 'GET',
      url: '/api/reactions/:reference/versions',
      access: { permission: 'reaction.read' },
      tag: 'Reactions',
      summary: 'Its versions, newest first',
      params: schema.byReference,
      status: 200,
      answer: schema.page(
        Type.Object({
          version: Type.Integer(),
          state: Type.Enum([...reactionStates]),
          definition: schema.ReactionDefinitionGiven,
          updatedAt: schema.Time,
          actor: Type.String(),
        }),
      ),
      async handler({ params, viewer }) {
        const { id } = await findReaction(services, viewer, params.reference)
        const rows = await storage.query('versionsOfReaction', { id })
        const items = rows.map(toReaction).map(({ version, state, definition, updatedAtMs, actor }) => ({
          version,
          state,
          definition: masked(definition),
          updatedAt: timeText(updatedAtMs),
          actor,
        }))
        return { items, next: null }
      },
    }),
  ]
}
