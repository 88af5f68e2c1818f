import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { createRunner, type Runner } from './context.ts'
import { exitCodes } from './failure.ts'
import { addGlobalOptions, readGlobalOptions } from './global-options.ts'
import { createOutput } from './output.ts'
import { printFailure } from './print-failure.ts'
import type { Terminal } from './terminal.ts'

/** Fills a command with its arguments, options, sub-commands and actions. */
type Fill = (command: Command, run: Runner) => void

interface Entry {
  name: string
  summary: string
  /** Only the command that was named is loaded: `--help` starts in 50 ms, and so does everything else. */
  load(): Promise<Fill>
}

const entries: Entry[] = [
  {
    name: 'serve',
    summary: 'run the server; its flags are passed on to it',
    load: async () => (await import('./serve.ts')).serveCommand,
  },
  {
    name: 'endpoint',
    summary: 'create, list, show, edit and delete endpoints',
    load: async () => (await import('./endpoint.ts')).endpointCommands,
  },
  {
    name: 'event',
    summary: 'list, follow, show, send, replay and resend events',
    load: async () => (await import('./event.ts')).eventCommands,
  },
  {
    name: 'share',
    summary: 'show one event to somebody else by a link that expires; list and end such links',
    load: async () => (await import('./share.ts')).shareCommands,
  },
  {
    name: 'audit',
    summary: 'who changed what: list it, show one change, export all of them',
    load: async () => (await import('./audit.ts')).auditCommands,
  },
  {
    name: 'listen',
    summary: 'forward the requests of an endpoint to a server on this machine, and record its answers',
    load: async () => (await import('./listen.ts')).listenCommand,
  },
  {
    name: 'listener',
    summary: 'list and delete listeners: where `signalbox listen` forwards to',
    load: async () => (await import('./listener.ts')).listenerCommands,
  },
  {
    name: 'reaction',
    summary: 'create, test, edit, pause and delete reactions',
    load: async () => (await import('./reaction.ts')).reactionCommands,
  },
  {
    name: 'template',
    summary: 'try a template on an event, sending nothing',
    load: async () => (await import('./template.ts')).templateCommands,
  },
  {
    name: 'filter',
    summary: 'try a filter on an event',
    load: async () => (await import('./filter.ts')).filterCommands,
  },
  {
    name: 'run',
    summary: 'list, show, retry and cancel runs',
    load: async () => (await import('./run.ts')).runCommands,
  },
  {
    name: 'job',
    summary: 'list, show, stop and resume what is done to many: replays and retries',
    load: async () => (await import('./job.ts')).jobCommands,
  },
  {
    name: 'alarm',
    summary: 'list what is wrong now',
    load: async () => (await import('./alarm.ts')).alarmCommands,
  },
  {
    name: 'tell-me',
    summary: 'try whether whoever is told of alarms would hear of one',
    load: async () => (await import('./tell-me.ts')).tellMeCommands,
  },
  {
    name: 'view',
    summary: 'save, list, rename, pin and delete views: lists with their filters, under a name',
    load: async () => (await import('./view.ts')).viewCommands,
  },
  {
    name: 'secret',
    summary:
      'set, list, show and delete secrets, which templates name and nobody reads again; rotate their key',
    load: async () => (await import('./secret.ts')).secretCommands,
  },
  {
    name: 'team',
    summary: 'make, list, describe and delete teams',
    load: async () => (await import('./team.ts')).teamCommands,
  },
  {
    name: 'user',
    summary: 'make, invite, list and disable users, and give them roles',
    load: async () => (await import('./user.ts')).userCommands,
  },
  {
    name: 'key',
    summary: 'make, list and end API keys',
    load: async () => (await import('./key.ts')).keyCommands,
  },
  {
    name: 'why',
    summary: 'say which reactions fired on an event, and why the others did not',
    load: async () => (await import('./why.ts')).whyCommand,
  },
  {
    name: 'practice',
    summary: 'turn the switch of the practice target, and see what reached it',
    load: async () => (await import('./practice.ts')).practiceCommand,
  },
  {
    name: 'source',
    summary: 'fetch the events of other products, such as a tsuru server',
    load: async () => (await import('./source.ts')).sourceCommands,
  },
  {
    name: 'import',
    summary: 'copy what another product has, such as the webhooks of a tsuru server',
    load: async () => (await import('./import.ts')).importCommands,
  },
  {
    name: 'retention',
    summary: 'show and change how long events are kept',
    load: async () => (await import('./retention.ts')).retentionCommands,
  },
  {
    name: 'settings',
    summary: 'show every setting: its value, who said so, and what it means',
    load: async () => (await import('./settings.ts')).settingsCommand,
  },
  {
    name: 'status',
    summary: 'show how the server is doing',
    load: async () => (await import('./status.ts')).statusCommand,
  },
  {
    name: 'stats',
    summary: 'show what happened over a time range, in numbers',
    load: async () => (await import('./stats.ts')).statsCommand,
  },
  {
    name: 'sign-in',
    summary: 'check the connection: which server, as whom',
    load: async () => (await import('./sign-in.ts')).signInCommand,
  },
  {
    name: 'completion',
    summary: 'print a script that completes commands, flags and names in bash, zsh or fish',
    load: async () => (await import('./completion.ts')).completionCommand,
  },
  {
    name: 'sign-out',
    summary: 'sign every browser out; the token goes on working',
    load: async () => (await import('./sign-out.ts')).signOutCommand,
  },
  {
    name: 'open',
    summary: 'print a link that signs a browser in',
    load: async () => (await import('./open.ts')).openCommand,
  },
]

