import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Signal } from '../core/signal.ts'
import type { Bus } from './port.ts'

/** One bus for one test; `other` is another node's side of it, or the same where there is only one process. */
export interface OpenedBus {
  bus: Bus
  other: Bus
  close(): Promise<void>
}

/** What every bus promises behind the port. */
export function testBus({ name, open }: { name: string; open: () => Promise<OpenedBus> }): void {
  const scenario = (title: string, run: (opened: OpenedBus) => Promise<void>) =>
    void test(title, { timeout: 10_000 }, async () => {
      const opened = await open()
      try {
        await run(opened)
      } finally {
        await opened.close()
      }
    })

  describe(name, () => {
    scenario('a signal reaches every subscriber, the publisher’s own and others', async ({ bus, other }) => {
      const heard = [next(bus), next(bus), next(other)]
      bus.publish('events')
      assert.deepEqual(await Promise.all(heard), ['events', 'events', 'events'])
    })

    scenario('each kind of news is told as what it is', async ({ bus, other }) => {
      const heard = collect(other, 3)
      for (const signal of ['events', 'runs', 'configuration'] as const) bus.publish(signal)
      assert.deepEqual(new Set(await heard), new Set(['events', 'runs', 'configuration']))
    })

    scenario('handlers run after the publisher’s own turn', async ({ bus }) => {
      let published = false
      const heard = new Promise<boolean>(resolve => bus.subscribe(() => resolve(published)))
      bus.publish('runs')
      published = true
      assert.equal(await heard, true)
    })

    scenario('many signals of one turn may be one, but news after it is told again', async ({ bus }) => {
      let count = 0
      const seen = collect(bus, 1)
      bus.subscribe(() => void count++)
      for (let index = 0; index < 1000; index++) bus.publish('events')
      await seen
      assert.ok(count >= 1 && count <= 1000)
      const again = next(bus)
      bus.publish('events')
      assert.equal(await again, 'events')
    })

    scenario('what a handler publishes is heard too', async ({ bus }) => {
      const heard = collect(bus, 2)
      const stop = bus.subscribe(signal => {
        if (signal === 'events') bus.publish('runs')
      })
      bus.publish('events')
      assert.deepEqual(await heard, ['events', 'runs'])
      stop()
    })

    scenario('whoever stops hears nothing more, and the others still do', async ({ bus }) => {
      const gone: Signal[] = []
      const stop = bus.subscribe(signal => void gone.push(signal))
      stop()
      stop()
      const heard = next(bus)
      bus.publish('events')
      assert.equal(await heard, 'events')
      assert.deepEqual(gone, [])
    })

    scenario(
      'a closed bus tells nothing, not even what was published before, and takes no harm',
      async ({ bus }) => {
        const heard: Signal[] = []
        bus.subscribe(signal => void heard.push(signal))
        bus.publish('events')
        await bus.close()
        bus.publish('runs')
        bus.subscribe(signal => void heard.push(signal))
        bus.publish('configuration')
        await new Promise(resolve => setImmediate(() => setImmediate(resolve)))
        assert.deepEqual(heard, [])
        await bus.close()
      },
    )
  })
}

const next = async (bus: Bus): Promise<Signal> => (await collect(bus, 1))[0]!

const collect = (bus: Bus, count: number): Promise<Signal[]> =>
  new Promise(resolve => {
    const heard: Signal[] = []
    const stop = bus.subscribe(signal => {
      heard.push(signal)
      if (heard.length < count) return
      stop()
      resolve(heard)
    })
  })
