import { writeFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { pino } from 'pino'
import { type App, startApp } from './app.ts'
import { type Config, ConfigError, readConfig, settings, sourcesOf } from './config.ts'
import { createFailpoint } from './failpoint.ts'
import { boundGarbage, dropStartGarbageSoon } from './memory.ts'
import { StorageError } from './storage/port.ts'

const keepCompiledAfterMs = 3_000

/** Reads the settings, starts, says where to click, and stops on a signal. */
export async function serve(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) return console.log(help())
  const app = await start(args, environment)
  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1)
    stopping = true
    console.log(`\n${signal}: finishing what is under way (once more to end at once)`)
    app.stop().then(
      () => process.exit(0),
      error => fail(error),
    )
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
}

async function start(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<App> {
  try {
    const config = readConfig(args, environment)
    boundGarbage()
    const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: false }))
    const failpoint = createFailpoint(environment.SIGNALBOX_FAILPOINT)
    const app = await startApp({ config, sources: sourcesOf(args, environment), log, failpoint })
    dropStartGarbageSoon()
    writeFileSync(join(config.data, 'running.json'), JSON.stringify({ pid: process.pid, url: app.url }))
    console.log(banner(app, config))
    // Node would keep compiled code only after a clean exit, and the start after a crash would be slow.
    setTimeout(flushCompileCache, keepCompiledAfterMs).unref()
    return app
  } catch (error) {
    return fail(error)
  }
}

/** Every setting, from the one table that also docs/config.md is printed from. */
function help(): string {
  const lines = Object.values(settings).map(({ flag, meaning }) => `  --${flag.padEnd(18)} ${meaning}`)
  return ['Starts Signalbox. Each setting is also a variable: --port is SIGNALBOX_PORT.', '', ...lines].join(
    '\n',
  )
}

function banner(app: App, config: Config): string {
  return [
    '',
    `  Signalbox is ready.  Open  ${app.services.baseUrl()}/sign-in#${app.services.signIn.issue()}`,
    `             (signs the administrator in, once, within 15 minutes)`,
    '',
    `  data       ${config.data}`,
    `  a 202 is   ${app.services.storage.durability}`,
    '',
  ].join('\n')
}

/** A mistake that the user can mend is a sentence; anything else keeps its stack. */
function fail(error: unknown): never {
  const sentence = sentenceOf(error)
  console.error(sentence === null ? error : `\n  ${sentence}\n`)
  process.exit(1)
}

function sentenceOf(error: unknown): string | null {
  if (error instanceof ConfigError) return error.message
  if (error instanceof StorageError && error.code === 'storage.unavailable') return error.message
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null
  const advice = adviceOn[String(error.code)]
  return advice === undefined ? null : `${error.message}. ${advice}`
}

/** What the system refuses at a start, by its code. */
const adviceOn: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another program listens there already: stop that one, or choose another port with --port.',
  EADDRNOTAVAIL: 'This machine has no such address: choose another one with --host.',
  ENOTFOUND: 'Nobody knows that name: choose another address with --host.',
  EACCES: 'This user may not do that: choose another port (--port) or another folder (--data).',
  EEXIST: 'A file is in the way: choose another folder with --data.',
  ENOTDIR: 'A file is in the way: choose another folder with --data.',
  EROFS: 'Nothing can be written there: choose another folder with --data.',
  ENOSPC: 'The disk is full: make room, or choose another folder with --data.',
}
