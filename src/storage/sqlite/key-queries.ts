import type { Assignment } from '../../core/permission.ts'
import type { KeyQueries, StoredEvent } from '../key-queries.ts'
import { type ChangeRow, feedPreviewBytes, mergeChanges } from '../queries/changes.ts'
import type {
  AlarmTable,
  ApiKeyTable,
  AttemptTable,
  Database,
  EndpointTable,
  EventTable,
  ReactionVersionTable,
  RunTable,
  SecretTable,
  SessionTable,
  ShareTable,
  SourceTable,
  UserTable,
} from '../schema.ts'
import type { Connection } from './connection.ts'

type Input<N extends keyof KeyQueries> = Parameters<KeyQueries[N]>[1]
export type KeyReader = { [N in keyof KeyQueries]: (input: Input<N>) => ReturnType<KeyQueries[N]> }

/** Prepared once on the main thread's own read-only connection. */
export function createKeyReader(connection: Connection): KeyReader {
  const lastPosition = createLastPosition(connection)
  const reactPosition = connection.prepare('select position from react_position where partition = ?').pluck()
  const run = connection.prepare('select * from run where id = ?')
  const reactionVersion = connection.prepare(
    'select * from reaction_version where reaction_id = ? and version = ?',
  )
  const workingJobs = connection.prepare("select id from job where state = 'working' order by id").pluck()
  const sources = connection.prepare('select * from source order by created_at, id')
  const alarms = connection.prepare('select * from alarm order by started_at, kind, subject_id')
  const session = connection.prepare('select * from session where token_hash = ?')
  const apiKey = connection.prepare('select * from api_key where token_hash = ?')
  const person = createPersonReader(connection)
  const share = connection.prepare('select * from share where token_hash = ?')
  const secretsNamed = connection.prepare(
    `select * from secret where name in (select value from json_each(?)) and (team is null or team = ?)
     and not exists (select 1 from secret own where own.name = secret.name and own.team = ? and secret.team is null)`,
  )
  const installation = connection.prepare('select value from installation where key = ?').pluck()
  return {
    ...createEventReader(connection),
    ...createConfigurationReader(connection),
    changesAfter: createChangesAfter(connection, lastPosition),
    lastPosition,
    dueLanes: createDueLanes(connection),
    workingJobs: () => workingJobs.all() as string[],
    alarms: () => alarms.all() as AlarmTable[],
    sources: () => sources.all() as SourceTable[],
    run: ({ id }) => (run.get(id) as RunTable | undefined) ?? null,
    reactPosition: ({ partition }) => (reactPosition.get(partition) as number | undefined) ?? 0,
    reactionVersion: ({ id, version }) =>
      (reactionVersion.get(id, version) as ReactionVersionTable | undefined) ?? null,
    session: ({ tokenHash }) => (session.get(tokenHash) as SessionTable | undefined) ?? null,
    apiKey: ({ tokenHash }) => (apiKey.get(tokenHash) as ApiKeyTable | undefined) ?? null,
    person,
    share: ({ tokenHash }) => (share.get(tokenHash) as ShareTable | undefined) ?? null,
    secretsNamed: ({ names, team }) => secretsNamed.all(JSON.stringify(names), team, team) as SecretTable[],
    installation: ({ key }) => (installation.get(key) as string | undefined) ?? null,
  }
}

function createPersonReader(connection: Connection): KeyReader['person'] {
  const user = connection.prepare('select * from user_account where id = ?')
  const assignments = connection.prepare(
    'select role, permission, team from role_assignment where user_id = ? order by created_at, id',
  )
  return ({ id }) => {
    const row = user.get(id) as UserTable | undefined
    return row ? { user: row, assignments: assignments.all(id) as Assignment[] } : null
  }
}

type EventWithBody = EventTable & { body: Uint8Array }

function createEventReader(connection: Connection): Pick<KeyReader, 'event' | 'eventsAfter'> {
  const joined =
    'select event.*, event_body.body from event join event_body on event_body.position = event.position'
  const byId = connection.prepare(`${joined} where event.id = ?`)
  const after = connection.prepare(
    `${joined} where event.position > ? and event.partition = ? order by event.position`,
  )
  const split = ({ body, ...event }: EventWithBody): StoredEvent => ({ event, body })
  return {
    event({ id }) {
      const row = byId.get(id) as EventWithBody | undefined
      return row ? split(row) : null
    },
    eventsAfter({ partition, position, limit, maxBytes }) {
      const events: StoredEvent[] = []
      let bytes = 0
      for (const row of after.iterate(position, partition) as IterableIterator<EventWithBody>) {
        events.push(split(row))
        bytes += row.body_bytes
        if (events.length >= limit || bytes >= maxBytes) break
      }
      return events
    },
  }
}

