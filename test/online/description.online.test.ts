// Thousands of requests are made from the served description of the API, right and wrong ones, and every answer is
// held against it: schemathesis is the stranger who knows nothing but that description.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { before, test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { furnish } from '../journeys/support/furnish.ts'
import { type Signalbox, startSignalbox, temporaryFolder } from '../journeys/support/signalbox.ts'
import { startTarget } from '../journeys/support/target.ts'
import { pythonPrograms } from './support/python.ts'

const version = '4.32.5'
const withinMs = 240_000
const limits = { timeout: withinMs + 30_000 }

let program: string
before(async () => {
  program = join(await pythonPrograms('schemathesis', version), 'schemathesis')
})

/** An installation in use, and the ids of one thing of each sort. */
async function installation(context: TestContext) {
  const target = await startTarget(context)
  const box = await startSignalbox(context)
  const { orders, reaction, order, failedRun } = await furnish(box, target)
  const job = await box.api<{ id: string }>('POST', '/api/jobs/replay', { events: { endpoint: 'orders' } })
  const settings = { endpoint: 'orders', target: target.url, settings: {} }
  const listener = await box.api<{ id: string }>('POST', '/api/listeners', settings)
  const errors = { list: 'events', name: 'Errors', filters: { outcome: 'error' } }
  const view = await box.api<{ id: string }>('POST', '/api/views', errors)
  const known = {
    KNOWN_ENDPOINT: orders.id,
    KNOWN_REACTION: reaction.id,
    KNOWN_EVENT: order,
    KNOWN_RUN: failedRun,
    KNOWN_JOB: job.id,
    KNOWN_LISTENER: listener.id,
    KNOWN_VIEW: view.id,
  }
  return { box, known }
}

test('whatever is asked about a thing that exists, the answer is as described', limits, async context => {
  const { box, known } = await installation(context)
  const byId = '--include-path-regex=^/api/(endpoints|reactions|events|runs|jobs|listeners|views)/\\{'
  await ask(context, box, 'schemathesis-known.toml', [byId, '--exclude-method=DELETE'], known)
})

test('whatever a stranger asks, the answer is as described', limits, async context => {
  const { box } = await installation(context)
  // It would take away what everything else is about.
  await ask(context, box, 'schemathesis.toml', ['--exclude-path=/api/retention'])
  await ask(context, box, 'schemathesis.toml', ['--include-path=/api/retention', '--phases=coverage,fuzzing'])
})

async function ask(
  context: TestContext,
  box: Signalbox,
  rules: string,
  chosen: string[],
  known: Record<string, string> = {},
): Promise<void> {
  const args = [
    `--config-file=${fileURLToPath(new URL(rules, import.meta.url))}`,
    'run',
    `${box.url}/api/openapi.json`,
    `--header=Authorization: Bearer ${box.token}`,
    ...chosen,
  ]
  const child = spawn(program, args, {
    cwd: temporaryFolder(context),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: withinMs,
    env: { ...process.env, ...known, NO_COLOR: '1', COLUMNS: '120' },
  })
  context.after(() => child.kill())
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  assert.equal(exitCode, 0, output)
  context.diagnostic(/\d+ generated.*/.exec(output)?.[0] ?? 'no word of how many')
  assert.equal((await box.ask('GET', '/readyz')).status, 200, 'and it stays well')
}
