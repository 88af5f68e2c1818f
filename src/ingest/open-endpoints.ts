import { isDeepStrictEqual } from 'node:util'
import { addressList, type AddressList } from '../core/address.ts'
import { buildPathIndex, type PathIndex } from '../core/endpoint-path-index.ts'
import { type AuthenticationScheme, mapSecrets, readsAuthorization } from '../core/authentication.ts'
import type { EventContext } from '../core/context.ts'
import { compileAnswer, type RenderedAnswer } from '../core/custom-answer.ts'
import { type Endpoint, mapEndpointSecrets, visitorRateLimit } from '../core/endpoint.ts'
import { hashToken, type Sealer } from '../core/seal.ts'
import type { ShapedEvent } from '../core/template/event-shape.ts'
import { readShapes } from '../core/template/shapes.ts'
import type { Configuration } from '../storage/configuration-view.ts'
import { compileHandshakes, type Handshakes } from './handshakes.ts'
import { compileKind, defaultDeliveryIdSources } from './providers.ts'
import { createLimit, type Limit } from './rate-limit.ts'
import { compileSources, type ReadSource } from './value-source.ts'
import { compileAuthentication } from './verify/schemes.ts'
import type { Check } from './verify/verdict.ts'

/** An endpoint as the hot path needs it: everything that can be made ahead of a request is made once. */
export interface OpenEndpoint {
  endpoint: Endpoint
  path: string
  check: Check
  /** At /data the send token has taken the place of the schemes that read `Authorization`. */
  checkBehindToken: Check
  /** With the token before the last rotation in the place of the current one; null where no scheme asks for it. */
  checkFormer: Check | null
  /** Values of these headers and query parameters prove who the sender is: they are not kept. */
  credentials: { headers: string[]; query: string[] }
  readDeliveryId: ReadSource
  /** Null where the kind is the same for all that comes. */
  readKind: ReadSource | null
  /** Null where a request is the event. */
  readEvent: ((json: unknown) => ShapedEvent | null) | null
  methods: ReadonlySet<string> | null
  contentTypes: ReadonlySet<string> | null
  /** Null where no sender asks first. */
  handshakes: Handshakes | null
  /** Of the senders that are taken; null takes all. */
  addresses: AddressList | null
  limit: Limit | null
  answer: ((context: EventContext) => RenderedAnswer) | null
}

export interface ByToken {
  open: OpenEndpoint
  /** The token is the one before the last rotation; whether it has ended is for the caller to see. */
  isFormer: boolean
}

export interface OpenEndpoints {
  byPath(path: string): { entry: OpenEndpoint; params: Readonly<Record<string, string>> } | null
  byToken(token: string): ByToken | null
}

export function openEndpoints(
  configuration: Configuration,
  sealer: Sealer,
  baseUrl: () => string,
): OpenEndpoints {
  const byId = new Map<string, OpenEndpoint>()
  const byTokenHash = new Map<string, ByToken>()
  let paths: PathIndex<OpenEndpoint> | null = null
  const take = (endpoint: Endpoint) => {
    const former = byId.get(endpoint.id)
    for (const hash of former ? tokenHashes(former.endpoint) : []) byTokenHash.delete(hash)
    byId.delete(endpoint.id)
    if (endpoint.state === 'deleted') return
    const opened = open(endpoint, sealer, baseUrl, former?.limit ?? null)
    byId.set(endpoint.id, opened)
    tokenHashes(endpoint).forEach((hash, index) =>
      byTokenHash.set(hash, { open: opened, isFormer: index > 0 }),
    )
  }
  for (const endpoint of configuration.endpoints.values()) take(endpoint)
  configuration.onChange(({ endpoints }) => {
    if (endpoints.length === 0) return
    endpoints.forEach(take)
    paths = null
  })
  return {
    byPath(path) {
      paths ??= buildPathIndex(byId.values())
      return paths.match(path)
    },
    byToken: token => byTokenHash.get(hashToken(token)) ?? null,
  }
}

