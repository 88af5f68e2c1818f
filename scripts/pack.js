// Before `npm pack`: Node strips no types under node_modules, so what is published is JavaScript, and the dashboard as
// it was built. It prints nothing to stdout, where npm says what it packs.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, runQuietly } from './run.js'
import { setUpOrExit } from './set-up.js'

const node = await setUpOrExit()
rmSync(join(root, 'dist'), { recursive: true, force: true })
const { ok, output } = await runQuietly(node, [
  'node_modules/typescript/bin/tsc',
  '--project',
  'tsconfig.publish.json',
])
if (!ok) {
  console.error(`${output}\nThe JavaScript could not be made (the compiler's output is above).`)
  process.exit(1)
}
