import type { KeyObject } from 'node:crypto'
import { readCause, causeHeader } from '../core/cause.ts'
import type { Event, RequestDetails } from '../core/event.ts'
import { newEventId } from '../core/ids.ts'
import { mask } from '../core/mask.ts'
import type { ShapedEvent } from '../core/template/event-shape.ts'
import type { OpenEndpoint } from './open-endpoints.ts'
import { unknownKind } from './providers.ts'
import type { Accepted, ReceivedRequest } from './verify/verdict.ts'

export interface Arrival {
  request: ReceivedRequest
  params: Readonly<Record<string, string>>
  sender: string
  verdict: Accepted
  /** At /data a send token stands in `Authorization`; null elsewhere. */
  byToken: 'send token' | 'former send token' | null
  causeKey: KeyObject
  inflated: RequestDetails['inflated'] | null
}

/** The event of a request. What proved the sender is not kept; everything else of the request is. */
export function normalise(
  open: OpenEndpoint,
  { request, params, sender, verdict, byToken, causeKey, inflated }: Arrival,
): Event {
  const { endpoint, credentials } = open
  const { name, kindName } = endpoint.definition
  const json = once(() => parseJson(request.body))
  const told = request.headers[causeHeader]
  const came = typeof told === 'string' ? readCause(causeKey, told) : null
  const shaped = open.readEvent === null ? null : open.readEvent(json())
  return {
    id: newEventId(request.receivedAtMs),
    position: 0,
    receivedAtMs: request.receivedAtMs,
    kind: shaped?.kind ?? {
      type: 'external',
      name: kindName ?? open.readKind?.(request.headers, json) ?? unknownKind,
    },
    targets: shaped?.targets ?? [{ type: 'endpoint', value: name }],
    owner: shaped?.owner ?? { type: 'endpoint', name },
    error: shaped?.error ?? null,
    ...teamsOf(endpoint.team, shaped),
    actor: endpoint.id,
    endpointId: endpoint.id,
    cause: came?.cause ?? null,
    hops: came ? came.hops + 1 : 0,
    request: {
      method: request.method,
      path: request.path,
      query: withoutCredentials(request.query, credentials.query),
      headers: keptHeaders(
        request.headers,
        byToken !== null ? ['authorization', ...credentials.headers] : credentials.headers,
      ),
      params: { ...params },
      sender,
      verified: byToken === null ? shown(verdict) : withToken(byToken, verdict),
      deliveryId: shaped?.deliveryId || open.readDeliveryId(request.headers, json),
      ...(inflated ? { inflated } : {}),
    },
    contentType: textOf(request.headers['content-type']),
    bodyBytes: request.body.length,
  }
}

/** Of an endpoint that a team owns, all is that team's: whoever sends there must not set off what others have. */
function teamsOf(owner: string | null, shaped: ShapedEvent | null): Pick<Event, 'team' | 'sharedWith'> {
  if (owner !== null || shaped === null) return { team: owner }
  const { team, sharedWith } = shaped
  return sharedWith.length === 0 ? { team } : { team, sharedWith }
}

const shown = (verdict: Accepted): string => verdict.detail ?? verdict.scheme
const withToken = (token: string, verdict: Accepted): string =>
  verdict.scheme === 'none' ? token : `${token}; ${shown(verdict)}`

const textOf = (value: string | string[] | undefined): string | null =>
  typeof value === 'string' ? value : null

function keptHeaders(
  headers: ReceivedRequest['headers'],
  secret: readonly string[],
): Record<string, string | string[]> {
  const kept = headers as Record<string, string | string[]>
  const present = secret.filter(name => kept[name] !== undefined)
  return present.length === 0 ? kept : { ...kept, ...Object.fromEntries(present.map(name => [name, mask])) }
}

function withoutCredentials(query: string, secret: readonly string[]): string {
  if (query === '' || secret.length === 0) return query
  const parameters = new URLSearchParams(query)
  for (const name of secret) if (parameters.has(name)) parameters.set(name, mask)
  return parameters.toString()
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => (made ??= { value: make() }).value
}

/** Undefined for what is no JSON. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
