import type { ColdCommands } from '../commands/index.ts'
import type { CommandInput } from '../port.ts'
import type { SubjectKind } from './describe.ts'

/** What a command is about. */
export interface Subject {
  kind: SubjectKind
  /** Empty: of no one thing. */
  id: string
  /** The id stays out of the trail. */
  isSecret?: true
  /** Where the command knows better than the request who acts: whoever signs in. */
  actor?: string
  /** What was done, of what stands as it stood: a replay of an event. */
  did?: object
}

const byId =
  (kind: SubjectKind) =>
  ({ id }: { id: string }): Subject => ({ kind, id })

/** Commands that only Signalbox itself gives, and those whose rows are a record themselves. */
const notAsked = null

/** What each command is about, when somebody asked for it. A command that is missing here does not compile. */
export const subjects: {
  [N in keyof ColdCommands]: ((input: CommandInput<N>) => Subject | null) | null
} = {
  createEndpoint: byId('endpoint'),
  updateEndpoint: byId('endpoint'),
  deleteEndpoint: byId('endpoint'),
  createReaction: byId('reaction'),
  updateReaction: byId('reaction'),
  retryRun: byId('run'),
  cancelRun: byId('run'),
  replayEvent: ({ eventId, runs }) => ({
    kind: 'event',
    id: eventId,
    did: { runs: runs.map(({ id, reactionId }) => ({ id, reactionId })) },
  }),
  createShare: byId('share'),
  revokeShare: byId('share'),
  createTeam: ({ name }) => ({ kind: 'team', id: name }),
  updateTeam: ({ name }) => ({ kind: 'team', id: name }),
  deleteTeam: ({ name }) => ({ kind: 'team', id: name }),
  createUser: byId('user'),
  // That somebody signed in is told with their session.
  updateUser: ({ id, set }) => ('signed_in_at' in set ? null : { kind: 'user', id }),
  setPassword: ({ userId }) => ({ kind: 'user', id: userId }),
  inviteUser: ({ user_id: id }) => ({ kind: 'user', id }),
  acceptInvitation: ({ tokenHash }) => ({ kind: 'invitation', id: tokenHash, isSecret: true }),
  assignRole: byId('role'),
  unassignRole: byId('role'),
  createKey: ({ id, actor }) => ({ kind: 'key', id, actor }),
  revokeKey: byId('key'),
  createSecret: byId('secret'),
  updateSecret: byId('secret'),
  deleteSecret: byId('secret'),
  createSource: byId('source'),
  deleteSource: byId('source'),
  createSession: ({ tokenHash, actor }) => ({ kind: 'session', id: tokenHash, isSecret: true, actor }),
  deleteSession: ({ tokenHash }) => ({ kind: 'session', id: tokenHash, isSecret: true }),
  deleteOtherSessions: () => ({ kind: 'session', id: '' }),
  setInstallation: ({ key }) => ({ kind: 'setting', id: key }),
  createJob: byId('job'),
  changeJob: byId('job'),
  createListener: byId('listener'),
  deleteListener: byId('listener'),
  createView: byId('view'),
  updateView: byId('view'),
  deleteView: byId('view'),
  // These write their own rows.
  noteAudit: notAsked,
  purgeAudit: notAsked,
  // A listener's own program asks, and the runs that it makes tell of it.
  openListener: notAsked,
  useListener: notAsked,
  queueForListener: notAsked,
  releaseUnheld: notAsked,
  expireEndpoints: notAsked,
  recordRejections: notAsked,
  recordFormerTokenUses: notAsked,
  releaseHeld: notAsked,
  expireRuns: notAsked,
  extendLeases: notAsked,
  releaseLeases: notAsked,
  releaseClaims: notAsked,
  keepIdempotent: notAsked,
  sweep: notAsked,
  resealRows: notAsked,
  stepJob: notAsked,
  forgetListeners: notAsked,
  addStatistics: notAsked,
  sweepStatistics: notAsked,
  forgetEvents: notAsked,
  forgetChanges: notAsked,
  beginAlarms: notAsked,
  endAlarms: notAsked,
  checkSilence: notAsked,
  checkRejecting: notAsked,
  checkFailing: notAsked,
  noteAlive: notAsked,
  noteSeen: notAsked,
  noteSource: notAsked,
  recordSecretUses: notAsked,
}

/** Whether the trail has something to tell of a command. */
export const tellsOf = (name: string): boolean =>
  Object.hasOwn(subjects, name) && subjects[name as keyof typeof subjects] !== null

/** What else a request does may be a consequence, and is not told: of a deleted reaction, the runs that it held. */
export const onlyFollows: ReadonlySet<string> = new Set<keyof ColdCommands>(['cancelRun'])
