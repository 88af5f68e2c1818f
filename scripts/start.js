// `npm start`: make the clone ready, then run the server. Flags go after two dashes: npm start -- --port 9000
import { endLike, run } from './run.js'
import { setUpOrExit } from './set-up.js'

const node = await setUpOrExit()
endLike(await run(node, ['src/main.ts', ...process.argv.slice(2)]))
