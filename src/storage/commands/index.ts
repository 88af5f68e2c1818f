import * as administration from './administration.ts'
import * as audit from './audit.ts'
import * as alarms from './alarms.ts'
import * as endpoints from './endpoints.ts'
import * as failing from './failing.ts'
import * as jobs from './jobs.ts'
import * as keys from './keys.ts'
import * as listeners from './listeners.ts'
import * as reactions from './reactions.ts'
import * as retention from './retention.ts'
import * as runs from './runs.ts'
import { resealRows } from './sealed.ts'
import * as secrets from './secrets.ts'
import * as shares from './shares.ts'
import * as sources from './sources.ts'
import * as statistics from './statistics.ts'
import * as teams from './teams.ts'
import * as users from './users.ts'
import * as views from './views.ts'

/** Every write that is not hot: `(trx, input) => output`, the same source for both engines. */
export const coldCommands = {
  createEndpoint: endpoints.createEndpoint,
  updateEndpoint: endpoints.updateEndpoint,
  deleteEndpoint: endpoints.deleteEndpoint,
  expireEndpoints: endpoints.expireEndpoints,
  recordRejections: endpoints.recordRejections,
  recordFormerTokenUses: endpoints.recordFormerTokenUses,
  createReaction: reactions.createReaction,
  updateReaction: reactions.updateReaction,
  retryRun: runs.retryRun,
  cancelRun: runs.cancelRun,
  replayEvent: runs.replayEvent,
  releaseHeld: runs.releaseHeld,
  expireRuns: runs.expireRuns,
  extendLeases: runs.extendLeases,
  releaseLeases: runs.releaseLeases,
  releaseClaims: runs.releaseClaims,
  createShare: shares.createShare,
  revokeShare: shares.revokeShare,
  createTeam: teams.createTeam,
  updateTeam: teams.updateTeam,
  deleteTeam: teams.deleteTeam,
  createUser: users.createUser,
  updateUser: users.updateUser,
  setPassword: users.setPassword,
  inviteUser: users.inviteUser,
  acceptInvitation: users.acceptInvitation,
  assignRole: users.assignRole,
  unassignRole: users.unassignRole,
  createKey: keys.createKey,
  revokeKey: keys.revokeKey,
  noteSeen: keys.noteSeen,
  resealRows,
  createSecret: secrets.createSecret,
  updateSecret: secrets.updateSecret,
  deleteSecret: secrets.deleteSecret,
  recordSecretUses: secrets.recordSecretUses,
  createSession: administration.createSession,
  deleteSession: administration.deleteSession,
  deleteOtherSessions: administration.deleteOtherSessions,
  setInstallation: administration.setInstallation,
  keepIdempotent: administration.keepIdempotent,
  sweep: administration.sweep,
  createJob: jobs.createJob,
  stepJob: jobs.stepJob,
  changeJob: jobs.changeJob,
  createListener: listeners.createListener,
  openListener: listeners.openListener,
  useListener: listeners.useListener,
  queueForListener: listeners.queueForListener,
  releaseUnheld: listeners.releaseUnheld,
  deleteListener: listeners.deleteListener,
  forgetListeners: listeners.forgetListeners,
  addStatistics: statistics.addStatistics,
  sweepStatistics: statistics.sweepStatistics,
  createSource: sources.createSource,
  deleteSource: sources.deleteSource,
  noteSource: sources.noteSource,
  createView: views.createView,
  updateView: views.updateView,
  deleteView: views.deleteView,
  forgetEvents: retention.forgetEvents,
  forgetChanges: retention.forgetChanges,
  beginAlarms: alarms.beginAlarms,
  endAlarms: alarms.endAlarms,
  checkSilence: alarms.checkSilence,
  checkRejecting: alarms.checkRejecting,
  checkFailing: failing.checkFailing,
  noteAlive: alarms.noteAlive,
  noteAudit: audit.noteAudit,
  purgeAudit: audit.purgeAudit,
}

export type ColdCommands = typeof coldCommands
