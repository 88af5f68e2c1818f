// Removes one defence after another from a copy of the tree, and shows that the tests beside this file notice:
//   node test/kill/defences.ts            all of them, some minutes
//   node test/kill/defences.ts fence      those whose name contains a word
// A test that passes without the defence proves nothing. Where two defences stand behind each other, each is removed
// alone, and holds, and then both.
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Patch {
  file: string
  from: string
  to: string
}

interface Removal {
  name: string
  patches: Patch[]
  test: string
  /** Only the tests with this in their name. */
  only?: string
  environment?: Record<string, string>
  /** What the failure must say; null: another defence stands behind this one, and the test passes. */
  shows: RegExp | null
}

const hot = 'src/storage/sqlite/hot.ts'
const reactor = 'src/react/reactor.ts'

const uniqueRuns: Patch = {
  file: 'src/storage/migrations/0001-spine.ts',
  from: `.columns(['event_id', 'reaction_id', 'occasion'])\n      .unique()`,
  to: `.columns(['event_id', 'reaction_id', 'occasion'])`,
}
/** Runs in one transaction, the position in the next: the mistake that the index is for. */
const positionWithRuns: Patch[] = [
  {
    file: reactor,
    from: `        position,\n        configVersion,\n        runs: made.runs,`,
    to: `        position: 0,\n        configVersion,\n        runs: made.runs,`,
  },
  {
    file: reactor,
    from: `    options.failpoint('after-react')\n`,
    to: `    options.failpoint('after-react')
    await storage.execute('commitReacted', { partition, position, configVersion, runs: [], ownEvents: [] })\n`,
  },
]
const claimNumber: Patch = {
  file: hot,
  from: `where id = ? and claim_no = ? and state = 'trying'`,
  to: `where id = ? and ? > 0 and state = 'trying'`,
}
const stillTrying: Patch = {
  file: hot,
  from: `where id = ? and claim_no = ? and state = 'trying'`,
  to: `where id = ? and claim_no = ?`,
}
const claimNumberAndState: Patch = {
  file: hot,
  from: `where id = ? and claim_no = ? and state = 'trying'`,
  to: `where id = ? and ? > 0`,
}

const powerCut = { test: 'power-cut', environment: { KILL_CUTS: '24', KILL_SEED: '7' } }
const random = { test: 'random', environment: { KILL_ROUNDS: '15', KILL_SEED: '7' } }
const overtaken = { test: 'overtaken' }
const betweenReactAndAct = { test: 'failpoints', only: 'runs are stored and act has not heard' }
const afterTheCall = { test: 'failpoints', only: 'the target has answered' }

const synchronous = (mode: string): Patch => ({
  file: 'src/storage/sqlite/connection.ts',
  from: `pragma('synchronous = FULL')`,
  to: `pragma('synchronous = ${mode}')`,
})

