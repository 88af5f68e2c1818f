import type { AuthenticationScheme } from '../../../src/core/authentication.ts'
import type { Cause, Kind, Owner, RequestDetails, Target } from '../../../src/core/event.ts'
import type { ReactionDefinition } from '../../../src/core/reaction.ts'
import type { AttemptOutcome, AttemptRequest, AttemptResponse, RunState } from '../../../src/core/run.ts'

/** The native API's shapes, as they travel. Times are RFC 3339 texts. */

export interface List<T> {
  items: T[]
  next: string | null
}

export interface Session {
  signedIn: boolean
  actor: string | null
  visitors: { allowed: boolean; reason: string }
  /** What this visitor may see. */
  endpoints: string[]
}

export interface Rejection {
  reason: string
  count: number
  lastAt: string
  sender: string
  detail: string
}

interface RateLimit {
  requests: number
  per: 'second' | 'minute'
  burst: number
}

export interface CustomAnswer {
  status: number
  headers: { name: string; value: string }[]
  body: string
}

interface FormerToken {
  endsAt: string
  ended: boolean
  uses: number
  lastUsedAt: string | null
  lastUsedBy: string | null
}

export interface Endpoint {
  id: string
  name: string
  description: string
  state: 'active' | 'disabled' | 'expired'
  path: string
  url: string
  dataUrl: string
  methods: string[]
  authentication: AuthenticationScheme[]
  /** Null: as the provider calls it. */
  kindName: string | null
  deliveryId: { header: string } | { path: string } | null
  contentTypes: string[]
  /** Of the senders that are taken; empty: all. */
  allowedAddresses: string[]
  allowedOrigins: string[]
  allowedRate: number | null
  maxBytes: number
  eventShape: 'tsuru' | null
  silentAfterMs: number | null
  /** null when the key that sealed it is lost. */
  token: string | null
  curl: string
  createdAt: string
  updatedAt: string
  expiresAt: string | null
  lastEventAt: string | null
  eventsPerMinute: number
  rateLimit: RateLimit | null
  answer: CustomAnswer | null
  /** The send token before the last rotation. */
  formerToken: FormerToken | null
  rejections: Rejection[]
  /** What was answered and is no event. */
  handshakes: Rejection[]
  chosenPath: boolean
  visitor: boolean
}

export interface VisitorEndpoint {
  endpoint: Endpoint
  viewKey: string
  shareUrl: string
}

export interface EventSummary {
  id: string
  time: string
  kind: Kind
  targets: Target[]
  error: string | null
  endpointId: string | null
  method: string | null
  path: string | null
  sender: string | null
  contentType: string | null
  bodyBytes: number
  preview: string
  hops: number
  cause: Cause | null
}

export interface EventDetail extends EventSummary {
  owner: Owner
  actor: string
  team: string | null
  request: RequestDetails | null
  body: {
    contentType: string | null
    bytes: number
    text: string | null
    truncated: boolean
    parts: BodyPart[] | null
  }
  runs: RunSummary[]
}

/** One part of a multipart body. */
export interface BodyPart {
  name: string | null
  filename: string | null
  contentType: string | null
  bytes: number
  text: string | null
}

export interface EventList extends List<EventSummary> {
  /** How far back a search got before its deadline; null when it saw everything. */
  searchedTo: string | null
}

export interface Verdict {
  reactionId: string
  reactionName: string
  version: number
  fires: boolean
  held: boolean
  code: string | null
  reason: string | null
  runId: string | null
}

export interface Verdicts {
  eventId: string
  state: 'reacted' | 'waiting'
  configVersion: number
  verdicts: Verdict[]
  /** Reactions that their trigger alone excluded. */
  ruledOut: number
}

export interface Replay {
  occasion: string
  runs: RunSummary[]
  verdicts: Verdict[]
}

