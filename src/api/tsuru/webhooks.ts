import { isPublicHeader, mask } from '../../core/mask.ts'
import { mapReactionSecrets, type Reaction, type ReactionDefinition } from '../../core/reaction.ts'
import { Refusal } from '../../storage/refusal.ts'
import { toReaction } from '../../storage/rows.ts'
import { makeReaction } from '../make-reaction.ts'
import { changeReaction } from '../reaction-state.ts'
import type { Services } from '../services.ts'
import type { Caller } from './caller.ts'
import { definitionOf, isHook, webhookOf } from './hook.ts'
import { readWebhook } from './read-webhook.ts'
import { listAnswer, type TsuruRequest, type TsuruRoute } from './route.ts'
import { denied, TextError } from './text-error.ts'
import { type Webhook, webhookJson } from './webhook.ts'
import { tellOfWebhook } from './webhook-event.ts'
import { nameMistake, urlMistake } from './webhook-mistake.ts'

const at = { version: '1.6', isBare: true, access: 'token' } as const

/** tsuru's webhooks. Each is a reaction like any other, which the dashboard shows with its runs. */
export function webhookRoutes(services: Services): TsuruRoute[] {
  const { sealer } = services
  const sealed = (definition: ReactionDefinition): string =>
    JSON.stringify(mapReactionSecrets(definition, sealer.seal))

  async function create(webhook: Webhook, caller: Caller): Promise<void> {
    const wrong = nameMistake(webhook.name) ?? urlMistake(webhook)
    if (wrong !== null) throw new TextError(400, wrong)
    try {
      const definition = definitionOf(webhook, null)
      const owner = { team: webhook.team_owner || null, actor: caller.actor }
      await makeReaction(services, scoped(services, definition), owner)
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'name-taken') throw error
      throw new TextError(409, 'webhook already exists with the same name')
    }
  }

  async function update(webhook: Webhook, former: Reaction, caller: Caller): Promise<void> {
    const wrong = urlMistake(webhook)
    if (wrong !== null) throw new TextError(400, wrong)
    const definition = scoped(services, definitionOf(webhook, opened(services, former)))
    const set = { definition: sealed(definition), team: webhook.team_owner || null }
    await changeReaction(services, former, set, caller.actor, null)
  }

  return [
    {
      ...at,
      method: 'GET',
      path: '/events/webhooks',
      async handler({ caller }) {
        const teams = caller.teams('webhook.read')
        const hooks = (await allHooks(services)).filter(
          ({ team }) => teams === 'all' || (team !== null && teams.includes(team)),
        )
        return listAnswer(hooks.map(hook => webhookJson(shown(services, hook, caller))))
      },
    },
    {
      ...at,
      method: 'POST',
      audit: 'reaction.create',
      path: '/events/webhooks',
      async handler(request) {
        const { caller } = request
        const webhook = readWebhook(request.contentType, request.body, request.query)
        if (webhook.team_owner === '') webhook.team_owner = await teamOf(services, caller)
        if (!caller.allows('webhook.create', webhook.team_owner || null)) throw denied()
        await telling(services, request, 'create', webhook, () => create(webhook, caller))
        return { status: 200 }
      },
    },
    {
      ...at,
      method: 'GET',
      path: '/events/webhooks/:name',
      async handler({ params, caller }) {
        const hook = await findHook(services, params['name']!)
        if (!caller.allows('webhook.read', hook.team)) throw denied()
        return { status: 200, json: `${webhookJson(shown(services, hook, caller))}\n` }
      },
    },
    {
      ...at,
      method: 'PUT',
      audit: 'reaction.update',
      path: '/events/webhooks/:name',
      async handler(request) {
        const { caller } = request
        const given = readWebhook(request.contentType, request.body, request.query)
        const webhook = { ...given, name: request.params['name']! }
        if (!caller.allows('webhook.update', webhook.team_owner || null)) throw denied()
        const former = await findHook(services, webhook.name)
        // tsuru asks for the new team alone, so that a hook could be taken from another.
        if (!caller.allows('webhook.update', former.team)) throw denied()
        await telling(services, request, 'update', webhook, () => update(webhook, former, caller))
        return { status: 200 }
      },
    },
    {
      ...at,
      method: 'DELETE',
      audit: 'reaction.delete',
      path: '/events/webhooks/:name',
      async handler(request) {
        const { caller, params } = request
        const hook = await findHook(services, params['name']!)
        if (!caller.allows('webhook.delete', hook.team)) throw denied()
        await telling(services, request, 'delete', webhookOf(hook.definition, hook.team), () =>
          changeReaction(services, hook, { state: 'deleted' }, caller.actor, null),
        )
        return { status: 200 }
      },
    },
  ]
}

/** Does it, and tells how it went; what failed here, and not by what was asked for, is no event. */
async function telling(
  services: Services,
  request: TsuruRequest,
  verb: 'create' | 'update' | 'delete',
  webhook: Webhook,
  act: () => Promise<unknown>,
): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (error instanceof TextError) await tellOfWebhook(services, request, verb, webhook, error.message)
    throw error
  }
  await tellOfWebhook(services, request, verb, webhook, null)
}

const scoped = ({ config }: Services, definition: ReactionDefinition): ReactionDefinition => ({
  ...definition,
  ...(config.tsuruAnyTeam ? { anyTeam: true } : {}),
})

const opened = ({ sealer }: Services, { definition }: Reaction): ReactionDefinition =>
  mapReactionSecrets(definition, sealer.open)

/** The values of headers are for those who could change them. */
function shown(services: Services, hook: Reaction, caller: Caller): Webhook {
  const webhook = webhookOf(opened(services, hook), hook.team)
  if (caller.allows('webhook.update', hook.team)) return webhook
  const headers = Object.entries(webhook.headers).map(([name, values]) => [
    name,
    isPublicHeader(name) ? values : values.map(() => mask),
  ])
  return { ...webhook, headers: Object.fromEntries(headers) as Webhook['headers'] }
}

/** The one team that it can be meant for; with no teams at all it is the organization's. */
async function teamOf({ storage }: Services, caller: Caller): Promise<string> {
  const teams = caller.teams('webhook.create')
  if (teams !== 'all' && teams.length === 0) throw denied()
  if (teams !== 'all' && teams.length === 1) return teams[0]!
  const existing = await teamNames(storage)
  if (existing.length > 1 || (existing.length === 0 && teams !== 'all'))
    throw new TextError(400, 'You must provide a team to execute this action.')
  return existing[0] ?? ''
}

const teamNames = async (storage: Services['storage']): Promise<string[]> =>
  (await storage.query('listTeams', { teams: 'all' })).map(({ name }) => name)

async function findHook({ storage }: Services, name: string): Promise<Reaction> {
  const row = await storage.query('findReaction', { reference: name })
  const reaction = row === null ? null : toReaction(row)
  // By name alone: an id is no name of tsuru's.
  if (reaction === null || reaction.definition.name !== name || !isHook(reaction))
    throw new TextError(404, 'webhook not found')
  return reaction
}

const pageSize = 200

/** The oldest first. */
async function allHooks({ storage }: Services): Promise<Reaction[]> {
  const hooks: Reaction[] = []
  for (let after = ''; ; ) {
    const rows = await storage.query('listReactions', { after, limit: pageSize, teams: 'all' })
    hooks.push(...rows.map(toReaction).filter(isHook))
    if (rows.length < pageSize) return hooks
    after = rows.at(-1)!.reaction_id
  }
}
