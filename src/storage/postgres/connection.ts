import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { StorageError } from '../port.ts'
import type { Database } from '../schema.ts'

/** What our statements need of a client, of a pool or alone. */
export type Client = Pick<pg.ClientBase, 'query'>

const int8 = 20
/** Positions, times and counts are all below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    (Number(oid) === int8 ? Number : pg.types.getTypeParser(oid, format)) as never,
}

/** A server that is gone is noticed within seconds, and a statement that hangs is ended. */
const connectTimeoutMs = 5_000
export const statementTimeoutMs = 30_000

function clientConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    types,
    application_name: 'signalbox',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    statement_timeout: statementTimeoutMs,
    // A transaction of ours that was left open would hold back every reader: see positions.ts.
    idle_in_transaction_session_timeout: statementTimeoutMs,
    // The server's own limit comes first; this one is for a server that no longer answers.
    query_timeout: statementTimeoutMs + 5_000,
  }
}

/** Compiling costs more than these short statements save. */
const sessionSettings = 'set jit = off'

export function createPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    ...clientConfig(url),
    max,
    onConnect: async client => void (await client.query(sessionSettings)),
  })
  // An idle connection that ends is replaced when the next query asks for one.
  pool.on('error', () => {})
  return pool
}

/** Another node may be migrating for as long as it takes. */
export const unhurried: pg.ClientConfig = {
  statement_timeout: 0,
  query_timeout: 0,
  idle_in_transaction_session_timeout: 0,
}

/** A connection that writes: `on` or better, whatever the server's default is. */
export async function connectWriter(url: string, overrides: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ ...clientConfig(url), ...overrides })
  // Without a listener the end of an idle connection would end the process; whoever uses it next is told.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(sessionSettings)
    await client.query(
      "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') <> 'remote_apply'",
    )
    return client
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
}

/** Postgres text has no NUL; what came with one is kept with the sign for a character that cannot be shown. */
export const storable = <T>(value: T): T | string =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value

/** One statement, on whichever connection is free; prepared under its name on each. */
export type Ask = <R>(name: string, text: string, values?: readonly unknown[]) => Promise<R[]>

export const askOn =
  (pool: pg.Pool | pg.ClientBase): Ask =>
  async (name, text, values = []) =>
    (await pool.query({ name, text, values: values.map(storable) })).rows as never

/** Kysely on one client, whose transactions are opened by hand: it only compiles and runs statements. */
export function kyselyOn(client: Client): Kysely<Database> {
  const query = (text: string, values: readonly unknown[]) => client.query(text, values.map(storable))
  const only = { query, release() {} }
  const pool = { connect: async () => only, end: async () => {}, options: {} }
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool: pool as never }) })
}

/** Whom we are talking to, and what a commit rests on there. Refuses a server that could not keep its word. */
export async function inspectServer(client: Client): Promise<{ durability: string }> {
  const { rows } = await client.query<Record<string, string>>(
    `select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding,
       current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
       current_setting('synchronous_standby_names') as standbys, current_setting('synchronous_commit') as synchronous_commit,
       pg_is_in_recovery()::text as in_recovery`,
  )
  const server = rows[0]!
  const version = Math.floor(Number(server.version) / 10_000)
  if (version < 15) throw unfit(`It is Postgres ${version}; 15 or newer is needed.`)
  if (server.encoding !== 'UTF8')
    throw unfit(`Its database is in ${server.encoding}; create one with ENCODING 'UTF8'.`)
  if (server.in_recovery === 'true') throw unfit('It is a standby, which takes no writes; name the primary.')
  return { durability: durabilityOf(server) }
}

function durabilityOf(server: Record<string, string>): string {
  if (server.fsync !== 'on')
    return 'Postgres WAL, NOT fsynced: this server runs with fsync=off, a power cut loses what was accepted and may destroy the database'
  const torn = server.full_page_writes === 'on' ? '' : ', full_page_writes=off'
  const standby = server.standbys === '' ? '' : ' and a synchronous standby'
  return `Postgres WAL (fsync on this server${torn})${standby}`
}

const unfit = (why: string) =>
  new StorageError('storage.unavailable', `This Postgres cannot hold Signalbox's data. ${why}`, {
    retryable: false,
  })
