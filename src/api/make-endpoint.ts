import type { AuthenticationScheme } from '../core/authentication.ts'
import type { Endpoint, EndpointDefinition } from '../core/endpoint.ts'
import { newId, randomAlphanumerics } from '../core/ids.ts'
import { hashToken, newToken } from '../core/seal.ts'
import { Refusal } from '../storage/refusal.ts'
import { toEndpoint } from '../storage/rows.ts'
import { checkEndpoint, sealedEndpoint, withStoredSecrets } from './endpoint-definition.ts'
import { generatedName } from './endpoint-names.ts'
import type { Services } from './services.ts'

export interface EndpointWish extends Omit<EndpointDefinition, 'name' | 'authentication' | 'maxBytes'> {
  name?: string
  authentication?: AuthenticationScheme[]
  maxBytes?: number
}

export interface EndpointOwner {
  team: string | null
  actor: string
  viewKeyHash: string | null
  expiresAtMs: number | null
  limitOfActor: number | null
}

/** 143 bits: knowing it is as good as knowing a token. */
export const generatedPath = (): string => `/hooks/${randomAlphanumerics(24)}`

/**
 * Without authentication of its own, an endpoint takes whoever knows its URL while that cannot be guessed; a path that
 * was chosen can be, so there its send token is asked for.
 */
const usualAuthentication = (path: string | null, token: string): AuthenticationScheme[] =>
  path === null ? [{ type: 'none' }] : [{ type: 'bearer', secrets: [token] }]

/** Stores a new endpoint, and resolves once requests to it are taken here. */
export async function makeEndpoint(
  services: Services,
  wish: EndpointWish,
  owner: EndpointOwner,
): Promise<Endpoint> {
  const token = newToken('send')
  const name = wish.name ?? generatedName()
  const definition = checkEndpoint(
    services,
    {
      ...wish,
      name,
      authentication: withStoredSecrets(wish.authentication ?? usualAuthentication(wish.path, token), []),
      maxBytes: wish.maxBytes ?? services.config.maxBodyBytes,
    },
    null,
  )
  try {
    return await storeEndpoint(services, definition, token, owner)
  } catch (error) {
    const taken = error instanceof Refusal && error.code === 'name-taken'
    if (!taken || wish.name !== undefined) throw error
    return storeEndpoint(
      services,
      { ...definition, name: `endpoint-${randomAlphanumerics(8).toLowerCase()}` },
      token,
      owner,
    )
  }
}

async function storeEndpoint(
  services: Services,
  definition: EndpointDefinition,
  token: string,
  { team, actor, viewKeyHash, expiresAtMs, limitOfActor }: EndpointOwner,
): Promise<Endpoint> {
  const row = await services.storage.execute('createEndpoint', {
    id: newId('ep'),
    name: definition.name,
    path: definition.path ?? generatedPath(),
    state: 'active',
    definition: sealedEndpoint(services, definition),
    token_hash: hashToken(token),
    token_sealed: services.sealer.seal(token),
    view_key_hash: viewKeyHash,
    team,
    actor,
    created_at: services.now(),
    expires_at: expiresAtMs,
    limitOfActor,
  })
  await services.configuration.refresh(row.config_version)
  return toEndpoint(row)
}
