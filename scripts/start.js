// `npm start`: make the clone ready, then run the server. Flags go after two dashes: npm start -- --port 9000
import { endLike, run } from './run.js'
import { setUpOrExit } from './set-up.js'

const node = await setUpOrExit()
// Less memory when idle (191 MB instead of 228): short-lived objects get 8 MB at a time, and the C library two arenas.
process.env.MALLOC_ARENA_MAX ??= '2'
endLike(await run(node, ['--max-semi-space-size=8', 'src/main.ts', ...process.argv.slice(2)]))
