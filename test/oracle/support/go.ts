import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Answer } from '../../../src/core/template/go/testing/outcome.ts'

const source = fileURLToPath(new URL('../../vectors/go-template', import.meta.url))
/** First where Go's own installer puts it: a distribution's may be too old. */
const env = { ...process.env, PATH: `/usr/local/go/bin:${process.env['PATH']}` }

export interface Oracle {
  /** What real Go makes of it. */
  ask(template: string, context: unknown): Promise<Answer>
  /** What the generator of the vectors writes. */
  vectors(): string
  rendersPerSecond(template: string, context: unknown): number
  close(): void
}

/** Builds the program in test/vectors/go-template, and starts it. */
export function startOracle(): Oracle {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-oracle-'))
  const program = join(folder, 'oracle')
  // Whose the repository is does not matter here.
  run('go', ['build', '-buildvcs=false', '-o', program, '.'])
  const child = spawn(program, ['serve'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async ask(template, context) {
      child.stdin.write(`${JSON.stringify({ template, context })}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error(`Go ended over ${JSON.stringify(template)}`)
      return JSON.parse(value) as Answer
    },
    vectors: () => run(program, []),
    rendersPerSecond: (template, context) =>
      Number(run(program, ['bench'], JSON.stringify({ template, context }))),
    close() {
      child.kill()
      rmSync(folder, { recursive: true })
    },
  }
}

export const hasGo = (): boolean => launch('go', ['version']).status === 0

function run(command: string, args: string[], input?: string): string {
  const { status, stdout, stderr, error } = launch(command, args, input)
  if (status === 0) return stdout
  throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr}`)
}

const launch = (command: string, args: string[], input = '') =>
  spawnSync(command, args, { cwd: source, env, input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
