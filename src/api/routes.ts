import { endpointRoutes } from './endpoints.ts'
import { eventRoutes } from './events.ts'
import type { Route } from './route.ts'
import type { Services } from './services.ts'
import { sessionRoutes } from './session.ts'
import { statusRoutes } from './status.ts'
import { visitorEndpointRoutes } from './visitor-endpoints.ts'

/** The one table of the native API: every route with its access rule, its schemas and its handler. */
export const createRoutes = (services: Services): Route[] => [
  ...sessionRoutes(services),
  ...statusRoutes(services),
  ...endpointRoutes(services),
  ...visitorEndpointRoutes(services),
  ...eventRoutes(services),
]
