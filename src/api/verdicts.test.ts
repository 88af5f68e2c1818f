import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

const make = async (name: string, filter: object, trigger: object = { type: 'events' }) => {
  const action = { type: 'http', url: 'https://example.com' }
  const answer = await world.call('POST', '/api/reactions', { name, trigger, filter, action })
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body.id as string
}
interface Told {
  reactionName: string
  fires: boolean
  held: boolean
  code: string | null
  runId: string | null
  version: number
}
const told = async (eventId: string, query = '') =>
  (await world.call('GET', `/api/events/${eventId}/verdicts${query}`)).body
const brief = ({ reactionName, code, runId }: Told) => [reactionName, code ?? 'fires', runId]

test('an event that waits for react says so', async () => {
  const { id } = await world.event()
  assert.deepEqual(await told(id), {
    eventId: id,
    state: 'waiting',
    configVersion: null,
    verdicts: [],
    ruledOut: 0,
  })
})

test('every reaction that could have been meant says why it fired or did not, as it was then', async () => {
  const other = await world.call('POST', '/api/endpoints', { name: 'other' })
  const fires = await make('fires', { kindNames: ['shop'] })
  await make('where', { kindNames: ['shop.order'], where: 'body.ok == "bye"' })
  await make('elsewhere', { kindNames: ['blog'] })
  await make('of-endpoint', {}, { type: 'endpoint', endpoint: other.body.id })
  const off = await make('off', { kindNames: ['shop'] })
  const gone = await make('gone', { kindNames: ['shop'] })
  await world.call('POST', `/api/reactions/${off}/disable`)
  await world.call('DELETE', `/api/reactions/${gone}`)
  const paused = await make('paused', { kindNames: ['shop'] })
  await world.call('POST', `/api/reactions/${paused}/pause`)

  const event = await world.event({ kind: { type: 'platform', name: 'shop.order.paid' } })
  const [firedRun, heldRun] = await world.react(event, [fires, paused])

  // What changes afterwards changes nothing of what is told.
  await world.call('POST', `/api/reactions/${fires}/disable`)
  await make('younger', { kindNames: ['shop'] })
  const { state, verdicts, ruledOut } = await told(event.id)
  assert.equal(state, 'reacted')
  assert.deepEqual(verdicts.map(brief).toSorted(), [
    ['fires', 'fires', firedRun],
    ['gone', 'reaction.deleted', null],
    ['off', 'reaction.disabled', null],
    ['paused', 'fires', heldRun],
    ['where', 'filter.where', null],
  ])
  assert.equal(ruledOut, 2)
  const held = verdicts.find(({ reactionName }: Told) => reactionName === 'paused')
  assert.deepEqual([held.fires, held.held, held.version], [true, true, 2])

  const asked = async (reference: string) =>
    (await told(event.id, `?reaction=${reference}`)).verdicts.map(brief)
  assert.deepEqual(await asked('elsewhere'), [['elsewhere', 'filter.kind-name', null]])
  assert.deepEqual(await asked('of-endpoint'), [['of-endpoint', 'trigger.other-endpoint', null]])
  assert.deepEqual(await asked('fires'), [['fires', 'fires', firedRun]])
  assert.deepEqual(await asked(gone), [['gone', 'reaction.deleted', null]])
  assert.deepEqual(await asked('younger'), [['younger', 'reaction.younger', null]])
  assert.equal((await world.call('GET', `/api/events/${event.id}/verdicts?reaction=nobody`)).status, 404)
})

test('a replay makes new runs against the current reactions, or a chosen one', async () => {
  const first = await make('first', { kindNames: ['replayed'] })
  await make('second', { kindNames: ['replayed'], outcome: 'error' })
  const event = await world.event({ kind: { type: 'platform', name: 'replayed' } })
  await world.react(event, [first])
  await make('late', { kindNames: ['replayed'] })
  const all = await world.call('POST', `/api/events/${event.id}/replay`, {})
  assert.equal(all.status, 201)
  assert.deepEqual(all.body.verdicts.map(({ reactionName, code }: Told) => [reactionName, code]).toSorted(), [
    ['first', null],
    ['late', null],
    ['second', 'filter.outcome'],
  ])
  assert.equal(all.body.runs.length, 2)
  assert.ok(all.body.runs.every((run: { replay: boolean }) => run.replay))
  const one = await world.call('POST', `/api/events/${event.id}/replay`, { reaction: 'late' })
  assert.deepEqual(
    one.body.runs.map((run: { reactionName: string }) => run.reactionName),
    ['late'],
  )
  assert.notEqual(one.body.occasion, all.body.occasion)
  assert.equal((await world.call('GET', `/api/events/${event.id}`)).body.runs.length, 4)
})