/** Runs one command line, without the program's name; answers the exit code and never throws. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = exitCodes.ok
  const program = createProgram(terminal, code => {
    exitCode = code
  })
  if (args[0] === 'complete') return complete(args, program, terminal)
  // Commander would show the help of a command that is not loaded yet.
  const given = args[0] === 'help' ? [...args.slice(1), '--help'] : args
  try {
    await program.parseAsync(given, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    const global = readGlobalOptions(innermost(program))
    return printFailure(error, createOutput(terminal, global), global.json)
  }
}

/** What the scripts of `completion` ask at each Tab: `complete <shell> -- <words>`. It never fails, and says little. */
async function complete(args: readonly string[], program: Command, terminal: Terminal): Promise<number> {
  const { completionsOf } = await import('./complete.ts')
  const run = createRunner(terminal, () => {})
  const words = args.slice(args.indexOf('--') + 1)
  const found = await completionsOf(words, { program, fill: command => fillCommand(command, run) }, terminal)
  const lines = found === 'files' ? [':files'] : found.map(({ value, about }) => `${value}\t${about}`)
  if (lines.length > 0) terminal.stdout.write(`${lines.join('\n')}\n`)
  return exitCodes.ok
}

/** The program with empty commands, which are filled when they are about to be parsed. */
function createProgram(terminal: Terminal, setExitCode: (code: number) => void): Command {
  const program = new Command('signalbox')
  program
    .description('Whatever happens becomes one durable event; reactions decide what to do about it.')
    .version(packageJson.version, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help of a command')
    .enablePositionalOptions()
    .showHelpAfterError('See --help.')
    .exitOverride()
    .configureOutput({
      writeOut: text => void terminal.stdout.write(text),
      writeErr: text => void terminal.stderr.write(text),
      getOutHelpWidth: () => terminal.stdout.columns ?? 100,
      getErrHelpWidth: () => terminal.stdout.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
  addGlobalOptions(program)
  const run = createRunner(terminal, setExitCode)
  for (const { name, summary } of entries) program.command(name).description(summary).helpCommand(false)
  program.hook('preSubcommand', async (_program, command) => {
    await fillCommand(command, run)
  })
  return program
}

/** Loads a command's file and lets it fill the command. */
async function fillCommand(command: Command, run: Runner): Promise<void> {
  const entry = entries.find(entry => entry.name === command.name())
  if (entry === undefined) return
  const fill = await entry.load()
  fill(command.enablePositionalOptions(), run)
  if (command.name() === 'serve') return
  for (const one of [command, ...command.commands]) addGlobalOptions(one)
}

/** Every command filled, for the reference page. */
export async function completeProgram(terminal: Terminal): Promise<Command> {
  const program = createProgram(terminal, () => {})
  const run = createRunner(terminal, () => {})
  for (const command of program.commands) await fillCommand(command, run)
  return program
}

/** The command that was reached: its global options say how a failure is shown. */
function innermost(command: Command): Command {
  const next = command.commands.find(one => one.name() === command.args[0])
  return next === undefined ? command : innermost(next)
}
