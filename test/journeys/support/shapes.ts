/** What the API's answers hold, as far as journeys read it. */

export interface List<T> {
  items: T[]
  next: string | null
}

export interface Session {
  signedIn: boolean
  actor: string | null
  visitors: { allowed: boolean; reason: string }
  endpoints: string[]
}

export interface Endpoint {
  id: string
  name: string
  path: string
  url: string
  dataUrl: string
  token: string
  curl: string
  state: string
  lastEventAt: string | null
  expiresAt: string | null
  eventsPerMinute: number
  formerToken: {
    token: string | null
    endsAt: string
    ended: boolean
    uses: number
    lastUsedAt: string | null
    lastUsedBy: string | null
  } | null
  answerFailures: { count: number; detail: string } | null
  rejections: { reason: string; count: number; lastAt: string; sender: string; detail: string }[]
}

export interface EventSummary {
  id: string
  time: string
  kind: { type: string; name: string }
  targets: { type: string; value: string }[]
  error: string | null
  endpointId: string | null
  sender: string | null
  bodyBytes: number
  preview: string
  hops: number
  cause: { runId: string; eventId: string } | null
}

export interface Event extends EventSummary {
  request: { headers: Record<string, string | string[]>; verified: string; deliveryId: string | null } | null
  body: { contentType: string | null; bytes: number; text: string | null; truncated: boolean }
  runs: RunSummary[]
}

export interface RunSummary {
  id: string
  eventId: string
  reactionId: string
  reactionName: string
  reactionVersion: number
  replay: boolean
  state: string
  label: string
  attempts: number
  dueAt: string | null
}

export interface Request {
  method: string
  url: string
  headers: [name: string, value: string][]
  body: string
  bodyBytes: number
}

export interface Attempt {
  number: number
  startedAt: string
  endedAt: string
  durationMs: number
  outcome: string
  errorCode: string | null
  message: string
  request: Request | null
  response: { status: number; headers: [string, string][]; body: string; bodyBytes: number } | null
}

export interface Run extends RunSummary {
  attemptList: Attempt[]
}

export interface Reaction {
  id: string
  version: number
  state: string
  definition: Record<string, unknown> & { name: string; action: Record<string, unknown> }
}

export interface Verdict {
  reactionName: string
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

export interface DryRun {
  verdict: { fires: boolean; code: string | null; reason: string | null } | null
  request: Request | null
  errors: { path: string; message: string; line?: number; column?: number }[]
}

export interface Status {
  lanes: {
    lane: string
    underWay: number
    waitingHere: number
    breaker: string
    opensAt: string | null
    failuresInARow: number
  }[]
  visitors: { allowed: boolean; reason: string }
  waiting: { due: number; held: number }
}

export interface Problem {
  status: number
  code: string
  title: string
  detail: string
}