const removals: Removal[] = [
  { name: 'no fsync at all (synchronous=OFF)', patches: [synchronous('OFF')], ...powerCut, shows: /LOST/ },
  {
    name: 'an fsync a checkpoint, not a commit (synchronous=NORMAL)',
    patches: [synchronous('NORMAL')],
    ...powerCut,
    shows: /LOST/,
  },
  {
    name: 'secret.key is not synced',
    patches: [{ file: 'src/keys.ts', from: `\\n\`)\n    fsyncSync(descriptor)`, to: `\\n\`)` }],
    ...powerCut,
    shows: /must hold 32 bytes/,
  },
  {
    name: 'the name of the data folder is not synced',
    patches: [
      { file: 'src/keys.ts', from: `if (first === undefined) return`, to: `if (first !== '') return` },
    ],
    ...powerCut,
    shows: /LOST/,
  },
  {
    name: 'the 202 does not wait for the commit',
    patches: [
      {
        file: 'src/ingest/accept.ts',
        from: `const appended: AppendedEvent = await storage.execute('appendEvent', toAppend(event, owned(body)))`,
        to: `const committed = storage.execute('appendEvent', toAppend(event, owned(body)))
    if (event.id !== '') return { id: event.id, duplicate: false }
    const appended: AppendedEvent = await committed`,
      },
    ],
    ...powerCut,
    shows: /LOST/,
  },
  {
    name: 'one run: without the unique index run_occasion alone',
    patches: [uniqueRuns],
    ...betweenReactAndAct,
    shows: null,
  },
  {
    name: 'one run: without the position in the transaction of the runs alone',
    patches: positionWithRuns,
    ...betweenReactAndAct,
    shows: null,
  },
  {
    name: 'one run: without both',
    patches: [uniqueRuns, ...positionWithRuns],
    ...betweenReactAndAct,
    shows: /RUNS: .* has 2 runs/,
  },
  {
    name: 'the fence: without claim_no, with the state',
    patches: [claimNumber],
    ...overtaken,
    shows: /the overtaken attempt ended the run/,
  },
  {
    name: 'the fence: without the state, with claim_no',
    patches: [stillTrying],
    ...overtaken,
    shows: null,
  },
  {
    name: 'the fence: without both',
    patches: [claimNumberAndState],
    ...overtaken,
    shows: /the late result ended the cancelled run/,
  },
  {
    name: 'dead leases are not released at the start',
    patches: [
      {
        file: 'src/app.ts',
        from: `await storage.execute('releaseLeases', { nowMs: now() })`,
        to: ``,
      },
    ],
    ...afterTheCall,
    only: 'the target has answered and nothing is recorded (time 20)',
    shows: /runs still wait/,
  },
  {
    name: 'a restart releases runs that have ended',
    patches: [
      {
        file: 'src/storage/commands/runs.ts',
        from: `    .set({ due_at: input.nowMs })
    .where('due_at', 'is not', null)
    .where('state', '=', 'trying')`,
        to: `    .set({ due_at: input.nowMs })
    .where('state', 'in', ['trying', 'succeeded'])`,
      },
    ],
    ...random,
    shows: /DELIVERED AGAIN/,
  },
  {
    name: 'a lost attempt is not recorded',
    patches: [
      {
        file: hot,
        from: `found.state === 'trying' ? recordLost(found, event.hops, input.nowMs) : found`,
        to: `found.attempts < 0 ? recordLost(found, event.hops, input.nowMs) : found`,
      },
    ],
    ...afterTheCall,
    shows: /made one attempt twice/,
  },
]

const root = fileURLToPath(new URL('../..', import.meta.url))

function copyOfTree(): string {
  const copy = mkdtempSync(join(tmpdir(), 'signalbox-defences-'))
  for (const part of ['package.json', 'src', 'test/kill'])
    cpSync(join(root, part), join(copy, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

function apply(copy: string, { file, from, to }: Patch): void {
  const text = readFileSync(join(copy, file), 'utf8')
  const found = text.split(from).length - 1
  if (found !== 1) throw new Error(`${file} holds ${found} times, and should once:\n${from}`)
  writeFileSync(
    join(copy, file),
    text.replace(from, () => to),
  )
}

/** Ends with the whole group after six minutes. */
const withinMs = 360_000

function runTest(copy: string, { test, only, environment = {} }: Removal) {
  const pattern = only === undefined ? [] : [`--test-name-pattern=${only.replace(/[()]/g, '\\$&')}`]
  const child = spawn(process.execPath, ['--test', ...pattern, `test/kill/${test}.kill.test.ts`], {
    cwd: copy,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  })
  let output = ''
  child.stdout.on('data', chunk => (output += String(chunk)))
  const deadline = setTimeout(() => child.kill('SIGTERM'), withinMs)
  return new Promise<{ passed: boolean; output: string }>(resolve =>
    child.once('close', code => {
      clearTimeout(deadline)
      resolve({ passed: code === 0, output })
    }),
  )
}

async function demonstrate(removal: Removal): Promise<boolean> {
  const { name, patches, shows } = removal
  const copy = copyOfTree()
  try {
    for (const patch of patches) apply(copy, patch)
    const { passed, output } = await runTest(copy, removal)
    const shown = shows !== null && !passed && shows.exec(output)
    const asExpected = shows === null ? passed : Boolean(shown)
    const line = shown ? output.slice(shown.index, shown.index + 200).split('\n')[0] : ''
    console.log(
      `${asExpected ? 'ok    ' : 'WRONG '} ${name}: ${passed ? 'the test passes' : 'the test fails'}`,
    )
    console.log(`       ${shows === null ? 'the other defence covers it' : line}`)
    if (!asExpected) console.log(output.replace(/^/gm, '         '))
    return asExpected
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

const words = process.argv.slice(2)
const chosen = removals.filter(({ name }) => words.length === 0 || words.some(word => name.includes(word)))
let wrong = 0
for (const removal of chosen) if (!(await demonstrate(removal))) wrong++
console.log(`\n${chosen.length} removals, ${wrong} not as expected`)
process.exitCode = wrong > 0 ? 1 : 0
