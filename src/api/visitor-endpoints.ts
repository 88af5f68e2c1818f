import Type from 'typebox'
import { visitorRateLimit } from '../core/endpoint.ts'
import { hashToken, newToken } from '../core/seal.ts'
import { readViewKeys } from './cookies.ts'
import { endpointAnswer } from './endpoint-answer.ts'
import { Problem } from './errors.ts'
import { makeEndpoint } from './make-endpoint.ts'
import { type Route, route } from './route.ts'
import { Endpoint, ref, strict } from './schemas.ts'
import type { Services } from './services.ts'
import { addViewKey, visitorsStatus } from './session.ts'
import { createThrottle } from './sign-in.ts'
import { visitorActor } from './viewer.ts'

export const visitorLimits = {
  endpointsOfOne: 5,
  /** Cookies can be thrown away, addresses not so easily. */
  madeInAnHourFromOneAddress: 30,
  endpointsOfAll: 1000,
  lifeMs: 24 * 3_600_000,
  maxBytes: 64 * 1024,
}

const usual = {
  description: '',
  path: null,
  methods: ['ANY'],
  kindName: 'webhook.received',
  deliveryId: null,
  contentTypes: [],
  allowedAddresses: [],
  allowedOrigins: [],
  allowedRate: null,
  maxBytes: visitorLimits.maxBytes,
  rateLimit: visitorRateLimit,
  eventShape: null,
  silentAfterMs: null,
  answer: null,
}

export function visitorEndpointRoutes(services: Services): Route[] {
  const { configuration, now } = services
  const throttle = createThrottle('visitors.throttled', visitorLimits.madeInAnHourFromOneAddress, 3600)

  return [
    route({
      method: 'POST',
      url: '/api/visitor-endpoints',
      access: 'public',
      tag: 'Endpoints',
      summary: 'Make an endpoint without an account',
      description:
        'For visitors, where they are allowed. It ends after 24 hours. Sets a cookie that opens it.',
      body: Type.Object({}, strict),
      audit: 'endpoint.create',
      status: 201,
      answer: Type.Object({
        endpoint: ref(Endpoint),
        viewKey: Type.String(),
        shareUrl: Type.String({ description: 'Opens it for whoever has this link' }),
      }),
      async handler({ request, reply }) {
        const visitors = visitorsStatus(services)
        if (!visitors.allowed) throw new Problem('visitors.not-allowed', visitors.reason)
        await throttle.count(request.ip)
        const alive = [...configuration.endpoints.values()].filter(({ viewKeyHash }) => viewKeyHash !== null)
        if (alive.length >= visitorLimits.endpointsOfAll)
          throw new Problem('too-many', 'Visitors have as many endpoints as this installation allows')
        const viewKey = newToken('view')
        const [first] = readViewKeys(request.headers.cookie).filter(({ shared }) => !shared)
        const endpoint = await makeEndpoint(services, usual, {
          team: null,
          actor: visitorActor(first?.key ?? viewKey),
          viewKeyHash: hashToken(viewKey),
          expiresAtMs: now() + visitorLimits.lifeMs,
          limitOfActor: visitorLimits.endpointsOfOne,
        })
        addViewKey(services, { request, reply }, { key: viewKey, shared: false })
        return {
          endpoint: await endpointAnswer(services, endpoint),
          viewKey,
          shareUrl: `${services.baseUrl()}/view#${viewKey}`,
        }
      },
    }),
  ]
}
