/**
 * The tables, the same in both engines. Times are milliseconds since 1970, flags 0 or 1, JSON is text.
 *
 * `position` is the place in the one order of commits, over all tables that have it: a reader that has seen
 * position p has seen every row below p. SQLite's only writer counts; Postgres packs the transaction's id and a
 * counter, and readers stop below the oldest transaction that is still open.
 */
export interface Database {
  installation: { key: string; value: string }
  config_state: { id: number; version: number }
  endpoint: EndpointTable
  rejection: RejectionTable
  reaction: { id: string; name: string | null; version: number; created_at: number }
  reaction_version: ReactionVersionTable
  /** From this position on, events were matched with this version of the configuration. */
  config_epoch: { partition: number; position: number; version: number }
  react_position: { partition: number; position: number }
  event: EventTable
  event_body: { position: number; body: Uint8Array }
  event_target: { type: string; value: string; position: number }
  delivery: { endpoint_id: string; delivery_id: string; event_id: string; received_at: number }
  run: RunTable
  attempt: AttemptTable
  attempt_body: { position: number; request: Uint8Array; response: Uint8Array }
  /** Changes that no other table with a position tells of: a run cancelled, a reaction edited. */
  change: { position: number; topic: string; subject_id: string; at: number; team: string | null }
  idempotency: {
    key: string
    actor: string
    fingerprint: string
    status: number
    response: string
    created_at: number
  }
  retention: { id: number; position: number; events: number; last_at: number | null }
  session: SessionTable
  team: TeamTable
  user_account: UserTable
  role_assignment: RoleAssignmentTable
  invitation: InvitationTable
  api_key: ApiKeyTable
  statistic: StatisticTable
  share: ShareTable
  /** Everything up to here has been counted. */
  statistic_position: { id: number; position: number }
  job: JobTable
  saved_view: SavedViewTable
  listener: ListenerTable
  alarm: AlarmTable
  audit: AuditTable
  source: SourceTable
  secret: SecretTable
}

export interface SessionTable {
  token_hash: string
  actor: string
  created_at: number
  expires_at: number
  /** None of the bootstrap administrator's. */
  user_id: string | null
  last_seen_at: number | null
}

/** Its name is what everything that it owns bears, and never changes. */
export interface TeamTable {
  name: string
  description: string
  actor: string
  created_at: number
  deleted_at: number | null
}

export interface UserTable {
  id: string
  /** In lower case. */
  email: string
  name: string
  /** A hash by argon2id; none for whoever signs in elsewhere, or has not been invited yet. */
  password: string | null
  oidc_issuer: string | null
  oidc_subject: string | null
  state: string
  actor: string
  created_at: number
  updated_at: number
  signed_in_at: number | null
}

/** A role or a single permission, in a team or in the whole organization. */
export interface RoleAssignmentTable {
  id: string
  user_id: string
  role: string | null
  permission: string | null
  team: string | null
  actor: string
  created_at: number
}

/** Lets whoever has its token set the password of a user, once. */
export interface InvitationTable {
  token_hash: string
  user_id: string
  actor: string
  created_at: number
  expires_at: number
}

export interface ApiKeyTable {
  id: string
  token_hash: string
  name: string
  /** None: of the bootstrap administrator. */
  user_id: string | null
  /** JSON: roles and permissions, of which it has what its owner has too. */
  scope: string
  actor: string
  created_at: number
  expires_at: number | null
  last_used_at: number | null
  revoked_at: number | null
  revoked_by: string | null
}

export interface ShareTable {
  id: string
  token_hash: string
  event_id: string
  /** JSON: the paths that are masked. */
  redact: string
  team: string | null
  actor: string
  created_at: number
  expires_at: number
  revoked_at: number | null
  revoked_by: string | null
}

export interface EndpointTable {
  id: string
  name: string | null
  path: string | null
  state: string
  definition: string
  token_hash: string
  token_sealed: string
  view_key_hash: string | null
  team: string | null
  actor: string
  config_version: number
  created_at: number
  updated_at: number
  expires_at: number | null
  former_token_hash: string | null
  former_token_sealed: string | null
  former_token_ends_at: number | null
  /** How often it was used since the rotation, when last, and from where. */
  former_token_uses: number
  former_token_used_at: number | null
  former_token_used_by: string | null
}

