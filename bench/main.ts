import { backlog } from './backlog.ts'
import { deliver } from './deliver.ts'
import { feed } from './feed.ts'
import { ingest } from './ingest.ts'
import { match } from './match.ts'
import { query } from './query.ts'
import { slowTarget } from './slow-target.ts'
import { start } from './start.ts'
import { template } from './template.ts'
import { fsyncP99Ms, machine, ms, type Row } from './support/measure.ts'

/** `npm run bench` measures everything that docs/performance.md promises; `npm run bench -- ingest` one of them; `--short` proves that it works. */
const benches = { match, template, ingest, deliver, 'slow-target': slowTarget, feed, start, query, backlog }

const args = process.argv.slice(2)
const short = args.includes('--short')
const chosen = args.filter(arg => !arg.startsWith('--'))
const unknown = args.find(arg => arg !== '--short' && !(arg in benches))
if (unknown !== undefined) {
  console.error(`"${unknown}" is not understood; there are --short, ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}

const options = short
  ? { rounds: 1, seconds: 2, events: 20_000, history: 20_000 }
  : { rounds: 5, seconds: 10, events: 1_000_000, history: 10_000_000 }
console.log(`${machine()}, fsync p99 ${ms(fsyncP99Ms())}; median of ${options.rounds} (spread)\n`)
const rows: Row[] = []
let broken = false
for (const [name, bench] of Object.entries(benches)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  try {
    const measured = await bench(options)
    rows.push(...measured)
    print(measured)
  } catch (error) {
    broken = true
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
const missed = rows.filter(row => row.held === false)
if (missed.length > 0)
  console.log(`\n${missed.length} of ${rows.filter(row => row.held !== null).length} promises missed`)
// A lost event fails the bench; a promise missed on this machine is for docs/performance.md.
process.exit(broken ? 1 : 0)

function print(measured: readonly Row[]): void {
  for (const { bench, what, measured: value, promise, held } of measured) {
    const verdict = held === null ? '' : held ? 'ok' : 'MISSED'
    console.log(`${bench.padEnd(12)} ${what.padEnd(48)} ${value.padEnd(40)} ${promise.padEnd(14)} ${verdict}`)
  }
}
