import type pg from 'pg'
import type { Assignment } from '../../core/permission.ts'
import type { KeyQueries, StoredEvent } from '../key-queries.ts'
import { feedPreviewBytes } from '../queries/changes.ts'
import type {
  AlarmTable,
  ApiKeyTable,
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
import { createChangesAfter } from './changes.ts'
import { type Ask, askOn } from './connection.ts'
import { settledBelow } from './positions.ts'

type Input<N extends keyof KeyQueries> = Parameters<KeyQueries[N]>[1]
export type KeyReader = { [N in keyof KeyQueries]: (input: Input<N>) => Promise<ReturnType<KeyQueries[N]>> }

export function createKeyReader(pool: pg.Pool): KeyReader {
  const ask = askOn(pool)
  const one = async <R>(name: string, text: string, values?: readonly unknown[]): Promise<R | null> =>
    (await ask<R>(name, text, values))[0] ?? null
  return {
    ...createEventReader(ask),
    configurationSince: createConfigurationReader(pool, ask),
    changesAfter: createChangesAfter(ask, feedPreviewBytes),
    dueLanes: () => dueLanes(ask),
    async lastPosition() {
      const row = await one<{ position: number }>('last-position', `select ${settledBelow} - 1 as position`)
      return row!.position
    },
    async reactPosition({ partition }) {
      const text = 'select position from react_position where partition = $1'
      return (await one<{ position: number }>('react-position', text, [partition]))?.position ?? 0
    },
    async workingJobs() {
      const text = "select id from job where state = 'working' order by id"
      return (await ask<{ id: string }>('working-jobs', text, [])).map(row => row.id)
    },
    sources: () => ask<SourceTable>('sources', 'select * from source order by created_at, id', []),
    alarms: () => ask<AlarmTable>('alarms', 'select * from alarm order by started_at, kind, subject_id', []),
    run: ({ id }) => one<RunTable>('run', 'select * from run where id = $1', [id]),
    reactionVersion: ({ id, version }) =>
      one<ReactionVersionTable>(
        'reaction-version',
        'select * from reaction_version where reaction_id = $1 and version = $2',
        [id, version],
      ),
    session: ({ tokenHash }) =>
      one<SessionTable>('session', 'select * from session where token_hash = $1', [tokenHash]),
    apiKey: ({ tokenHash }) =>
      one<ApiKeyTable>('api-key', 'select * from api_key where token_hash = $1', [tokenHash]),
    async person({ id }) {
      const user = await one<UserTable>('user', 'select * from user_account where id = $1', [id])
      if (user === null) return null
      const text =
        'select role, permission, team from role_assignment where user_id = $1 order by created_at, id'
      return { user, assignments: await ask<Assignment>('assignments', text, [id]) }
    },
    share: ({ tokenHash }) =>
      one<ShareTable>('share', 'select * from share where token_hash = $1', [tokenHash]),
    secretsNamed: ({ names, team }) =>
      ask<SecretTable>(
        'secrets-named',
        `select * from secret where name = any($1::text[]) and (team is null or team = $2)
         and not exists (select 1 from secret own where own.name = secret.name and own.team = $2 and secret.team is null)`,
        [names, team],
      ),
    async installation({ key }) {
      const text = 'select value from installation where key = $1'
      return (await one<{ value: string }>('installation', text, [key]))?.value ?? null
    },
  }
}

type EventWithBody = EventTable & { body: Uint8Array }

const split = ({ body, ...event }: EventWithBody): StoredEvent => ({ event, body })

function createEventReader(ask: Ask): Pick<KeyReader, 'event' | 'eventsAfter'> {
  return {
    async event({ id }) {
      const [row] = await ask<EventWithBody>(
        'event',
        `select event.*, event_body.body from event join event_body on event_body.position = event.position
         where event.id = $1`,
        [id],
      )
      return row ? split(row) : null
    },
    async eventsAfter({ partition, position, limit, maxBytes }) {
      const rows = await ask<EventWithBody>(
        'events-after',
        `with page as (
           select event.*, sum(body_bytes) over (order by position) - body_bytes as bytes_before from event
           where position > $1 and position < ${settledBelow} and partition = $2 order by position limit $3)
         select page.position, id, partition, received_at, kind_type, kind_name, endpoint_id, team, actor, error, hops,
           content_type, body_bytes, detail, body
         from page join event_body on event_body.position = page.position
         where bytes_before < $4 or bytes_before = 0 order by page.position`,
        [position, partition, limit, maxBytes],
      )
      return rows.map(split)
    },
  }
}

/** A loose scan: one seek a lane, however many runs wait in it. */
const dueLanes = (ask: Ask) =>
  ask<{ lane: string; dueAtMs: number }>(
    'due-lanes',
    `with recursive waiting as (
       (select lane, due_at from run where due_at is not null order by lane, due_at limit 1)
       union all
       select next.lane, next.due_at from waiting cross join lateral (
         select lane, due_at from run where due_at is not null and lane > waiting.lane order by lane, due_at limit 1) next)
     select lane, due_at as "dueAtMs" from waiting`,
  )

function createConfigurationReader(pool: pg.Pool, ask: Ask): KeyReader['configurationSince'] {
  const version = async (on: Ask) =>
    (await on<{ version: number }>('config-version', 'select version from config_state where id = 1'))[0]!
      .version
  return async ({ version: since }) => {
    // Polled once a second: nothing changed is the usual answer, and costs one lookup.
    const current = await version(ask)
    if (current === since) return { version: current, endpoints: [], reactions: [] }
    const client = await pool.connect()
    let broken = false
    try {
      await client.query('begin isolation level repeatable read, read only')
      const on = askOn(client)
      const change = {
        version: await version(on),
        endpoints: await on<EndpointTable>(
          'endpoints-since',
          'select * from endpoint where config_version > $1',
          [since],
        ),
        reactions: await on<ReactionVersionTable>(
          'reactions-since',
          `select v.* from reaction_version v join reaction r on r.id = v.reaction_id and r.version = v.version
           where v.config_version > $1`,
          [since],
        ),
      }
      await client.query('commit')
      return change
    } catch (error) {
      broken = true
      throw error
    } finally {
      client.release(broken)
    }
  }
}
