/** What happens too often to be written each time: gathered in memory by a key, and written once a second. */
export interface Gathered<T> {
  add(key: string, one: T): void
  flush(): Promise<void>
  stop(): Promise<void>
}

const flushEveryMs = 1000

export function gather<T>(
  write: (gathered: T[]) => Promise<unknown>,
  join: (former: T, newer: T) => T,
): Gathered<T> {
  let pending = new Map<string, T>()
  const add = (key: string, one: T) => {
    const former = pending.get(key)
    pending.set(key, former === undefined ? one : join(former, one))
  }
  const flush = async () => {
    if (pending.size === 0) return
    const taken = pending
    pending = new Map()
    try {
      await write([...taken.values()])
    } catch (error) {
      // That the store failed is among what was counted: it is written once it can be.
      const since = pending
      pending = taken
      for (const [key, one] of since) add(key, one)
      throw error
    }
  }
  const timer = setInterval(() => void flush().catch(() => {}), flushEveryMs)
  return {
    add,
    flush,
    async stop() {
      clearInterval(timer)
      await flush().catch(() => {})
    },
  }
}