const tokenHashes = ({ tokenHash, formerToken }: Endpoint): string[] =>
  formerToken === null ? [tokenHash] : [tokenHash, formerToken.hash]

function open(
  endpoint: Endpoint,
  sealer: Sealer,
  baseUrl: () => string,
  formerLimit: Limit | null,
): OpenEndpoint {
  const { definition } = endpoint
  const schemes = openSecrets(endpoint, sealer)
  const { deliveryId } = definition
  return {
    endpoint,
    path: endpoint.path,
    check: compileAuthentication(schemes, baseUrl),
    checkBehindToken: compileAuthentication(behindToken(schemes), baseUrl),
    checkFormer: checkFormer(endpoint, schemes, sealer, baseUrl),
    credentials: credentialsOf(schemes),
    readDeliveryId: compileSources(
      deliveryId === null
        ? defaultDeliveryIdSources(schemes)
        : [
            'header' in deliveryId
              ? { from: 'header', name: deliveryId.header }
              : { from: 'json', path: deliveryId.path },
          ],
    ),
    readKind: definition.kindName === null ? compileKind(schemes) : null,
    readEvent: definition.eventShape === null ? null : readShapes[definition.eventShape],
    methods: definition.methods.includes('ANY') ? null : new Set(definition.methods),
    contentTypes:
      definition.contentTypes.length === 0
        ? null
        : new Set(definition.contentTypes.map(type => type.toLowerCase())),
    handshakes: compileHandshakes(definition, schemes, baseUrl),
    addresses: definition.allowedAddresses.length === 0 ? null : addressList(definition.allowedAddresses),
    limit: limitOf(endpoint, formerLimit),
    answer: definition.answer === null ? null : compileAnswer(definition.answer),
  }
}

/** Another edit does not give anew what was used up. */
function limitOf({ definition, viewKeyHash }: Endpoint, former: Limit | null): Limit | null {
  const rule = definition.rateLimit ?? (viewKeyHash === null ? null : visitorRateLimit)
  if (rule === null) return null
  return former !== null && isDeepStrictEqual(former.rule, rule) ? former : createLimit(rule)
}

function checkFormer(
  { tokenSealed, formerToken }: Endpoint,
  schemes: readonly AuthenticationScheme[],
  sealer: Sealer,
  baseUrl: () => string,
): Check | null {
  if (formerToken === null) return null
  const [current, former] = openTokens(sealer, tokenSealed, formerToken.sealed)
  let isAsked = false
  const withFormer = mapSecrets(schemes, secret => {
    if (secret !== current || former === undefined) return secret
    isAsked = true
    return former
  })
  return isAsked ? compileAuthentication(withFormer, baseUrl) : null
}

function openTokens(sealer: Sealer, ...sealed: string[]): string[] {
  try {
    return sealed.map(sealer.open)
  } catch {
    return []
  }
}

/** Closed stays closed: where no scheme could be opened, the token does not stand in for them. */
function behindToken(schemes: readonly AuthenticationScheme[]): readonly AuthenticationScheme[] {
  const others = schemes.filter(scheme => !readsAuthorization(scheme))
  return others.length === 0 && schemes.length > 0 ? [{ type: 'none' }] : others
}

/** With a lost key the schemes stay sealed, and a sealed secret lets nobody in: the endpoint is closed, not open. */
function openSecrets(endpoint: Endpoint, sealer: Sealer): AuthenticationScheme[] {
  try {
    return mapEndpointSecrets(endpoint.definition, sealer.open).authentication
  } catch {
    return []
  }
}

function credentialsOf(schemes: readonly AuthenticationScheme[]): OpenEndpoint['credentials'] {
  const headers = schemes.flatMap(scheme => {
    if (readsAuthorization(scheme)) return ['authorization']
    if (scheme.type === 'gitlab') return ['x-gitlab-token']
    return scheme.type === 'api-key' && scheme.in === 'header' ? [scheme.name.toLowerCase()] : []
  })
  const query = schemes.flatMap(scheme =>
    scheme.type === 'api-key' && scheme.in === 'query' ? [scheme.name] : [],
  )
  return { headers, query }
}
