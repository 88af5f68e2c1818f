/**
 * What has news. `events`: some are stored that react was not handed in memory. `runs`: some wait that act was not
 * handed. `configuration`: endpoints or reactions. `feed`: nothing but what watchers see. Each is news for the feed.
 */
export type Signal = 'events' | 'runs' | 'configuration' | 'feed'
export const signals: readonly Signal[] = ['events', 'runs', 'configuration', 'feed']

/** Where signals are heard. Answers how to stop; a handler must not throw. */
export type SubscribeSignals = (handler: (signal: Signal) => void) => () => void
