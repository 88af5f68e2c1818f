import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'

let world: World
let eventId: string
before(async () => {
  world = await startWorld()
  eventId = (await world.event({}, '{"amount": 12}')).id
})
after(() => world.close())

const tryIt = (body: object) => world.call('POST', '/api/filters/test', body)
const deployed = {
  event: {
    kind: 'app.deploy',
    kindType: 'permission',
    targets: [{ type: 'app', value: 'shop' }],
    error: null,
  },
  body: { n: 3 },
}

test('a filter says of an event that happened whether it takes it', async () => {
  const taken = await tryIt({ filter: { where: 'body.amount > 10' }, event: eventId })
  assert.equal(taken.status, 200, JSON.stringify(taken.body))
  assert.deepEqual(taken.body, { verdict: { matches: true, code: null, reason: null }, errors: [] })
  const { verdict } = (await tryIt({ filter: { where: 'body.amount > 20' }, event: eventId })).body
  assert.deepEqual([verdict.matches, verdict.code], [false, 'filter.where'])
  assert.equal(verdict.reason, 'The expression is false: body.amount > 20')
})

for (const [filter, code] of [
  [
    { kindNames: ['app'], targets: { app: ['shop'] }, where: 'body.n == 3 && event.kind == "app.deploy"' },
    null,
  ],
  [{ kindNames: ['app.update'] }, 'filter.kind-name'],
  [{ kindTypes: ['internal'] }, 'filter.kind-type'],
  [{ targetValues: ['cart'] }, 'filter.target-value'],
  [{ outcome: 'error' }, 'filter.outcome'],
  [{ where: 'body.missing.x == 1' }, 'filter.where-error'],
] as const) {
  test(`and so of one that is written down: ${JSON.stringify(filter)}`, async () => {
    const { body } = await tryIt({ filter, context: deployed })
    assert.deepEqual([body.verdict.matches, body.verdict.code], [code === null, code])
  })
}

test('an expression that does not compile is told with its place', async () => {
  const { body } = await tryIt({ filter: { where: 'body.n ==\n  ' }, context: deployed })
  assert.deepEqual([body.verdict, body.errors[0].path, body.errors[0].line], [null, '/filter/where', 2])
})
