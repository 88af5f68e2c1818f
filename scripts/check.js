// `npm run check`: everything that can be said about the code without running it. One line a check; what a
// tool prints is shown only when it found something.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, runQuietly } from './run.js'
import { setUpOrExit } from './set-up.js'

const node = await setUpOrExit({ dashboard: false })
const tool = name => join(root, 'node_modules/.bin', name)
const has = file => existsSync(join(root, file))

const checks = [
  ['types', tool('tsc'), ['--project', '.']],
  has('web/tsconfig.json') && ['dashboard types', tool('tsc'), ['--project', 'web', '--noEmit']],
  ['lint', tool('oxlint'), ['--deny-warnings']],
  ['format', tool('biome'), ['format', '--colors=off']],
  ['import directions', node, ['scripts/check/imports.js']],
  ['dead code', node, ['node_modules/knip/bin/knip.js', '--no-progress']],
  ['names', node, ['scripts/check/names.js']],
  has('scripts/docs.ts') && ['generated docs', node, ['scripts/docs.ts', '--check']],
  ['command line’s page', node, ['src/cli/reference.ts', '--check']],
].filter(Boolean)

// The tools are scripts that start with `#!/usr/bin/env node`: let them find the same Node as we did.
process.env.PATH = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`

let failures = 0
for (const [name, command, args] of checks) {
  const started = performance.now()
  const { ok, output } = await runQuietly(command, args)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${ok ? 'ok    ' : 'failed'}  ${name} (${seconds} s)`)
  if (!ok) {
    failures += 1
    console.log(output.trimEnd().replace(/^/gm, '        '))
  }
}
if (failures > 0) process.exit(1)
