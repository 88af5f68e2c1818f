/** What has news: the events to react to, the runs that wait, or the configuration. All of it is news for the feed. */
export type Signal = 'events' | 'runs' | 'configuration'
export const signals: readonly Signal[] = ['events', 'runs', 'configuration']

/** Where signals are heard. Answers how to stop; a handler must not throw. */
export type SubscribeSignals = (handler: (signal: Signal) => void) => () => void
