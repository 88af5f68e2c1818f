import { parse, type Word, type WordPart } from 'unbash'

/** What is wrong with a line; `at` is where in it, from 0. */
export class PasteError extends Error {
  readonly at: number
  constructor(message: string, at = 0) {
    super(message)
    this.name = 'PasteError'
    this.at = at
  }
}

/**
 * The words of one command as bash would hand them over, without running or expanding anything. A line that only a
 * shell could tell the meaning of (variables, pipes, files) is refused with a PasteError.
 */
export function wordsOf(line: string): string[] {
  const source = line.replace(/^\s*[$%#] +/, '')
  const indent = line.length - source.length
  const fail = (message: string, at: number): never => {
    throw new PasteError(message, at + indent)
  }
  const { commands, errors } = parse(source)
  const [error] = errors ?? []
  if (error) return fail(`The line ends too early or is no shell: ${error.message}`, error.pos)
  const [statement, next] = commands
  if (!statement) return fail('There is no command', 0)
  if (statement.background)
    return fail(
      'There is an & outside of quotes: put the URL between quotes',
      source.indexOf('&', statement.pos),
    )
  if (next) return fail('It is more than one command: paste one', next.pos)
  const { command } = statement
  if (command.type !== 'Command')
    return fail('It is no simple command: paste it without pipes and loops', command.pos)
  const [redirect] = command.redirects
  if (redirect) return fail('It reads or writes a file: paste it without < and >', redirect.pos)
  const words = [command.name, ...command.args]
  return words.map(word => {
    if (word?.type !== 'Word') return fail('It sets a variable: paste the command alone', word?.pos ?? 0)
    const part = expansionIn(word)
    if (part)
      return fail(
        `Only your shell knows what ${source.slice(part.pos, part.end)} is: put its value there`,
        part.pos,
      )
    return word.value
  })
}

const plain = new Set(['Literal', 'SingleQuoted', 'AnsiCQuoted', 'Glob'])

function expansionIn({ parts }: Word): WordPart | undefined {
  for (const part of parts ?? []) {
    if (plain.has(part.type)) continue
    if (part.type !== 'DoubleQuoted') return part
    const inner = part.parts.find(({ type }) => type !== 'Literal')
    if (inner) return inner
  }
  return undefined
}
