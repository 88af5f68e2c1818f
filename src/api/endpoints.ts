import Type from 'typebox'
import { timeText } from '../core/summary.ts'
import { type Endpoint, mapEndpointSecrets } from '../core/endpoint.ts'
import type { Permission } from '../core/permission.ts'
import { hashToken, newToken } from '../core/seal.ts'
import type { CommandInput } from '../storage/port.ts'
import { toEndpoint } from '../storage/rows.ts'
import { curlLine, endpointAnswer, endpointAnswers } from './endpoint-answer.ts'
import {
  EndpointEdit,
  readExpiry,
  NewEndpoint,
  checkEndpoint,
  sealedEndpoint,
  withStoredSecrets,
} from './endpoint-definition.ts'
import { notFound, Problem } from './errors.ts'
import { expectedVersion, setEtag } from './etag.ts'
import { generatedPath, makeEndpoint } from './make-endpoint.ts'
import { createNamePages } from './name-pages.ts'
import { checkOwner, seesOf } from './permit.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import { chooseTeam, movedTo } from './team-choice.ts'
import type { Viewer } from './viewer.ts'

/** By id or name, if this viewer may do that with it; what is somebody else's is not found. */
export async function findEndpoint(
  services: Pick<Services, 'storage'>,
  viewer: Viewer,
  reference: string,
  permission: Permission = 'endpoint.read',
): Promise<Endpoint> {
  const row = await services.storage.query('findEndpoint', { reference })
  if (row === null) throw notFound('endpoint', reference)
  checkOwner(viewer, { what: 'endpoint', reference, team: row.team, endpointId: row.id }, permission)
  return toEndpoint(row)
}

/** Names, paths and kinds reach beyond a visitor's own endpoint; the size of a body is limited for them. */
const notForVisitors = ['name', 'path', 'kindName', 'maxBytes', 'rateLimit', 'expiresAt', 'team'] as const

const longestOverlapSeconds = 30 * 86_400

const Rotation = Type.Object(
  {
    overlapSeconds: Type.Integer({
      minimum: 0,
      maximum: longestOverlapSeconds,
      default: 86_400,
      description: 'How long the former token is taken besides; 0 ends it at once',
    }),
  },
  schema.strict,
)