/** What was turned away, told to the owner: one row an endpoint and reason. */
export interface RejectionTable {
  endpoint_id: string
  reason: string
  count: number
  last_at: number
  last_sender: string
  last_detail: string
  /** How many since a request was taken last, and from when on. */
  in_a_row: number
  row_since: number
}

export interface ReactionVersionTable {
  reaction_id: string
  version: number
  config_version: number
  position: number
  since_position: number
  state: string
  state_reason: string
  definition: string
  team: string | null
  actor: string
  created_at: number
  updated_at: number
}

export interface EventTable {
  position: number
  id: string
  partition: number
  received_at: number
  kind_type: string
  kind_name: string
  endpoint_id: string | null
  team: string | null
  actor: string
  error: string | null
  hops: number
  content_type: string | null
  body_bytes: number
  /** JSON: targets, owner, cause, request. */
  detail: string
}

export interface RunTable {
  position: number
  id: string
  event_id: string
  reaction_id: string
  reaction_version: number
  occasion: string
  team: string | null
  actor: string
  state: string
  on_lost: string
  lane: string
  due_at: number | null
  claim_no: number
  attempts: number
  tries: number
  created_at: number
  deadline_at: number
  ended_at: number | null
  label: string
}

export interface AttemptTable {
  position: number
  run_id: string
  number: number
  started_at: number
  ended_at: number
  outcome: string
  error_code: string | null
  message: string
  status: number | null
  /** JSON: the request and the answer without their bodies. */
  record: string
  /** How the run stood after it. */
  run_state: string
  run_due_at: number | null
}

/** How often something happened within a step of time, whose width is `step` milliseconds. Empty text is "none". */
export interface StatisticTable {
  step: number
  at: number
  measure: string
  team: string
  endpoint_id: string
  reaction_id: string
  outcome: string
  bucket: number
  count: number
}

/** Something done to many. Its id is the occasion of the runs that it makes. */
export interface JobTable {
  id: string
  kind: string
  state: string
  /** JSON: which events or runs. */
  filter: string
  reaction_id: string | null
  per_second: number
  /** How far it got, and how far it goes. */
  position: number
  last_position: number
  total: number | null
  examined: number
  made: number
  label: string
  team: string | null
  actor: string
  created_at: number
  told_at: number
  ended_at: number | null
}

/** Somebody's `signalbox listen`. */
export interface ListenerTable {
  id: string
  endpoint_id: string
  target: string
  /** JSON: what it takes, and what it tries again. */
  settings: string
  /** Of the program that holds it now; another one that starts takes over. */
  session: string
  team: string | null
  actor: string
  created_at: number
  seen_at: number
}

/** A list with its filters, under a name. */
export interface SavedViewTable {
  id: string
  list: string
  name: string
  /** JSON: what narrows the list. */
  filters: string
  pinned: number
  team: string | null
  actor: string
  created_at: number
  updated_at: number
}

/** Another product that is asked for its events. */
export interface SourceTable {
  id: string
  name: string
  product: string
  url: string
  token_sealed: string
  /** JSON: how far it was read. */
  progress: string
  /** What was wrong when it was last asked; null when nothing. */
  problem: string | null
  asked_at: number | null
  team: string | null
  actor: string
  created_at: number
}

/** What is wrong now: one row as long as it lasts. `event_id` is the event that told of it. */
export interface AlarmTable {
  kind: string
  subject_id: string
  subject_name: string
  event_id: string
  team: string | null
  actor: string
  started_at: number
  text: string
}

/** A value that templates name. */
export interface SecretTable {
  id: string
  name: string
  team: string | null
  value_sealed: string
  /** JSON: the only hosts that it may be sent to; empty: any. */
  hosts: string
  description: string
  actor: string
  created_at: number
  updated_at: number
  last_used_at: number | null
}

/** One change, or one that was refused. Rows are never changed, and leave only by a purge that is a row itself. */
export interface AuditTable {
  position: number
  id: string
  at: number
  actor: string
  known_by: string
  sender: string
  user_agent: string
  action: string
  /** Empty: of no one thing. */
  subject_kind: string
  subject_id: string
  subject_name: string
  team: string | null
  outcome: string
  detail: string
  /** JSON: how it stood, secrets masked; null where there was nothing. */
  before: string | null
  after: string | null
  /** Of a purge: rows older than this may leave. */
  purged_before: number | null
}
