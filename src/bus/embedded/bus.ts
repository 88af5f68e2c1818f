import { type Signal, signals } from '../../core/signal.ts'
import type { Bus } from '../port.ts'

/** Within one process. However often a signal is given in one turn of the event loop, it arrives once. */
export function createEmbeddedBus(): Bus {
  const handlers = new Set<(signal: Signal) => void>()
  const given = new Set<Signal>()
  let closed = false
  const deliver = () => {
    const now = signals.filter(signal => given.delete(signal))
    for (const signal of now) for (const handler of handlers) if (!closed) handler(signal)
  }
  return {
    publish(signal) {
      if (given.size === 0) setImmediate(deliver)
      given.add(signal)
    },
    subscribe(handler) {
      handlers.add(handler)
      return () => void handlers.delete(handler)
    },
    async close() {
      closed = true
      handlers.clear()
    },
  }
}
