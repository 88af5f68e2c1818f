import type { Command } from 'commander'
import { type Answer, type Client, createClient } from './client.ts'
import { findConnection } from './connection.ts'
import { type GlobalOptions, readGlobalOptions, readOwnOptions } from './global-options.ts'
import { createOutput, type Output } from './output.ts'
import type { Terminal } from './terminal.ts'

/** What a command gets besides its own arguments and options. */
export interface Context {
  terminal: Terminal
  output: Output
  global: GlobalOptions
  /** Made on first use: not every command speaks to a server. */
  api: Client
  /** The answer as JSON with --json, else as `human` shows it. */
  print<T>(answer: Answer<T>, human: (data: T) => void): void
}

/** An action: first the context, then what commander hands over. What it returns becomes the exit code. */
type Handler<A extends unknown[]> = (context: Context, ...given: A) => Promise<number | void>

/** Wraps a handler for commander's `.action()`. */
export type Runner = <A extends unknown[]>(
  handler: Handler<A>,
) => (...given: [...A, Command]) => Promise<void>

export function createRunner(terminal: Terminal, setExitCode: (code: number) => void): Runner {
  return handler =>
    async (...given) => {
      const command = given.at(-1) as Command
      const positional = given.slice(0, -2)
      const context = createContext(terminal, readGlobalOptions(command))
      const code = await handler(context, ...([...positional, readOwnOptions(command)] as never))
      if (typeof code === 'number') setExitCode(code)
    }
}

export function createContext(terminal: Terminal, global: GlobalOptions): Context {
  const output = createOutput(terminal, global)
  let client: Client | undefined
  return {
    terminal,
    output,
    global,
    get api() {
      client ??= createClient(findConnection(global, terminal))
      return client
    },
    print(answer, human) {
      if (!global.json) human(answer.data)
      else if (answer.text !== '') output.document(answer.text)
    },
  }
}
