import { readFileSync, writeFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Command, Option } from 'commander'
import { isGlobalOption } from './global-options.ts'
import { completeProgram } from './program.ts'
import type { Terminal } from './terminal.ts'

/** Prints the commands into docs/cli.md, below its mark: `node src/cli/reference.ts`. A test holds the page to the code. */

export const page = fileURLToPath(new URL('../../docs/cli.md', import.meta.url))
const mark = '<!-- Below this line: printed by `node src/cli/reference.ts` -->\n'

/** The page with its commands as the code has them now. */
export async function currentPage(): Promise<string> {
  const [written = ''] = readFileSync(page, 'utf8').split(mark)
  return `${written}${mark}\n${await reference()}`
}

async function reference(): Promise<string> {
  const program = await completeProgram(nowhere)
  const globals = optionTable(program.options.filter(isGlobalOption))
  const commands = program.commands.flatMap(command => [command, ...command.commands])
  return [`## Global options\n\n${globals}`, '## Commands\n', ...commands.map(describe)].join('\n')
}

function describe(command: Command): string {
  const own = command.options.filter(option => !isGlobalOption(option))
  const isGroup = command.commands.length > 0
  const heading = isGroup
    ? `### ${command.name()}`
    : `${isTop(command) ? '###' : '####'} \`${usageOf(command, own.length > 0)}\``
  return `${heading}\n\n${sentence(command.description())}\n${own.length > 0 ? `\n${optionTable(own)}` : ''}`
}

const isTop = (command: Command): boolean => !command.parent?.parent

const pathOf = (command: Command): string =>
  command.parent?.parent ? `${command.parent.name()} ${command.name()}` : command.name()

function usageOf(command: Command, hasOptions: boolean): string {
  const given = command.registeredArguments.map(argument => {
    const shown = argument.variadic ? `${argument.name()}...` : argument.name()
    return argument.required ? `<${shown}>` : `[${shown}]`
  })
  return [pathOf(command), ...given, ...(hasOptions ? ['[options]'] : [])].join(' ')
}

const optionTable = (options: readonly Option[]): string =>
  `| option | |\n|---|---|\n${options.map(({ flags, description }) => `| \`${cell(flags)}\` | ${cell(description)} |\n`).join('')}`

const cell = (text: string): string => text.replaceAll('|', '\\|')
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

/** The commands are described, not run. */
const nowhere: Terminal = {
  stdin: new PassThrough(),
  stdout: new PassThrough(),
  stderr: new PassThrough(),
  environment: {},
  directory: '.',
  nowMs: () => 0,
  wait: async () => {},
  onInterrupt: () => () => {},
}

if (import.meta.main) {
  const current = await currentPage()
  const stands = readFileSync(page, 'utf8') === current
  if (!process.argv.includes('--check')) writeFileSync(page, current)
  else if (!stands) {
    console.error('docs/cli.md is out of date; run: node src/cli/reference.ts')
    process.exitCode = 1
  }
}
