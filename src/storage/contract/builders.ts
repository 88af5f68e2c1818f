import type { NewEndpoint } from '../commands/endpoints.ts'
import type { NewReaction } from '../commands/reactions.ts'
import type {
  AppendEvent,
  AppendedEvent,
  ClaimedRun,
  CommitReacted,
  NewRun,
  Reacted,
  RecordAttempt,
} from '../hot.ts'
import type { Storage } from '../port.ts'
import type { EndpointTable, ReactionVersionTable } from '../schema.ts'

/** Rows with everything filled in; a test names only what it is about. */

let made = 0
const next = (prefix: string): string => `${prefix}_${String(++made).padStart(6, '0')}`
/** As long as ids of events are: a time leads to a position through the one that they begin with. */
const nextEventId = (): string => `evt_${String(++made).padStart(24, '0')}`

export const anEvent = (set: Partial<AppendEvent> = {}): AppendEvent => ({
  id: nextEventId(),
  partition: 0,
  receivedAtMs: 1_000,
  kindType: 'external',
  kindName: 'webhook.received',
  endpointId: null,
  team: null,
  actor: 'tester',
  error: null,
  hops: 0,
  contentType: null,
  detail: JSON.stringify({
    targets: [],
    owner: { type: 'user', name: 'tester' },
    cause: null,
    request: null,
  }),
  targets: [],
  deliveryId: null,
  body: new Uint8Array(),
  ...set,
})

export const aRun = (eventId: string, set: Partial<NewRun> = {}): NewRun => ({
  id: next('r'),
  eventId,
  reactionId: 'rea_1',
  reactionVersion: 1,
  occasion: '',
  team: null,
  actor: 'tester',
  state: 'due',
  onLost: 'retry',
  lane: 'example.com',
  dueAtMs: 1_000,
  createdAtMs: 1_000,
  deadlineAtMs: 1_000_000,
  label: 'Due',
  ...set,
})

export const anAttempt = (
  { id, claim_no, attempts }: Pick<ClaimedRun['run'], 'id' | 'claim_no' | 'attempts'>,
  set: Partial<RecordAttempt> = {},
): RecordAttempt => ({
  runId: id,
  claimNo: claim_no,
  number: attempts + 1,
  startedAtMs: 2_000,
  endedAtMs: 2_100,
  outcome: 'succeeded',
  errorCode: null,
  message: '',
  status: 200,
  record: '{}',
  request: new Uint8Array(),
  response: new Uint8Array(),
  next: { state: 'succeeded', dueAtMs: null, label: '200 OK' },
  ownEvents: [],
  ...set,
})

/** An event of our own that tells of a run. */
export const aRunEvent = (runId: string, eventId: string): AppendEvent =>
  anEvent({
    kindType: 'signalbox',
    kindName: 'run.created',
    detail: JSON.stringify({
      targets: [],
      owner: { type: 'signalbox', name: 'signalbox' },
      cause: { runId, eventId },
      request: null,
    }),
  })

export const anEndpoint = (set: Partial<NewEndpoint> = {}): NewEndpoint => {
  const id = next('ep')
  return {
    id,
    name: id,
    path: `/hooks/${id}`,
    state: 'active',
    definition: '{}',
    token_hash: `hash of ${id}`,
    token_sealed: 'sealed',
    view_key_hash: null,
    team: null,
    actor: 'tester',
    created_at: 1_000,
    expires_at: null,
    limitOfActor: null,
    ...set,
  }
}

export const aReaction = (set: Partial<NewReaction> = {}): NewReaction => {
  const id = next('rea')
  return { id, name: id, definition: '{}', state: 'active', team: null, actor: 'tester', atMs: 1_000, ...set }
}

export const append = (storage: Storage, set: Partial<AppendEvent> = {}): Promise<AppendedEvent> =>
  storage.execute('appendEvent', anEvent(set))

export const createEndpoint = (storage: Storage, set: Partial<NewEndpoint> = {}): Promise<EndpointTable> =>
  storage.execute('createEndpoint', anEndpoint(set))

export const createReaction = (
  storage: Storage,
  set: Partial<NewReaction> = {},
): Promise<ReactionVersionTable> => storage.execute('createReaction', aReaction(set))

export const commitReacted = (storage: Storage, set: Partial<CommitReacted> = {}): Promise<Reacted> =>
  storage.execute('commitReacted', {
    partition: 0,
    position: 0,
    configVersion: 0,
    runs: [],
    ownEvents: [],
    ...set,
  })

/** Appends an event and commits runs for it, one for each set of differences; answers the runs. */
export async function makeRuns(storage: Storage, ...sets: Partial<NewRun>[]): Promise<NewRun[]> {
  const event = anEvent({ body: new TextEncoder().encode('{"hello":1}'), hops: 2 })
  const { position } = await storage.execute('appendEvent', event)
  const runs = sets.map((set, index) => aRun(event.id, { reactionId: `rea_${index + 1}`, ...set }))
  const reacted = await commitReacted(storage, { position, runs })
  if (reacted.stale) throw new Error('The configuration of a test that changes none is version 0')
  return runs
}

export const claim = (
  storage: Storage,
  nowMs: number,
  lanes: { lane: string; limit: number }[] = [{ lane: 'example.com', limit: 100 }],
): Promise<ClaimedRun[]> => storage.execute('claimRuns', { lanes, nowMs, leaseUntilMs: nowMs + 60_000 })

/** Makes a run, claims it and answers the claim. */
export async function claimedRun(storage: Storage, set: Partial<NewRun> = {}): Promise<ClaimedRun> {
  await makeRuns(storage, set)
  const [claimed] = await claim(storage, 1_000)
  if (!claimed) throw new Error('A run that is due can be claimed')
  return claimed
}
