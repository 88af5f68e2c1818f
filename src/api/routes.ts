import { alarmRoutes } from './alarms.ts'
import { auditRoutes } from './audit.ts'
import { customAnswerRoutes } from './custom-answer.ts'
import { backtestRoutes } from './backtest.ts'
import { endpointRoutes } from './endpoints.ts'
import { eventRoutes } from './events.ts'
import { filterTestRoutes } from './filter-test.ts'
import { jobRoutes } from './jobs.ts'
import { kindRoutes } from './kinds.ts'
import { keyRoutes } from './keys.ts'
import { listenerRoutes } from './listeners.ts'
import { metricsRoutes } from './metrics.ts'
import { nativeEventRoutes } from './native-events.ts'
import { practiceRoutes } from './practice.ts'
import { providerRoutes } from './providers.ts'
import { reactionLineRoutes } from './reaction-line.ts'
import { reactionStateRoutes } from './reaction-state.ts'
import { reactionTestRoutes } from './reaction-test.ts'
import { reactionRoutes } from './reactions.ts'
import { resendRoutes } from './resend.ts'
import { retentionRoutes } from './retention.ts'
import type { Route } from './route.ts'
import { runRoutes } from './runs.ts'
import { sampleRoutes } from './samples.ts'
import { secretKeyRoutes } from './secret-key.ts'
import { secretRoutes } from './secrets.ts'
import type { Services } from './services.ts'
import { sessionRoutes } from './session.ts'
import { settingsRoutes } from './settings.ts'
import { shareRoutes } from './shares.ts'
import { sourceRoutes } from './sources.ts'
import { passwordRoutes } from './sign-in-password.ts'
import { statisticsRoutes } from './statistics.ts'
import { statusRoutes } from './status.ts'
import { teamRoutes } from './teams.ts'
import { tellMeRoutes } from './tell-me.ts'
import { tellMeTestRoutes } from './tell-me-test.ts'
import { templateRenderRoutes } from './template-render.ts'
import { userRoutes } from './users.ts'
import { verdictRoutes } from './verdicts.ts'
import { viewRoutes } from './views.ts'
import { visitorEndpointRoutes } from './visitor-endpoints.ts'

/** The one table of the native API: every route with its access rule, its schemas and its handler. */
export const createRoutes = (services: Services): Route[] => [
  ...sessionRoutes(services),
  ...statusRoutes(services),
  ...alarmRoutes(services),
  ...statisticsRoutes(services),
  ...metricsRoutes(services),
  ...retentionRoutes(services),
  ...settingsRoutes(services),
  ...auditRoutes(services),
  ...endpointRoutes(services),
  ...customAnswerRoutes(services),
  ...sampleRoutes(services),
  ...providerRoutes(),
  ...visitorEndpointRoutes(services),
  ...listenerRoutes(services),
  ...kindRoutes(services),
  ...eventRoutes(services),
  ...nativeEventRoutes(services),
  ...resendRoutes(services),
  ...shareRoutes(services),
  ...sourceRoutes(services),
  ...verdictRoutes(services),
  ...reactionRoutes(services),
  ...tellMeRoutes(services),
  ...tellMeTestRoutes(services),
  ...reactionTestRoutes(services),
  ...backtestRoutes(services),
  ...templateRenderRoutes(services),
  ...filterTestRoutes(services),
  ...reactionLineRoutes(),
  ...reactionStateRoutes(services),
  ...practiceRoutes(services),
  ...runRoutes(services),
  ...jobRoutes(services),
  ...viewRoutes(services),
  ...secretRoutes(services),
  ...secretKeyRoutes(services),
  ...passwordRoutes(services),
  ...teamRoutes(services),
  ...userRoutes(services),
  ...keyRoutes(services),
]
