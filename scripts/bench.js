// `npm run bench`: measures what is promised about speed. `npm run bench -- ingest` runs one.
import { endLike, run } from './run.js'
import { setUpOrExit } from './set-up.js'

const node = await setUpOrExit()
endLike(await run(node, ['bench/main.ts', ...process.argv.slice(2)]))
