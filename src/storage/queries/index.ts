import { auditQueries } from './audit.ts'
import { backtestQueries } from './backtest.ts'
import * as configuration from './configuration.ts'
import { eventQueries } from './events.ts'
import { eventsDelivered } from './deliveries.ts'
import * as jobs from './jobs.ts'
import * as listeners from './listeners.ts'
import * as people from './people.ts'
import { retentionQueries } from './retention.ts'
import * as runs from './runs.ts'
import * as sealed from './sealed.ts'
import * as secrets from './secrets.ts'
import * as shares from './shares.ts'
import * as sources from './sources.ts'
import type { Spelling } from './spelling.ts'
import { statisticQueries } from './statistics.ts'
import * as views from './views.ts'

/** Lists and searches: `(db, input) => output`, the same source for both engines. */
export const queriesIn = (spelling: Spelling) => ({
  ...eventQueries(spelling),
  ...backtestQueries(spelling),
  ...auditQueries(spelling),
  ...statisticQueries(spelling),
  ...retentionQueries(spelling),
  eventsDelivered,
  findSource: sources.findSource,
  listRuns: runs.listRuns,
  attemptsOfRun: runs.attemptsOfRun,
  latestRunStates: runs.latestRunStates,
  setOffBy: runs.setOffBy,
  reactionsWithHeldRuns: runs.reactionsWithHeldRuns,
  countWaitingRuns: runs.countWaitingRuns,
  listJobs: jobs.listJobs,
  findJob: jobs.findJob,
  failedRuns: jobs.failedRuns,
  findListener: listeners.findListener,
  listenersOf: listeners.listenersOf,
  listShares: shares.listShares,
  findShare: shares.findShare,
  sealedRows: sealed.sealedRows,
  countSealed: sealed.countSealed,
  listSecrets: secrets.listSecrets,
  findSecrets: secrets.findSecrets,
  listViews: views.listViews,
  findView: views.findView,
  listTeams: people.listTeams,
  findTeam: people.findTeam,
  listUsers: people.listUsers,
  findUser: people.findUser,
  assignmentsOf: people.assignmentsOf,
  listKeys: people.listKeys,
  findKey: people.findKey,
  findEndpoint: configuration.findEndpoint,
  endpointActivity: configuration.endpointActivity,
  listReactions: configuration.listReactions,
  findReaction: configuration.findReaction,
  versionsOfReaction: configuration.versionsOfReaction,
  configVersionOf: configuration.configVersionOf,
  reactionsAt: configuration.reactionsAt,
  listSessions: configuration.listSessions,
  idempotentAnswer: configuration.idempotentAnswer,
})

export type Queries = ReturnType<typeof queriesIn>
