import assert from 'node:assert/strict'
import { test } from 'node:test'
import { someEvent, someRequest } from '../../test/support/examples.ts'
import { openStore } from '../../test/support/store.ts'
import { newEventId } from '../core/ids.ts'
import { createAccept } from './accept.ts'

test('an event is offered to react once it is stored, with its place and the one before it', async t => {
  const store = await openStore(t)
  const offered: [id: string, position: number, previous: number | null][] = []
  const reached: string[] = []
  const accept = createAccept({
    storage: store,
    offer: (event, _body, previous) => offered.push([event.id, event.position, previous]),
    failpoint: name => reached.push(`${name} ${offered.length}`),
  })
  const [one, two] = [0, 1].map(() => someEvent({ id: newEventId(Date.now()), position: 0 }))
  assert.deepEqual(await accept(one!, Buffer.from('a')), { id: one!.id, duplicate: false })
  assert.deepEqual(await accept(two!, Buffer.from('b')), { id: two!.id, duplicate: false })
  const [first, second] = offered
  assert.ok(first && second)
  assert.ok(first[1] > 0 && second[1] > first[1])
  assert.equal(second[2], first[1])
  assert.deepEqual(reached, ['after-append 0', 'after-append 1'])
})

test('a duplicate is answered with the event that holds it, and offered to nobody', async t => {
  const store = await openStore(t)
  const offered: string[] = []
  const accept = createAccept({ storage: store, offer: ({ id }) => offered.push(id), failpoint: () => {} })
  const request = someRequest({ deliveryId: 'd-1' })
  const [one, two] = [0, 1].map(() => someEvent({ id: newEventId(Date.now()), request }))
  await accept(one!, Buffer.from('a'))
  assert.deepEqual(await accept(two!, Buffer.from('a')), { id: one!.id, duplicate: true })
  assert.deepEqual(offered, [one!.id])
})

test('while the store cannot write nothing is accepted, and nothing offered', async t => {
  const store = await openStore(t)
  store.breakCommands('appendEvent')
  const accept = createAccept({ storage: store, offer: () => assert.fail(), failpoint: () => assert.fail() })
  await assert.rejects(accept(someEvent(), Buffer.from('a')), { code: 'storage.full' })
})

test('a small body is stored alone, without the page of memory that it is a view of', async t => {
  const store = await openStore(t)
  let sent: Uint8Array | null = null
  const storage = {
    ...store,
    execute: ((name, input) => {
      if (name === 'appendEvent') sent = (input as { body: Uint8Array }).body
      return store.execute(name, input)
    }) as typeof store.execute,
  }
  const accept = createAccept({ storage, offer: () => {}, failpoint: () => {} })
  const view = Buffer.from('abcdef').subarray(1, 4)
  const event = someEvent({ id: newEventId(Date.now()) })
  await accept(event, view)
  const bytes = sent as Uint8Array | null
  assert.equal(bytes?.buffer.byteLength, 3)
  const stored = await store.read('event', { id: event.id })
  assert.equal(Buffer.from(stored?.body ?? []).toString(), 'bcd')
})
