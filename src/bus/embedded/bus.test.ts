import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testBus } from '../contract.ts'
import type { Signal } from '../../core/signal.ts'
import { createEmbeddedBus } from './bus.ts'

testBus({
  name: 'The embedded bus',
  async open() {
    const bus = createEmbeddedBus()
    return { bus, other: bus, close: () => bus.close() }
  },
})

test('however often a signal is given in one turn, it arrives once', async () => {
  const bus = createEmbeddedBus()
  const heard: Signal[] = []
  bus.subscribe(signal => void heard.push(signal))
  for (let index = 0; index < 100; index++) bus.publish(index % 2 === 0 ? 'runs' : 'events')
  await new Promise(resolve => setImmediate(() => setImmediate(resolve)))
  assert.deepEqual(heard, ['events', 'runs'])
  await bus.close()
})

test('a handler that stops another one in the same round spares it', async () => {
  const bus = createEmbeddedBus()
  const heard: string[] = []
  bus.subscribe(() => {
    heard.push('first')
    stopSecond()
  })
  const stopSecond = bus.subscribe(() => void heard.push('second'))
  bus.publish('events')
  await new Promise(resolve => setImmediate(() => setImmediate(resolve)))
  assert.deepEqual(heard, ['first'])
  await bus.close()
})