export function endpointRoutes(services: Services): Route[] {
  const { storage, configuration, sealer, now } = services
  const pages = createNamePages(
    configuration,
    () => configuration.endpoints.values(),
    ({ id, path, definition: { name, kindName, description } }) => ({
      id,
      name,
      words: [path, kindName, description],
    }),
  )

  const change = async (
    endpoint: Endpoint,
    set: CommandInput<'updateEndpoint'>['set'],
    version: number | null,
  ) => {
    const row = await storage.execute('updateEndpoint', {
      id: endpoint.id,
      expectedVersion: version,
      atMs: now(),
      set,
    })
    await configuration.refresh(row.config_version)
    return toEndpoint(row)
  }
  const opened = (endpoint: Endpoint) => mapEndpointSecrets(endpoint.definition, sealer.open)

  return [
    route({
      method: 'GET',
      url: '/api/endpoints',
      access: { permission: 'endpoint.read', visitors: true },
      tag: 'Endpoints',
      summary: 'List endpoints',
      description: 'In the order of their names. A visitor sees their own.',
      query: Type.Object(
        { search: schema.searchOf('path, kind and description'), id: schema.onlyIds, ...schema.paging },
        schema.strict,
      ),
      status: 200,
      answer: schema.countedPage(schema.ref(schema.Endpoint)),
      async handler({ query, viewer }) {
        const page = pages.read(
          query,
          viewer.kind === 'visitor'
            ? endpoint => viewer.endpointIds.has(endpoint.id)
            : seesOf(viewer, 'endpoint.read'),
        )
        return { ...page, items: await endpointAnswers(services, page.items) }
      },
    }),
    route({
      method: 'POST',
      url: '/api/endpoints',
      access: { permission: 'endpoint.create' },
      tag: 'Endpoints',
      summary: 'Make an endpoint',
      description: 'An empty object makes one that works, with a generated name and path.',
      body: NewEndpoint,
      audit: 'endpoint.create',
      status: 201,
      answer: schema.ref(schema.Endpoint),
      async handler({ body: { expiresAt, team: chosen, ...wish }, viewer, reply }) {
        const team = await chooseTeam(services, viewer, 'endpoint.create', chosen)
        const expiresAtMs = readExpiry(expiresAt, now()) ?? null
        const owner = { team, actor: viewer.actor, viewKeyHash: null, expiresAtMs, limitOfActor: null }
        const endpoint = await makeEndpoint(services, wish, owner)
        setEtag(reply, endpoint.configVersion)
        return endpointAnswer(services, endpoint)
      },
    }),
    route({
      method: 'GET',
      url: '/api/endpoints/:reference',
      access: { permission: 'endpoint.read', visitors: true },
      tag: 'Endpoints',
      summary: 'One endpoint',
      params: schema.byReference,
      status: 200,
      answer: schema.ref(schema.Endpoint),
      async handler({ params, viewer, reply }) {
        const endpoint = await findEndpoint(services, viewer, params.reference)
        setEtag(reply, endpoint.configVersion)
        return endpointAnswer(services, endpoint)
      },
    }),
    route({
      method: 'PATCH',
      url: '/api/endpoints/:reference',
      access: { permission: 'endpoint.update', visitors: true },
      tag: 'Endpoints',
      summary: 'Change an endpoint',
      description:
        'What is left out stays. A secret sent as ••• keeps the stored one at that place. ' +
        `A visitor cannot change ${notForVisitors.join(', ')}.`,
      params: schema.byReference,
      body: EndpointEdit,
      audit: 'endpoint.update',
      status: 200,
      answer: schema.ref(schema.Endpoint),
      async handler({ params, body: { state, expiresAt, team, ...edit }, viewer, request, reply }) {
        const endpoint = await findEndpoint(services, viewer, params.reference, 'endpoint.update')
        const forbidden = notForVisitors.find(
          name =>
            name in edit ||
            (name === 'expiresAt' && expiresAt !== undefined) ||
            (name === 'team' && team !== undefined),
        )
        if (viewer.kind === 'visitor' && forbidden !== undefined)
          throw new Problem('access.denied', `A visitor cannot change ${forbidden}`)
        const former = opened(endpoint)
        const authentication = withStoredSecrets(
          edit.authentication ?? former.authentication,
          former.authentication,
        )
        const definition = checkEndpoint(services, { ...former, ...edit, authentication }, endpoint.id)
        const changed = await change(
          endpoint,
          {
            name: definition.name,
            definition: sealedEndpoint(services, definition),
            state: state ?? endpoint.state,
            team:
              viewer.kind === 'visitor'
                ? endpoint.team
                : await movedTo(services, viewer, 'endpoint.create', endpoint.team, team),
            expires_at: readExpiry(expiresAt, now()) ?? (expiresAt === null ? null : endpoint.expiresAtMs),
            path: definition.path ?? (former.path === null ? endpoint.path : generatedPath()),
          },
          expectedVersion(request),
        )
        setEtag(reply, changed.configVersion)
        return endpointAnswer(services, changed)
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/endpoints/:reference',
      access: { permission: 'endpoint.delete', visitors: true },
      tag: 'Endpoints',
      summary: 'Delete an endpoint',
      description: 'Its events stay; its name and path are free again.',
      params: schema.byReference,
      audit: 'endpoint.delete',
      status: 204,
      answer: null,
      async handler({ params, viewer, request }) {
        const endpoint = await findEndpoint(services, viewer, params.reference, 'endpoint.delete')
        await change(endpoint, { state: 'deleted', name: null, path: null }, expectedVersion(request))
      },
    }),
    route({
      method: 'POST',
      url: '/api/endpoints/:reference/token',
      access: { permission: 'endpoint.update', visitors: true },
      tag: 'Endpoints',
      summary: 'Make a new send token',
      description:
        'The former one is taken for some time more, so that senders can be changed meanwhile; ' +
        'the one before that ends at once.',
      params: schema.byReference,
      body: Rotation,
      audit: 'endpoint.rotate-token',
      status: 201,
      answer: Type.Object({ token: Type.String(), curl: Type.String(), formerEndsAt: schema.Time }),
      async handler({ params, body: { overlapSeconds }, viewer }) {
        const endpoint = await findEndpoint(services, viewer, params.reference, 'endpoint.update')
        const former = sealer.open(endpoint.tokenSealed)
        const token = newToken('send')
        // Where the token is also what its path asks for, it changes there too.
        const definition = mapEndpointSecrets(opened(endpoint), secret =>
          secret === former ? token : secret,
        )
        const set = {
          token_hash: hashToken(token),
          token_sealed: sealer.seal(token),
          definition: sealedEndpoint(services, definition),
          former_token_hash: endpoint.tokenHash,
          former_token_sealed: sealer.seal(former),
          former_token_ends_at: now() + overlapSeconds * 1000,
          former_token_uses: 0,
          former_token_used_at: null,
          former_token_used_by: null,
        }
        await change(endpoint, set, endpoint.configVersion)
        const formerEndsAt = timeText(set.former_token_ends_at)
        return { token, curl: curlLine(services.baseUrl(), token), formerEndsAt }
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/endpoints/:reference/former-token',
      access: { permission: 'endpoint.update', visitors: true },
      tag: 'Endpoints',
      summary: 'End the send token before the last rotation',
      description: 'It is not taken any more from then on. Who still tries it is counted all the same.',
      params: schema.byReference,
      audit: 'endpoint.end-former-token',
      status: 204,
      answer: null,
      async handler({ params, viewer }) {
        const endpoint = await findEndpoint(services, viewer, params.reference, 'endpoint.update')
        if (endpoint.formerToken === null || endpoint.formerToken.endsAtMs <= now())
          throw new Problem(
            'state-conflict',
            'Only the current send token is taken here; there is none to end',
          )
        await change(endpoint, { former_token_ends_at: now() }, endpoint.configVersion)
      },
    }),
  ]
}
