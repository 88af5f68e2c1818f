import type { Endpoint } from '../core/endpoint.ts'
import type { Reaction } from '../core/reaction.ts'
import { createReactionIndex, type ReactionIndex } from '../core/reaction-index.ts'
import type { SubscribeSignals } from '../core/signal.ts'
import type { Storage } from './port.ts'
import { toEndpoint, toReaction } from './rows.ts'

/**
 * The configuration in memory. Its truth is in storage under one version number; this view takes up what changed
 * when the bus says so, and polls each second in case a signal was lost.
 */
export interface Configuration {
  readonly version: number
  readonly endpoints: ReadonlyMap<string, Endpoint>
  /** Latest version of every reaction that is not deleted. */
  readonly reactions: ReadonlyMap<string, Reaction>
  /** Those that are matched: active and paused ones. */
  readonly index: ReactionIndex
  /** Reads what changed; resolves once at least `version` is in memory (0: whatever is newest). */
  refresh(version?: number): Promise<void>
  /** Called with what changed, after the maps have it. */
  onChange(handler: (change: { endpoints: Endpoint[]; reactions: Reaction[] }) => void): void
  stop(): void
}

const pollMs = 1000

export async function watchConfiguration(
  storage: Storage,
  bus: { subscribe: SubscribeSignals },
): Promise<Configuration> {
  const endpoints = new Map<string, Endpoint>()
  const reactions = new Map<string, Reaction>()
  const index = createReactionIndex()
  const handlers: ((change: { endpoints: Endpoint[]; reactions: Reaction[] }) => void)[] = []
  let version = -1
  let reading: Promise<void> | null = null

  const takeReaction = (reaction: Reaction) => {
    const former = reactions.get(reaction.id)
    if (former && former.state !== 'disabled') index.remove(former)
    if (reaction.state === 'deleted') return void reactions.delete(reaction.id)
    reactions.set(reaction.id, reaction)
    if (reaction.state !== 'disabled') index.add(reaction)
  }

  const read = async () => {
    const change = await storage.read('configurationSince', { version })
    const changed = {
      endpoints: change.endpoints.map(toEndpoint),
      reactions: change.reactions.map(toReaction),
    }
    version = change.version
    if (change.endpoints.length + change.reactions.length === 0) return
    for (const endpoint of changed.endpoints) {
      if (endpoint.state === 'deleted') endpoints.delete(endpoint.id)
      else endpoints.set(endpoint.id, endpoint)
    }
    changed.reactions.forEach(takeReaction)
    for (const handler of handlers) handler(changed)
  }

  const refresh = async (atLeast = 0) => {
    // What is being read may have been read before the caller's own change.
    await reading?.catch(() => {})
    do {
      reading ??= read().finally(() => (reading = null))
      await reading
    } while (version < atLeast)
  }

  await refresh()
  const unsubscribe = bus.subscribe(signal => {
    if (signal === 'configuration') void refresh().catch(() => {})
  })
  const timer = setInterval(() => void refresh().catch(() => {}), pollMs)
  return {
    get version() {
      return version
    },
    endpoints,
    reactions,
    index,
    refresh,
    onChange: handler => void handlers.push(handler),
    stop() {
      clearInterval(timer)
      unsubscribe()
    },
  }
}
