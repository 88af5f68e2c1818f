import Type from 'typebox'
import { Name } from '../core/reaction.ts'
import { presetFor, presetNames, presets } from '../core/tell-me-presets.ts'
import { invalidBody, Problem } from './errors.ts'
import { setEtag } from './etag.ts'
import { makeReaction } from './make-reaction.ts'
import { reactionAnswer } from './reaction-answer.ts'
import { checkReaction } from './reaction-definition.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import { chooseTeam } from './team-choice.ts'

const PresetName = Type.Enum(presetNames, { description: 'How the message is written' })

/** Loaded when it is asked for: what fills in the defaults of a schema is 300 modules, 75 ms of the start. */
const load = () => import('../core/tell-me.ts')

/** The ready reaction that tells somebody what is wrong. */
export function tellMeRoutes(services: Services): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/tell-me',
      access: { permission: 'reaction.read' },
      tag: 'Reactions',
      summary: 'How the ready reaction can tell of alarms',
      status: 200,
      answer: Type.Object({
        presets: Type.Array(
          Type.Object({
            name: PresetName,
            title: Type.String(),
            hint: Type.String({ description: 'Where somebody finds the URL' }),
          }),
        ),
        kinds: Type.Array(Type.String(), { description: 'Of the events that it tells of' }),
      }),
      handler: async () => ({
        presets: presetNames.map(name => ({ name, title: presets[name].title, hint: presets[name].hint })),
        kinds: [...(await load()).tellMeKinds],
      }),
    }),
    route({
      method: 'POST',
      url: '/api/tell-me',
      access: { permission: 'reaction.create' },
      tag: 'Reactions',
      summary: 'Make the ready reaction that tells of alarms',
      description:
        'It posts one readable message when an alarm begins, and one when it ends. It is a reaction like any other: ' +
        'change it, or delete it.',
      body: Type.Object(
        {
          url: Type.String({
            maxLength: 4000,
            pattern: '^https?://[^\\s{}]+$',
            description: 'It begins with http:// or https://, and holds no template',
          }),
          preset: Type.Optional(
            Type.Enum(presetNames, { description: 'Left out: by the host of the URL, else json' }),
          ),
          name: Type.Optional(Name),
          team: schema.TeamChoice,
        },
        schema.strict,
      ),
      audit: 'reaction.create',
      status: 201,
      answer: schema.ref(schema.Reaction),
      async handler({ body: { url, preset, name, team: chosen }, viewer, reply }) {
        const team = await chooseTeam(services, viewer, 'reaction.create', chosen)
        const { tellMe } = await load()
        const given = tellMe(name ?? freeName(services), url, preset ?? presetFor(url))
        const definition = await checkReaction(services, { viewer, team }, given, null).catch(saidOfUrl)
        const reaction = await makeReaction(services, definition, { team, actor: viewer.actor })
        setEtag(reply, reaction.version)
        return reactionAnswer(services, reaction)
      },
    }),
  ]
}

function freeName({ configuration }: Services): string {
  const taken = new Set([...configuration.reactions.values()].map(({ definition }) => definition.name))
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'tell-me' : `tell-me-${number}`
    if (!taken.has(name)) return name
  }
}

/** Whoever gave nothing but a URL is told of the URL. */
function saidOfUrl(error: unknown): never {
  if (!(error instanceof Problem)) throw error
  throw invalidBody(error.mistakes.map(one => ({ ...one, path: one.path.replace('/action/url', '/url') })))
}
