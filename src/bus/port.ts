/**
 * Carries "this was committed" to other nodes, watchers and subscribers. Nothing travels on it that is not in
 * storage too: a lost signal costs a poll interval (1 s), never correctness.
 */
export interface Bus {
  publish(signal: Signal): void
  /** Answers how to stop. A handler must not throw; it is called after the publisher's own turn. */
  subscribe(handler: (signal: Signal) => void): () => void
  close(): Promise<void>
}

/** What has news: the events to react to, the runs that wait, or the configuration. All of them are news for the feed. */
export type Signal = 'events' | 'runs' | 'configuration'
export const signals: readonly Signal[] = ['events', 'runs', 'configuration']
