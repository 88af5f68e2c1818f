import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { runQuietly } from '../run.js'

const folders = []
after(() => folders.forEach(folder => rmSync(folder, { recursive: true })))

/** Runs the check over a folder of the given files, and answers what it said. */
function check(files, nodeFlags = []) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-imports-'))
  folders.push(folder)
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), source)
  }
  return runQuietly(process.execPath, [...nodeFlags, 'scripts/check/imports.js', folder])
}

const port = { 'src/storage/port.ts': 'export type Storage = { read(): void }\n' }

test('imports that point down the layers pass', async () => {
  const { ok, output } = await check({
    ...port,
    'src/core/run.ts': 'export const states = 1\n',
    'src/react/match.ts':
      "import { states } from '../core/run.ts'\nimport type { Storage } from '../storage/port.ts'\nexport const match = (storage: Storage) => [storage, states]\n",
    'web/src/runs.ts':
      "import type { states } from '../../src/core/run.ts'\nexport type Shown = typeof states\n",
  })
  assert.equal(output, '')
  assert.equal(ok, true)
})

const forbidden = {
  'core-imports-only-core': {
    'src/core/run.ts': "import type { Storage } from '../storage/port.ts'\nexport type Run = Storage\n",
  },
  'core-without-io': { 'src/core/run.ts': "import { readFileSync } from 'node:fs'\nreadFileSync('a')\n" },
  'verbs-are-siblings': {
    'src/act/claim.ts': 'export const claim = 1\n',
    'src/react/match.ts': "export { claim } from '../act/claim.ts'\n",
  },
  'verbs-import-nothing-above': {
    'src/config.ts': 'export type Config = number\n',
    'src/act/claim.ts': "import type { Config } from '../config.ts'\nexport type Claim = Config\n",
  },
  'only-app-chooses-adapters': {
    'src/storage/sqlite/open.ts': 'export const open = 1\n',
    'src/live/feed.ts': "import { open } from '../storage/sqlite/open.ts'\nexport const feed = open\n",
  },
  'ports-import-only-core': {
    'src/bus/embedded/bus.ts':
      "import type { Storage } from '../../storage/port.ts'\nexport type Bus = Storage\n",
  },
  'cli-speaks-http': {
    'src/cli/runs.ts': "const { read } = await import('../storage/port.ts')\nexport const runs = read\n",
  },
  'journeys-know-only-urls': {
    'test/support/server.ts': "export type { Storage } from '../../src/storage/port.ts'\n",
    'test/journeys/story.test.ts':
      "import type { Storage } from '../support/server.ts'\nexport type Story = Storage\n",
  },
  'dashboard-imports-only-types': {
    'src/core/run.ts': 'export const states = 1\n',
    'web/src/runs.ts': "import { states } from '../../src/core/run.ts'\nexport const shown = states\n",
  },
  'no-cycles': {
    'src/core/event.ts': "import type { Run } from './run.ts'\nexport type Event = { runs: Run[] }\n",
    'src/core/run.ts': "import type { Event } from './event.ts'\nexport type Run = { event: Event }\n",
  },
}

for (const [rule, files] of Object.entries(forbidden)) {
  test(`the rule ${rule} catches an import that breaks it`, async () => {
    const { ok, output } = await check({ ...port, ...files })
    assert.match(output, new RegExp(`^${rule}: `, 'm'))
    assert.equal(ok, false)
  })
}

test('the check fails when there is no compiler to read TypeScript with', async () => {
  const hidden = encodeURIComponent(
    "import { registerHooks } from 'node:module'; registerHooks({ resolve(specifier, context, next) {" +
      "if (specifier.startsWith('typescript6')) throw new Error('hidden'); return next(specifier, context) } })",
  )
  const { ok, output } = await check(port, ['--import', `data:text/javascript,${hidden}`])
  assert.match(output, /missing-tsc-transpiler/)
  assert.equal(ok, false)
})