export interface RunSummary {
  id: string
  eventId: string
  reactionId: string
  reactionName: string
  reactionVersion: number
  replay: boolean
  state: RunState
  label: string
  attempts: number
  dueAt: string | null
  createdAt: string
  endedAt: string | null
  deadlineAt: string
  lane: string
}

export interface Attempt {
  number: number
  startedAt: string
  endedAt: string
  durationMs: number
  outcome: AttemptOutcome
  errorCode: string | null
  message: string
  request: AttemptRequest | null
  response: AttemptResponse | null
}

export interface Run extends RunSummary {
  event: EventSummary | null
  attemptList: Attempt[]
}

export interface Reaction {
  id: string
  version: number
  state: 'active' | 'paused' | 'disabled'
  stateReason: string
  definition: ReactionDefinition
  endpointName: string | null
  createdBy: string
  createdAt: string
  updatedAt: string
  /** Its last 20 runs, newest first. */
  recent: { state: RunState; createdAt: string }[]
}

export interface ReactionVersion {
  version: number
  state: string
  definition: ReactionDefinition
  updatedAt: string
  actor: string
}

export interface FieldError {
  path: string
  message: string
  line?: number
  column?: number
}

export interface DryRun {
  verdict: { fires: boolean; code: string | null; reason: string | null } | null
  request: {
    method: string
    url: string
    headers: [string, string][]
    body: string
    bodyBytes: number
  } | null
  errors: FieldError[]
}

export interface Times {
  count: number
  /** Milliseconds; null when there is nothing to tell. */
  p50: number | null
  p95: number | null
}

export interface Figures {
  events: { success: number; error: number }
  attempts: { succeeded: number; failed: number }
  runs: { succeeded: number; failed: number; cancelled: number }
  deliveryMs: Times
  attemptMs: Times
}

export interface StatisticPoint extends Figures {
  at: string
  waiting: { due: number; trying: number; held: number } | null
}

export interface Statistics {
  since: string
  until: string
  step: string
  series: { key: string; name: string; total: Figures; points: StatisticPoint[] }[]
}

export interface Job {
  id: string
  kind: 'replay' | 'retry'
  state: 'working' | 'stopped' | 'done'
  perSecond: number
  /** null: there were too many to count. */
  total: number | null
  examined: number
  made: number
  label: string
  createdAt: string
  endedAt: string | null
}

export interface LaneStatus {
  lane: string
  underWay: number
  waitingHere: number
  breaker: 'closed' | 'open' | 'probing'
  opensAt: string | null
  failuresInARow: number
}

export interface OperationStatus {
  version: string
  nodeVersion: string
  startedAt: string
  listening: string
  /** What a 202 rests on. */
  durability: string
  dataDirectory: string
  storage: { ok: boolean; reason: string | null }
  disk: { level: 'ok' | 'low' | 'full'; freeBytes: number; totalBytes: number; note: string | null }
  store: { bytes: number; usedBytes: number }
  retention: {
    oldestEventAt: string | null
    forgotten: number
    lastAt: string | null
    lastSweep: { at: string; forgotten: number } | null
    nextSweepAt: string
  }
  visitors: { allowed: boolean; reason: string }
  waiting: { due: number; held: number }
  lanes: LaneStatus[]
}

export interface KnownKind {
  name: string
  targets: { type: string; example: string | null }[]
}

export type {
  AttemptRequest,
  AttemptResponse,
  AuthenticationScheme,
  ReactionDefinition,
  RequestDetails,
  RunState,
}

/** Something that is wrong now. */
export interface Alarm {
  kind: string
  subject: { type: 'endpoint' | 'reaction' | 'lane' | 'disk'; id: string; name: string }
  since: string | null
  text: string
  advice: string
  /** Under the dashboard's root. */
  page: string
  eventId: string | null
}

export interface Alarms {
  items: Alarm[]
  /** Reactions that tell somebody of alarms. */
  tellers: { id: string; name: string }[]
}

export interface TellMePresets {
  presets: { name: string; title: string; hint: string }[]
}
