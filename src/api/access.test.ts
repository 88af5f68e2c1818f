import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import Type from 'typebox'
import { type Caller, startWorld, type World } from '../../test/support/api-world.ts'
import { type Access, type Route, route } from './route.ts'
import { createRoutes } from './routes.ts'

let world: World
let routes: Route[]
let own: Awaited<ReturnType<World['visitor']>>
let other: Awaited<ReturnType<World['visitor']>>
let ownEventId: string

before(async () => {
  world = await startWorld()
  routes = createRoutes(world.services)
  own = await world.visitor()
  other = await world.visitor()
  ownEventId = (await world.event({ endpointId: own.endpointId })).id
})
after(() => world.close())

type Person = 'nobody' | 'owner' | 'other visitor' | 'admin'

const callerOf = (person: Person): Caller | null => {
  if (person === 'nobody') return null
  if (person === 'owner') return own.caller
  return person === 'other visitor'
    ? other.caller
    : { headers: { authorization: `Bearer ${world.adminToken}` } }
}

/** Addresses something of the first visitor's where the route names something of theirs. */
const addressOf = ({ url }: Route): string =>
  url
    .replace(/^\/api\/endpoints\/:reference/, `/api/endpoints/${own.endpointId}`)
    .replace(/^\/api\/events\/:id/, `/api/events/${ownEventId}`)
    .replace(':index', '0')
    .replace(/:[a-z]+/, 'unknown')

/** What has to be there before anybody's right to it is asked. */
const bodyOf = ({ url }: Route): object => (url.endsWith('/answer/preview') ? { answer: {} } : {})

/** Statuses that say "you may not". 404 hides from a visitor what is another's. */
function refusal(access: Access, person: Person, url: string): number | null {
  if (access === 'public' || person === 'admin') return null
  if (person === 'nobody') return 401
  if (access === 'member' || access.visitors !== true) return 403
  return person === 'other visitor' && url.includes(':') ? 404 : null
}

test('every route lets in exactly those whom its access rule names', async context => {
  // What changes or ends things comes last.
  const order = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
  const inOrder = routes.toSorted((a, b) => order.indexOf(a.method) - order.indexOf(b.method))
  for (const person of ['nobody', 'other visitor', 'admin', 'owner'] as const) {
    for (const row of inOrder) {
      await context.test(`${person}: ${row.method} ${row.url}`, async () => {
        // Its owner deletes it in the next test; here others still have to try their hands at it.
        if (row.method === 'DELETE' && refusal(row.access, person, row.url) === null) return
        const body = row.body === undefined || row.method === 'GET' ? undefined : bodyOf(row)
        const answer = await world.call(row.method, addressOf(row), body, callerOf(person))
        const expected = refusal(row.access, person, row.url)
        if (expected !== null) assert.equal(answer.status, expected, JSON.stringify(answer.body))
        else {
          assert.ok(
            answer.status !== 401 && answer.status < 500,
            `${answer.status} ${JSON.stringify(answer.body)}`,
          )
          const denied = answer.status === 403 ? answer.body.code : null
          assert.ok(denied === null || denied === 'session.refused' || denied === 'view.refused', denied)
        }
      })
    }
  }
  assert.deepEqual(world.faults, [])
})

test('a visitor may read and change what is their own', async () => {
  const visitor = await world.visitor()
  const event = await world.event({ endpointId: visitor.endpointId })
  for (const [method, url, body] of [
    ['GET', `/api/endpoints/${visitor.endpointId}`],
    ['GET', `/api/events/${event.id}`],
    ['GET', `/api/events/${event.id}/body`],
    ['POST', `/api/events/${event.id}/resend`, {}],
    ['PATCH', `/api/endpoints/${visitor.endpointId}`, { description: 'mine' }],
    ['POST', `/api/endpoints/${visitor.endpointId}/token`],
    ['DELETE', `/api/endpoints/${visitor.endpointId}`],
  ] as const) {
    const { status } = await world.call(method, url, body, visitor.caller)
    assert.ok(status >= 200 && status < 300, `${method} ${url}: ${status}`)
  }
})

test('a row without an access rule does not type-check', () => {
  const row = {
    method: 'GET',
    url: '/api/x',
    tag: 'Events',
    summary: '',
    status: 200,
    answer: Type.String(),
  } as const
  // @ts-expect-error access is missing
  route({ ...row, handler: async () => '' })
  assert.equal(route({ ...row, access: 'member', handler: async () => '' }).access, 'member')
})

test('a route that is mounted beside the table needs an access rule too', async () => {
  const { default: Fastify } = await import('fastify')
  const { registerApi } = await import('./register.ts')
  const server = Fastify()
  await registerApi(server, world.services)
  await server.ready()
  const urls = routes.map(({ url }) => url)
  assert.equal(new Set(routes.map(({ method, url }) => `${method} ${url}`)).size, urls.length)
  for (const { method, url } of routes) assert.ok(server.hasRoute({ method, url }), `${method} ${url}`)
  await server.close()
})
