// Thousands of requests are made from the served description of the API, right and wrong ones, and every answer is
// held against it: schemathesis is the stranger who knows nothing but that description.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test, type TestContext } from 'node:test'
import { furnish } from '../journeys/support/furnish.ts'
import { startSignalbox, temporaryFolder } from '../journeys/support/signalbox.ts'
import { startTarget } from '../journeys/support/target.ts'
import { pythonPrograms } from './support/python.ts'

const version = '4.32.5'
const withinMs = 280_000
const rules = fileURLToPath(new URL('schemathesis.toml', import.meta.url))

test('whatever is asked of the API, it answers as its description says', {
  timeout: 2 * withinMs,
}, async context => {
  const programs = await pythonPrograms('schemathesis', version)
  const target = await startTarget(context)
  const box = await startSignalbox(context)
  await furnish(box, target)
  const { exitCode, output } = await ask(context, join(programs, 'schemathesis'), [
    `--config-file=${rules}`,
    'run',
    `${box.url}/api/openapi.json`,
    `--header=Authorization: Bearer ${box.token}`,
  ])
  assert.equal(exitCode, 0, output)
  assert.equal((await box.ask('GET', '/readyz')).status, 200, 'and it stays well')
})

async function ask(context: TestContext, program: string, args: string[]) {
  const child = spawn(program, args, {
    cwd: temporaryFolder(context),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: withinMs,
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '120' },
  })
  context.after(() => child.kill())
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  return { exitCode, output }
}
