// `npm start`: make the clone ready, then run the server. Flags go after two dashes: npm start -- --port 9000
import { nodeEnvironment, nodeFlags } from './node-options.js'
import { endLike, run } from './run.js'
import { setUpOrExit } from './set-up.js'

const node = await setUpOrExit()
Object.assign(process.env, { ...nodeEnvironment, ...process.env })
endLike(await run(node, [...nodeFlags, 'src/main.ts', ...process.argv.slice(2)]))