function createLastPosition(connection: Connection): () => number {
  const query = connection
    .prepare(
      `select max(coalesce((select max(position) from event), 0), coalesce((select max(position) from run), 0),
         coalesce((select max(position) from attempt), 0), coalesce((select max(position) from change), 0),
         (select position from retention))`,
    )
    .pluck()
  return () => query.get() as number
}

function createChangesAfter(connection: Connection, lastPosition: () => number): KeyReader['changesAfter'] {
  const events = connection.prepare(
    // SQLite's substr makes a null of an empty body.
    `select event.*, coalesce(substr(event_body.body, 1, ${feedPreviewBytes}), x'') as preview from event
     join event_body on event_body.position = event.position where event.position > ? order by event.position limit ?`,
  )
  const runs = connection.prepare('select * from run where position > ? order by position limit ?')
  const attempts = connection.prepare('select * from attempt where position > ? order by position limit ?')
  const others = connection.prepare('select * from change where position > ? order by position limit ?')
  const runById = connection.prepare('select * from run where id = ?')
  /** None, where the run has passed its retention. */
  const runAt = (position: number, id: string): ChangeRow[] => {
    const run = runById.get(id) as RunTable | undefined
    return run === undefined ? [] : [{ type: 'run', position, run }]
  }
  const read = connection.transaction((position: number, limit: number) => {
    const end = lastPosition()
    const lists: ChangeRow[][] = [
      (events.all(position, limit) as (EventTable & { preview: Uint8Array })[]).map(
        ({ preview, ...event }) => ({
          type: 'event',
          position: event.position,
          event,
          preview,
        }),
      ),
      (runs.all(position, limit) as RunTable[]).map(run => ({ type: 'run', position: run.position, run })),
      (attempts.all(position, limit) as AttemptTable[]).map(attempt => ({
        type: 'attempt',
        position: attempt.position,
        attempt,
        run: runById.get(attempt.run_id) as RunTable,
      })),
      (others.all(position, limit) as Database['change'][]).flatMap((change): ChangeRow | ChangeRow[] =>
        change.topic === 'run'
          ? runAt(change.position, change.subject_id)
          : {
              type: 'configuration',
              position: change.position,
              topic: change.topic,
              subjectId: change.subject_id,
              team: change.team,
              atMs: change.at,
            },
      ),
    ]
    return mergeChanges(lists, limit, end)
  })
  return ({ position, limit }) => read(position, limit)
}

/** A loose scan: one seek a lane, however many runs wait in it. */
function createDueLanes(connection: Connection): KeyReader['dueLanes'] {
  const next = connection.prepare(
    'select lane, due_at as dueAtMs from run where due_at is not null and lane > ? order by lane, due_at limit 1',
  )
  return () => {
    const lanes: { lane: string; dueAtMs: number }[] = []
    for (let lane = ''; ; lane = lanes.at(-1)!.lane) {
      const row = next.get(lane) as { lane: string; dueAtMs: number } | undefined
      if (!row) return lanes
      lanes.push(row)
    }
  }
}

function createConfigurationReader(connection: Connection): Pick<KeyReader, 'configurationSince'> {
  const version = connection.prepare('select version from config_state where id = 1').pluck()
  const endpoints = connection.prepare('select * from endpoint where config_version > ?')
  const reactions = connection.prepare(
    `select v.* from reaction_version v join reaction r on r.id = v.reaction_id and r.version = v.version
     where v.config_version > ?`,
  )
  const read = connection.transaction((since: number) => ({
    version: version.get() as number,
    endpoints: endpoints.all(since) as EndpointTable[],
    reactions: reactions.all(since) as ReactionVersionTable[],
  }))
  return {
    configurationSince({ version: since }) {
      // Polled once a second: nothing changed is the usual answer, and costs one lookup.
      const current = version.get() as number
      return current === since ? { version: current, endpoints: [], reactions: [] } : read(since)
    },
  }
}
