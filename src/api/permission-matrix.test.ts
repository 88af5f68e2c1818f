import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Caller, startWorld, type World } from '../../test/support/api-world.ts'
import { hashToken, newToken } from '../core/seal.ts'
import { outcomeOf, people, type Person } from './permission-matrix.ts'
import type { Route } from './route.ts'
import { createRoutes } from './routes.ts'

let world: World
let routes: Route[]
const callers = new Map<Person, Caller | null>()
const userIds = new Map<Person, string>()

const roleOf = {
  viewer: { role: 'viewer', team: 'alpha' },
  editor: { role: 'editor', team: 'alpha' },
  'team admin': { role: 'admin', team: 'alpha' },
  'admin of another team': { role: 'admin', team: 'beta' },
  'organization admin': { role: 'admin', team: null },
}

before(async () => {
  world = await startWorld()
  routes = createRoutes(world.services)
  for (const name of ['alpha', 'beta']) await world.call('POST', '/api/teams', { name })
  callers.set('nobody', null)
  callers.set('visitor', (await world.visitor()).caller)
  for (const [person, role] of Object.entries(roleOf) as [Person, object][]) {
    const email = `${person.replaceAll(' ', '-')}@example.com`
    const made = await world.call('POST', '/api/users', { email, roles: [role] })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    userIds.set(person, made.body.id)
    callers.set(person, { headers: { authorization: `Bearer ${await keyOf(made.body.id)}` } })
  }
})
after(() => world.close())

let number = 0

async function keyOf(user_id: string): Promise<string> {
  const token = newToken('key')
  await world.services.storage.execute('createKey', {
    id: `key_${++number}`,
    token_hash: hashToken(token),
    name: 'all',
    user_id,
    scope: '[{"role":null,"permission":"*","team":null}]',
    actor: 'admin',
    created_at: 1,
    expires_at: null,
  })
  return token
}

const reaction = (name: string) => ({
  name,
  team: 'alpha',
  trigger: { type: 'events' },
  filter: {},
  action: { type: 'http', url: 'http://127.0.0.1:9' },
  retry: {},
})

