import type { Command, Option } from 'commander'
import { type Candidate, findNames, type NameKind } from './complete-names.ts'
import type { GlobalOptions } from './global-options.ts'
import type { Terminal } from './terminal.ts'

/** What the shell may put at the cursor; `files` is for the shell to look up itself. */
export type Completions = Candidate[] | 'files'

export interface CommandTree {
  program: Command
  /** Loads the arguments and options of a command of the program. */
  fill(command: Command): Promise<void>
}

const one = (value: string, about = ''): Candidate => ({ value, about })
const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''

/** For a line of words, of which the last one is being typed and may be empty. */
export async function completionsOf(
  words: readonly string[],
  tree: CommandTree,
  terminal: Terminal,
): Promise<Completions> {
  const typed = words.at(-1) ?? ''
  const inline = /^(--[a-z-]+)=(.*)$/.exec(typed)
  const before = inline ? [...words.slice(0, -1), inline[1] ?? ''] : words.slice(0, -1)
  const found = await candidatesAfter(before, inline?.[2] ?? typed, tree, terminal)
  if (found === 'files') return found
  const prefix = inline ? `${inline[1]}=` : ''
  return found
    .map(candidate => one(prefix + candidate.value, candidate.about))
    .filter(({ value }) => value.startsWith(typed))
}

async function candidatesAfter(
  before: readonly string[],
  typed: string,
  tree: CommandTree,
  terminal: Terminal,
): Promise<Completions> {
  const place = await walk(before, tree)
  if (place.command.name() === 'serve')
    return typed.startsWith('-') ? (await import('./serve.ts')).serveFlags() : 'files'
  const names = (kind: NameKind) => findNames(kind, typed, place.given, terminal)
  if (place.pending !== null) return valuesOf(place.pending, names)
  if (typed.startsWith('-')) return optionsAt(place)
  const { command } = place
  if (command.commands.length > 0)
    return command.commands.map(inner => one(inner.name(), firstLine(inner.description())))
  const argument =
    command.registeredArguments[place.positional] ??
    command.registeredArguments.findLast(last => last.variadic)
  if (argument === undefined) return []
  if (argument.argChoices !== undefined) return argument.argChoices.map(choice => one(choice))
  return named(argument.name(), names)
}

interface Place {
  command: Command
  /** How many arguments stand before the cursor. */
  positional: number
  /** An option that waits for its value. */
  pending: Option | null
  used: Set<Option>
  given: GlobalOptions
}

async function walk(words: readonly string[], { program, fill }: CommandTree): Promise<Place> {
  const place: Place = {
    command: program,
    positional: 0,
    pending: null,
    used: new Set(),
    given: { json: false, quiet: false, color: true },
  }
  for (const word of words) {
    // Bash makes three words of --name=value.
    if (word === '=') continue
    if (place.pending !== null) take(place, place.pending, word)
    else if (word.startsWith('-') && word !== '-') startOption(place, word)
    else await enter(place, word, fill)
  }
  return place
}

function take(place: Place, option: Option, value: string): void {
  const name = option.attributeName()
  if (name === 'url' || name === 'token' || name === 'data') place.given[name] ??= value
  place.pending = null
}

function startOption(place: Place, word: string): void {
  const [flag, value] = word.split(/=(.*)/s, 2)
  const option = optionsOf(place.command).find(one => one.long === flag || one.short === flag)
  if (option === undefined) return
  place.used.add(option)
  if (option.isBoolean()) return
  place.pending = option
  if (value !== undefined) take(place, option, value)
}

async function enter(place: Place, word: string, fill: CommandTree['fill']): Promise<void> {
  const inner = place.command.commands.find(command => command.name() === word)
  if (inner === undefined) {
    if (place.command.parent !== null) place.positional++
    return
  }
  if (inner.parent?.parent === null) await fill(inner)
  place.command = inner
  place.positional = 0
}

/** Those of the command and of the program itself: global options may stand anywhere. */
function optionsOf(command: Command): Option[] {
  const options = [...command.options]
  for (const inherited of command.parent === null ? [] : optionsOf(command.parent))
    if (!options.some(own => own.long === inherited.long)) options.push(inherited)
  return options.filter(option => !option.hidden)
}

function optionsAt({ command, used }: Place): Candidate[] {
  const left = optionsOf(command).filter(option => !used.has(option) || option.parseArg !== undefined)
  return [...left.map(option => one(option.long ?? option.short ?? '', firstLine(option.description))), help]
}
const help = one('--help', 'print help')

const fileOptions = new Set(['data', 'file'])

function valuesOf(option: Option, names: (kind: NameKind) => Promise<Candidate[]>): Promise<Completions> {
  if (option.argChoices !== undefined) return Promise.resolve(option.argChoices.map(choice => one(choice)))
  const name = option.attributeName()
  return fileOptions.has(name) ? Promise.resolve('files') : named(name, names)
}

const kinds: Record<string, NameKind> = {
  secret: 'secret',
  endpoint: 'endpoint',
  reaction: 'reaction',
  event: 'event',
  run: 'run',
  job: 'job',
  kind: 'kind',
}

async function named(name: string, names: (kind: NameKind) => Promise<Candidate[]>): Promise<Completions> {
  const kind = kinds[name]
  return kind === undefined ? [] : names(kind)
}
