import type { EndpointState } from '../core/endpoint.ts'
import type { Owner, RequestDetails } from '../core/event.ts'
import type { JobKind, JobState } from '../core/job.ts'
import type { ReactionDefinition, ReactionState } from '../core/reaction.ts'
import type { AttemptOutcome, AttemptRequest, AttemptResponse, RunState } from '../core/run.ts'
import type { EventSummary, RunSummary } from '../core/summary.ts'

export type { EventSummary, RunSummary }

/** What the API answers, as far as it is printed for people. Times are RFC 3339 in UTC. */

export interface List<T> {
  items: T[]
  next: string | null
  /** Of lists that are counted: on all pages together. */
  total?: number
}

interface Counted {
  reason: string
  count: number
  lastAt: string
  sender: string | null
  detail: string | null
}

export interface Endpoint {
  id: string
  name: string
  description: string
  state: EndpointState | 'expired'
  path: string
  url: string
  dataUrl: string
  methods: string[]
  authentication: { type: string }[]
  kindName: string | null
  contentTypes: string[]
  allowedAddresses?: string[]
  maxBytes: number
  token?: string | null
  curl?: string | null
  createdAt: string
  expiresAt: string | null
  lastEventAt: string | null
  eventsPerMinute?: number
  silentAfterMs?: number | null
  eventShape?: 'tsuru' | null
  rateLimit?: { requests: number; per: string; burst: number } | null
  answer?: { status: number } | null
  formerToken?: {
    endsAt: string
    ended: boolean
    uses: number
    lastUsedAt: string | null
    lastUsedBy: string | null
  } | null
  answerFailures?: Counted | null
  rejections: Counted[]
  handshakes?: Counted[]
}

export interface Event extends EventSummary {
  owner: Owner
  actor: string
  team: string | null
  request: RequestDetails | null
  body: {
    contentType: string | null
    bytes: number
    text: string | null
    truncated: boolean
    parts:
      | { name: string | null; filename: string | null; contentType: string | null; bytes: number }[]
      | null
  }
  runs: RunSummary[]
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
  verdicts: Verdict[]
  ruledOut: number
}

export interface Reaction {
  id: string
  version: number
  state: ReactionState
  stateReason: string
  definition: ReactionDefinition
  endpointName: string | null
  createdAt: string
  updatedAt: string
  recent: { state: RunState; createdAt: string }[]
}

export interface DryRun {
  verdict: { fires: boolean; code?: string | null; reason?: string | null }
  request: AttemptRequest | null
  errors: { path: string; message: string; line?: number | null; column?: number | null }[]
}

export interface RenderedTemplate {
  output: string | null
  outputBytes: number
  errors: DryRun['errors']
  unresolved: string[]
}

export interface FilterVerdict {
  verdict: { matches: boolean; code: string | null; reason: string | null } | null
  errors: DryRun['errors']
}

export interface Share {
  id: string
  eventId: string
  redact: string[]
  actor: string
  createdAt: string
  expiresAt: string
  revokedAt: string | null
  revokedBy: string | null
}

export interface Backtest {
  since: string
  looked: number
  fires: number
  reasons: { code: string; count: number }[]
  events: EventSummary[]
  searchedTo: string | null
  next: string | null
  errors: DryRun['errors']
}

export interface Alarms {
  items: {
    kind: string
    subject: { type: string; id: string; name: string }
    since: string | null
    text: string
    advice: string
  }[]
  tellers: { id: string; name: string }[]
}

export interface Status {
  version: string
  nodeVersion?: string
  startedAt: string
  listening: string | string[]
  durability: string
  dataDirectory: string
  storage: { ok: boolean; reason: string | null }
  disk?: { level: string; freeBytes: number; totalBytes: number; note: string | null }
  store?: { bytes: number; usedBytes: number }
  retention?: {
    keepDays: number | null
    maxBytes: number | null
    oldestEventAt: string | null
    forgotten: number
    lastAt: string | null
    nextSweepAt?: string
  }
  alarms?: Alarms['items']
  waiting: { due: number; held: number }
  lanes: {
    lane: string
    underWay: number
    waitingHere: number
    breaker: 'closed' | 'open' | 'probing'
    opensAt?: string | null
    failuresInARow: number
  }[]
  visitors: { allowed?: boolean; reason?: string }
}

interface Times {
  count: number
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

export interface Statistics {
  since: string
  until: string
  step: string
  series: { key: string; name: string; total: Figures; points: (Figures & { at: string })[] }[]
}

export interface Job {
  id: string
  kind: JobKind
  state: JobState
  perSecond: number
  total: number | null
  examined: number
  made: number
  label: string
  createdAt: string
  endedAt: string | null
}

export interface Practice {
  enabled: boolean
  url: string
  behaviour: string
  delayMs: number
  received: number
  requests: {
    number: number
    receivedAt: string
    method: string
    path: string
    headers: [name: string, value: string][]
    body: string
    answeredStatus: number | null
    signature: { state: string; detail: string }
    run: { id: string; reactionName: string } | null
  }[]
}

export interface Kind {
  name: string
  type: string
  known: boolean
  meaning: string
  targets: { type: string; example: string | null }[]
  data: { path: string; type: string; example: string | number; template: string; where: string }[]
  seen: { count: number; countIsComplete: boolean; lastAt: string } | null
}

export interface AuditRow {
  id: string
  time: string
  actor: string
  by: string
  from: string
  userAgent: string
  action: string
  outcome: 'done' | 'refused'
  detail: string
  subject: { kind: string; id: string; name: string } | null
  changed: string[]
}

export interface WholeAuditRow extends AuditRow {
  before: object | null
  after: object | null
}
