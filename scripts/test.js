// `npm test`: every test that needs nothing but Node. `npm test -- src/core` runs those under a path;
// flags go to node's test runner, in the form --flag=value.
import { endLike, run } from './run.js'
import { setUpOrExit } from './set-up.js'
import { plainTests, testsUnder } from './test-files.js'

const flags = process.argv.slice(2).filter(argument => argument.startsWith('-'))
const paths = process.argv.slice(2).filter(argument => !argument.startsWith('-'))

const node = await setUpOrExit()
const files = paths.length > 0 ? testsUnder(paths) : plainTests()
if (files.length === 0) {
  console.error(`No test file matches ${paths.join(', ') || 'src/**/*.test.ts or test/**/*.test.ts'}.`)
  process.exit(1)
}
endLike(await run(node, ['--test', '--test-concurrency=2', '--test-timeout=60000', ...flags, ...files]))
