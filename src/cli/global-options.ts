import { type Command, Option } from 'commander'

export interface GlobalOptions {
  url?: string
  token?: string
  data?: string
  json: boolean
  quiet: boolean
  color: boolean
}

const heading = 'Global options:'

const globalOptions = (): Option[] => [
  new Option('--url <url>', 'address of the server (SIGNALBOX_URL)'),
  new Option('--token <token>', 'API key or admin token (SIGNALBOX_TOKEN)'),
  new Option('--data <folder>', 'data folder of a server on this machine (SIGNALBOX_DATA; ./data)'),
  new Option('--json', "print the API's JSON"),
  new Option('--quiet', 'print only ids and names, and no notes'),
  new Option('--no-color', 'no colours (NO_COLOR)'),
]

/**
 * They may stand before or after the command. A command whose own option has the same name (`reaction create --url`)
 * keeps it, and the global one then stands before the command: options are positional, so both work in one line.
 */
export function addGlobalOptions(command: Command): Command {
  for (const option of globalOptions()) {
    if (command.options.some(own => own.long === option.long)) continue
    command.addOption(option.helpGroup(heading))
  }
  return command
}

/** Collects them from the command and from those above it; the nearest one wins. */
export function readGlobalOptions(command: Command): GlobalOptions {
  const given: Record<string, unknown> = {}
  for (let at: Command | null = command; at !== null; at = at.parent) {
    for (const option of at.options.filter(isGlobalOption)) {
      const name = option.attributeName()
      if (at.getOptionValueSource(name) === 'cli') given[name] ??= at.getOptionValue(name)
    }
  }
  return { json: false, quiet: false, color: true, ...given }
}

/** The options of the command itself. */
export function readOwnOptions(command: Command): Record<string, unknown> {
  const names = command.options
    .filter(option => !isGlobalOption(option))
    .map(option => option.attributeName())
  const given = names.map(name => [name, command.getOptionValue(name)])
  return Object.fromEntries(given.filter(([, value]) => value !== undefined))
}

export const isGlobalOption = (option: Option): boolean => option.helpGroupHeading === heading
