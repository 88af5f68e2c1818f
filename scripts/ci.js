// Runs every stage in order, shows what each prints, and ends with one summary of all of them. A failed
// stage does not stop the later ones: one run tells everything that is wrong.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { addCounts, countsOf, failedStage } from './ci-counts.js'
import { root } from './run.js'
import { setUp } from './set-up.js'
import { testsNeeding } from './test-files.js'

const node = await setUp().catch(error => {
  console.log(`${error.message}\n\n0 passed, 1 failed, 0 skipped`)
  process.exit(1)
})
const tests = (need, concurrency) => ({
  command: node,
  args: ['--test', `--test-concurrency=${concurrency}`, '--test-timeout=120000', ...testsNeeding(need)],
  absent: testsNeeding(need).length === 0 && `no file matches *.${need}.test.ts`,
  counts: true,
})

// Ceilings for a stage that hangs, twice what each takes on a quiet machine.
const stages = [
  { name: 'tests', minutes: 15, command: 'npm', args: ['test'], counts: true },
  { name: 'checks', minutes: 3, command: 'npm', args: ['run', 'check'] },
  { name: 'postgres', minutes: 6, ...tests('postgres', 1) },
  { name: 'browser', minutes: 20, ...tests('browser', 1) },
  { name: 'kill', minutes: 10, ...tests('kill', 1) },
  { name: 'online', minutes: 10, ...tests('online', 1) },
  { name: 'oracle', minutes: 6, ...tests('oracle', 1) },
  {
    name: 'bench',
    minutes: 4,
    command: node,
    args: ['scripts/bench.js', '--short'],
    absent: !existsSync(join(root, 'bench/main.ts')) && 'there is no bench/main.ts',
  },
]

const graceMs = 5_000
let total = { passed: 0, failed: 0, skipped: 0 }
const table = []
for (const stage of stages) {
  if (stage.absent) {
    console.log(`\n── ${stage.name}: absent, ${stage.absent}`)
    table.push([stage.name, 'absent', '-', '-', '-', '-'])
    continue
  }
  console.log(`\n── ${stage.name}`)
  const started = performance.now()
  const { code, output } = await show(stage)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const counts = stage.counts ? countsOf(output, code) : failedStage(code)
  total = addCounts(total, counts)
  table.push([
    stage.name,
    code === 0 ? 'ok' : 'failed',
    seconds,
    counts.passed,
    counts.failed,
    counts.skipped,
  ])
}

console.log()
for (const row of [['stage', 'result', 'seconds', 'passed', 'failed', 'skipped'], ...table]) {
  console.log(row.map((cell, column) => (column < 2 ? `${cell}`.padEnd(10) : `${cell}`.padStart(8))).join(''))
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 ? 1 : 0

/** Runs one stage, prints its output as it comes, and ends its whole process group when its time is over. */
function show({ name, command, args, minutes }) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const chunks = []
  child.stdout.on('data', chunk => {
    chunks.push(chunk)
    process.stdout.write(chunk)
  })
  child.stderr.on('data', chunk => process.stderr.write(chunk))

  const endGroup = signal => process.kill(-child.pid, signal)
  let killing
  const deadline = setTimeout(() => {
    console.log(`\nThe stage ${name} took longer than ${minutes} minutes and was ended.`)
    endGroup('SIGTERM') // node's test runner then says which file was running
    killing = setTimeout(endGroup, graceMs, 'SIGKILL')
  }, minutes * 60_000)
  const interrupted = () => {
    endGroup('SIGKILL')
    process.exit(130)
  }
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)

  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ code, output: Buffer.concat(chunks).toString() }))
  }).finally(() => {
    clearTimeout(deadline)
    clearTimeout(killing)
    process.removeListener('SIGINT', interrupted).removeListener('SIGTERM', interrupted)
  })
}
