import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { exitCodes, Failure } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** One line from the keyboard, of which nothing is echoed. Ctrl-C and Ctrl-D end the command. */
export function promptHidden(question: string, { stdin, stderr }: Terminal): Promise<string> {
  stderr.write(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true })
  return new Promise((resolve, reject) => {
    let line: string | null = null
    lines.once('line', text => {
      line = text
      lines.close()
    })
    lines.once('SIGINT', () => lines.close())
    lines.once('close', () => {
      stderr.write('\n')
      if (line !== null && line !== '') resolve(line)
      else
        reject(new Failure('Nothing was given, and nothing was changed', { exitCode: exitCodes.interrupted }))
    })
  })
}