async function made(url: string, body: object): Promise<Record<string, string>> {
  const answer = await world.call('POST', url, body)
  assert.equal(answer.status, 201, `${url}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

interface Fresh {
  reference: string
  /** Beside the path's own. */
  more?: Record<string, string>
}

/** Something that the team alpha owns, made for one call. */
const fresh: Record<string, () => Promise<Fresh>> = {
  endpoints: async () => ({ reference: (await made('/api/endpoints', { team: 'alpha' }))['id']! }),
  events: async () => ({ reference: (await world.event({ team: 'alpha' })).id }),
  reactions: async () => ({
    reference: (await made('/api/reactions', reaction(`reaction-${++number}`)))['id']!,
  }),
  runs: async () => {
    const { id } = await made('/api/reactions', reaction(`reaction-${++number}`))
    const event = await world.event({ team: 'alpha' })
    const stored = await world.services.storage.read('event', { id: event.id })
    const [run] = await world.react({ ...event, position: stored!.event.position }, [id!])
    return { reference: run! }
  },
  jobs: async () => ({
    reference: (await made('/api/jobs/replay', { events: {}, team: 'alpha' }))['id']!,
  }),
  listeners: async () => {
    const endpoint = (await made('/api/endpoints', { team: 'alpha' }))['id']!
    const { id, session } = await made('/api/listeners', { endpoint, target: 'http://a/', settings: {} })
    return { reference: id!, more: { session: session! } }
  },
  shares: async () => {
    const { id } = await world.event({ team: 'alpha' })
    return { reference: (await made(`/api/events/${id}/shares`, {}))['id']! }
  },
  views: async () => ({
    reference: (await made('/api/views', { ...view, name: `view ${++number}`, team: 'alpha' }))['id']!,
  }),
  teams: async () => ({ reference: 'alpha' }),
  users: async () => {
    const email = `user-${++number}@example.com`
    const user = await made('/api/users', { email, roles: [{ role: 'viewer', team: 'alpha' }] })
    return { reference: user['id']!, more: { roleId: (user['roles'] as never)[0]['id'] } }
  },
  keys: async () => {
    await keyOf(userIds.get('viewer')!)
    return { reference: `key_${number}` }
  },
  secrets: async () => ({
    reference: (await made('/api/secrets', { name: `SECRET_${++number}`, value: 'a value', team: 'alpha' }))[
      'id'
    ]!,
  }),
  audit: async () => {
    await made('/api/views', { ...view, name: `view ${++number}`, team: 'alpha' })
    const [row] = await world.services.storage.query('listAudit', { filter: {}, before: null, limit: 1 })
    return { reference: row!.id }
  },
  sessions: async () => ({ reference: 'ses_none' }),
  sources: async () => ({ reference: 'src_none' }),
}

const view = { list: 'runs', filters: {} }

const bodies: Record<string, (one: Fresh) => object> = {
  'POST /api/endpoints/:reference/answer/preview': () => ({ answer: {} }),
  'PUT /api/reactions/:reference': () => reaction(`reaction-${++number}`),
  'PUT /api/views/:id': () => ({ ...view, name: `view ${++number}` }),
  'POST /api/listeners/:id/session': () => ({ settings: {} }),
  'POST /api/listeners/:id/runs': ({ more }) => ({ ...more, events: ['evt_none'] }),
  'POST /api/listeners/:id/claims': ({ more }) => ({ ...more }),
  'POST /api/listeners/:id/attempts': ({ more }) => ({
    ...more,
    runId: 'r_none',
    claimNo: 1,
    durationMs: 1,
    request: { method: 'POST', url: 'http://a/', headers: [] },
  }),
  'PATCH /api/teams/:name': () => ({ description: 'changed' }),
  'POST /api/users/:reference/roles': () => ({ role: 'viewer', team: 'alpha' }),
}

/** Of these nothing is there, or only a part of it. */
const absent = /^\/api\/(?:sessions|sources)\/|\/parts\/|\/answer\/preview$|\/attempts$/

test('of every route exactly those are let in whom the table names', async context => {
  for (const person of Object.keys(people) as Person[]) {
    await context.test(person, async () => {
      for (const row of routes) {
        // That is about the person who asks; who they are is asked again below.
        if (row.method === 'DELETE' && ['/api/session', '/api/sessions'].includes(row.url)) continue
        const kind = row.url.split('/')[2] ?? ''
        const one = row.url.includes('/:') ? await fresh[kind]!() : { reference: '' }
        const url = row.url
          .replace('/roles/:id', `/roles/${one.more?.['roleId'] ?? ''}`)
          .replace(/:(?:reference|id|name)/, one.reference)
          .replace(':index', '0')
        const name = `${row.method} ${row.url}`
        const body = row.body === undefined ? undefined : (bodies[name]?.(one) ?? {})
        const answer = await world.call(row.method, url, body, callers.get(person))
        const expected = outcomeOf(row, person)
        const told = `${person}: ${name} answered ${answer.status} ${JSON.stringify(answer.body)}`
        if (typeof expected === 'number') assert.equal(answer.status, expected, told)
        else {
          const refusals = ['session.refused', 'view.refused', 'sign-in.refused', 'invitation.refused']
          const isRefused = [401, 403].includes(answer.status) && !refusals.includes(answer.body.code)
          assert.ok(!isRefused && answer.status < 500, told)
          if (row.url.includes('/:') && !absent.test(row.url)) assert.notEqual(answer.status, 404, told)
        }
      }
    })
  }
  assert.deepEqual(world.faults, [])
})

test('everybody is told what they may do', async () => {
  const who = await world.call('GET', '/api/session', undefined, callers.get('viewer'))
  assert.equal(who.body.actor, 'key:all (viewer@example.com)')
  assert.equal(who.body.userId, userIds.get('viewer'))
  assert.deepEqual(who.body.permissions, people.viewer)
  const nobody = await world.call('GET', '/api/session', undefined, null)
  assert.deepEqual([nobody.body.signedIn, nobody.body.permissions], [false, []])
})
