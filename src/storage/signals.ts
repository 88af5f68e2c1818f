import type { Signal } from '../core/signal.ts'
import type { Command } from './command.ts'

/** Which signals a transaction gives once it is committed. */
export const signalsOf = (commands: readonly Command[]): Set<Signal> =>
  new Set(commands.flatMap(signalsOfOne))

function signalsOfOne(command: Command): readonly Signal[] {
  if (command.name === 'recordAttempt' || command.name === 'commitReacted') {
    return command.input.ownEvents.length > 0 ? events : feed
  }
  // What is not listed changes the configuration.
  return signals[command.name] ?? configuration
}

const none: readonly Signal[] = []
const feed: readonly Signal[] = ['feed']
const events: readonly Signal[] = ['events']
const runs: readonly Signal[] = ['runs']
const configuration: readonly Signal[] = ['configuration']

const signals: Partial<Record<Command['name'], readonly Signal[]>> = {
  // Whoever appends hands the event to react.
  appendEvent: feed,
  recordFormerTokenUses: feed,
  // These may tell of a run that ended, in an event of our own.
  claimRuns: events,
  expireRuns: events,
  updateReaction: ['configuration', 'events'],
  expireEndpoints: ['configuration', 'events'],
  retryRun: runs,
  cancelRun: runs,
  replayEvent: runs,
  releaseHeld: runs,
  releaseClaims: runs,
  releaseLeases: runs,
  extendLeases: none,
  keepIdempotent: none,
  createTeam: none,
  updateTeam: none,
  deleteTeam: none,
  createUser: none,
  updateUser: none,
  setPassword: none,
  inviteUser: none,
  acceptInvitation: none,
  assignRole: none,
  unassignRole: none,
  createKey: none,
  revokeKey: none,
  noteSeen: none,
  createSession: none,
  deleteSession: none,
  deleteOtherSessions: none,
  setInstallation: none,
  sweep: none,
  createJob: feed,
  changeJob: feed,
  stepJob: runs,
  createView: feed,
  updateView: feed,
  deleteView: feed,
  addStatistics: none,
  sweepStatistics: none,
  forgetEvents: none,
  forgetChanges: none,
  // Whoever checks gives the signal when something was told: mostly nothing is.
  beginAlarms: none,
  endAlarms: none,
  checkSilence: none,
  checkRejecting: none,
  checkFailing: none,
  noteAlive: none,
  noteAudit: none,
  purgeAudit: none,
}
