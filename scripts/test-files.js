// Which test file belongs to which stage: the name says what the test needs beside Node.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.js'

const folders = ['src', 'test', 'web/src', 'bench', 'scripts']
const testFile = /\.test\.(ts|js)$/
const stageOf = /\.(postgres|browser|kill|online|oracle)\.test\.ts$/

/** Tests that need nothing but Node. */
export const plainTests = () => allTests().filter(file => !stageOf.test(file))

/** Tests that need a Postgres server, a browser, to kill processes, the registries of npm and Python and other shells, or Go. */
export const testsNeeding = need => allTests().filter(file => file.endsWith(`.${need}.test.ts`))

/** Plain tests under the given paths; a file that is named in full runs whatever it needs. */
export function testsUnder(paths) {
  const wanted = paths.map(path => path.replace(/^\.\//, '').replace(/\/$/, ''))
  return allTests().filter(
    file => wanted.includes(file) || (!stageOf.test(file) && wanted.some(path => file.startsWith(path))),
  )
}

function allTests() {
  return folders.flatMap(folder => {
    if (!existsSync(join(root, folder))) return []
    const files = readdirSync(join(root, folder), { recursive: true })
    return files
      .filter(file => testFile.test(file))
      .map(file => `${folder}/${file}`)
      .sort()
  })
}
