// How Signalbox's Node is run, by `npm start` and by the benches.

/** Short-lived objects get 8 MB at a time. */
export const nodeFlags = ['--max-semi-space-size=8']

/** The C library keeps two arenas, not eight times as many as there are cores. Together 37 MB less when idle. */
export const nodeEnvironment = { MALLOC_ARENA_MAX: '2' }
