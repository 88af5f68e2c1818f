import { type Endpoint, hasExpired, mapEndpointSecrets } from '../core/endpoint.ts'
import { mask } from '../core/mask.ts'
import { SealError } from '../core/seal.ts'
import { timeText, timeTextOrNull } from '../core/summary.ts'
import { answerFailed, handshakePrefix } from '../ingest/rejections.ts'
import type { EndpointActivity } from '../storage/queries/configuration.ts'
import type { EndpointAnswer } from './schemas.ts'
import type { Services } from './services.ts'

/** Endpoints as people see them: secrets masked, their token readable, with what happened there lately. */
export async function endpointAnswers(
  services: Services,
  endpoints: readonly Endpoint[],
): Promise<EndpointAnswer[]> {
  const activity = await services.storage.query('endpointActivity', {
    endpointIds: endpoints.map(endpoint => endpoint.id),
    nowMs: services.now(),
  })
  const activityOf = new Map(activity.map(one => [one.endpointId, one]))
  return endpoints.map(endpoint => {
    const { definition } = endpoint
    const token = openToken(services, endpoint.tokenSealed)
    const seen = activityOf.get(endpoint.id)
    const counted = (seen?.rejections ?? []).map(row => ({
      reason: row.reason,
      count: row.count,
      lastAt: timeText(row.last_at),
      sender: row.last_sender,
      detail: row.last_detail,
    }))
    const { name, description, methods, kindName, deliveryId, contentTypes, allowedAddresses, maxBytes } =
      definition
    return {
      id: endpoint.id,
      name,
      description,
      state: endpointStateOf(endpoint, services.now()),
      path: endpoint.path,
      url: services.baseUrl() + endpoint.path,
      dataUrl: `${services.baseUrl()}/data`,
      methods,
      authentication: mapEndpointSecrets(definition, () => mask).authentication,
      kindName,
      deliveryId,
      contentTypes,
      allowedAddresses,
      allowedOrigins: definition.allowedOrigins,
      allowedRate: definition.allowedRate,
      maxBytes,
      rateLimit: definition.rateLimit,
      eventShape: definition.eventShape,
      silentAfterMs: definition.silentAfterMs,
      answer: definition.answer,
      formerToken: formerTokenAnswer(services, endpoint, seen),
      token,
      curl: curlLine(services.baseUrl(), token),
      team: endpoint.team,
      createdBy: endpoint.actor,
      createdAt: timeText(endpoint.createdAtMs),
      updatedAt: timeText(endpoint.updatedAtMs),
      expiresAt: timeTextOrNull(endpoint.expiresAtMs),
      lastEventAt: timeTextOrNull(seen?.lastEventAtMs ?? null),
      eventsPerMinute: Math.round((seen?.eventsPerMinute ?? 0) * 10) / 10,
      rejections: counted.filter(
        ({ reason }) => reason !== answerFailed && !reason.startsWith(handshakePrefix),
      ),
      answerFailures: counted.find(({ reason }) => reason === answerFailed) ?? null,
      handshakes: counted
        .filter(({ reason }) => reason.startsWith(handshakePrefix))
        .map(one => ({ ...one, reason: one.reason.slice(handshakePrefix.length) })),
      chosenPath: definition.path !== null,
      visitor: endpoint.viewKeyHash !== null,
    }
  })
}

export async function endpointAnswer(services: Services, endpoint: Endpoint): Promise<EndpointAnswer> {
  const [answer] = await endpointAnswers(services, [endpoint])
  if (answer === undefined) throw new Error('An endpoint without an answer')
  return answer
}

export const curlLine = (baseUrl: string, token: string | null): string =>
  `curl -XPOST -H "Authorization: Bearer ${token ?? '<token>'}" ${baseUrl}/data -d '{"ok": "hello"}' -H 'Content-Type: application/json'`

export const endpointStateOf = (endpoint: Endpoint, nowMs: number): EndpointAnswer['state'] =>
  endpoint.state === 'active' && hasExpired(endpoint, nowMs) ? 'expired' : endpoint.state

function formerTokenAnswer(
  services: Services,
  { formerToken }: Endpoint,
  seen: EndpointActivity | undefined,
): EndpointAnswer['formerToken'] {
  if (formerToken === null) return null
  const ended = formerToken.endsAtMs <= services.now()
  return {
    token: ended ? null : openToken(services, formerToken.sealed),
    endsAt: timeText(formerToken.endsAtMs),
    ended,
    uses: seen?.formerTokenUses ?? 0,
    lastUsedAt: timeTextOrNull(seen?.formerTokenUsedAtMs ?? null),
    lastUsedBy: seen?.formerTokenUsedBy ?? null,
  }
}

/** A list stays readable when the key that sealed the tokens is lost; the token is then null. */
function openToken({ sealer }: Services, sealed: string): string | null {
  try {
    return sealer.open(sealed)
  } catch (error) {
    if (error instanceof SealError) return null
    throw error
  }
}
