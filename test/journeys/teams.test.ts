import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../kill/support/until.ts'
import { type Answer, ask } from './support/ask.ts'
import type { Scope } from './support/at-end.ts'
import { watch } from './support/feed.ts'
import { deliver, onlyRunFor, runInState } from './support/see.ts'
import type { Endpoint, Reaction } from './support/shapes.ts'
import { type Signalbox, startSignalbox } from './support/signalbox.ts'
import { startTarget, type Target } from './support/target.ts'

type Json = ReturnType<typeof JSON.parse>

interface Team {
  name: string
  /** Stands in all that the team has, and nowhere else. */
  marker: string
  ids: Record<string, string>
  key: string
  as(method: string, path: string, body?: unknown): Promise<Answer>
}

/** A team with one of everything, and somebody who may do all of it there. */
async function startTeam(box: Signalbox, target: Target, name: string): Promise<Team> {
  const marker = `payload-of-${name}`
  await box.api('POST', '/api/teams', { name, description: marker })
  const email = `lead@${marker}.example.com`
  const lead = await box.api<Json>('POST', '/api/users', { email, roles: [{ role: 'admin', team: name }] })
  const key = await keyFor(box, lead.invitation.url, `${marker} key`)
  const as: Team['as'] = (method, path, body) =>
    ask(box.url + path, {
      method,
      headers: { authorization: `Bearer ${key.token}` },
      ...(body === undefined ? {} : { json: body }),
    })
  const make = async (path: string, body: unknown): Promise<Json> => {
    const answer = await as('POST', path, body)
    assert.equal(answer.status, 201, `${path}: ${answer.text}`)
    return answer.json()
  }
  const endpoint: Endpoint = await make('/api/endpoints', { name: `in-${marker}` })
  const reaction: Reaction = await make('/api/reactions', {
    name: `on-${marker}`,
    trigger: { type: 'endpoint', endpoint: endpoint.id },
    filter: {},
    action: { type: 'http', url: target.url, bodyFrom: 'original' },
    retry: {},
  })
  const event = await deliver(endpoint, { card: marker })
  const run = await onlyRunFor(box, event)
  await runInState(box, run.id, 'succeeded')
  const job = await make('/api/jobs/replay', { events: { text: marker } })
  const share = await make(`/api/events/${event}/shares`, {})
  const view = await make('/api/views', { list: 'events', name: marker, filters: { text: marker } })
  const listener = await make('/api/listeners', {
    endpoint: endpoint.id,
    target: `http://localhost/${marker}`,
    settings: {},
  })
  const secret = await make('/api/secrets', {
    name: marker.replaceAll('-', '_').toUpperCase(),
    value: marker,
  })
  const trail = (await as('GET', `/api/audit?subject=${endpoint.id}`)).json()
  const ids = {
    audit: trail.items[0]!.id,
    endpoints: endpoint.id,
    reactions: reaction.id,
    events: event,
    runs: run.id,
    jobs: job.id,
    shares: share.id,
    views: view.id,
    listeners: listener.id,
    secrets: secret.id,
    users: lead.id,
    teams: name,
    keys: key.id,
  }
  return { name, marker, ids, key: key.token, as }
}

/** Accepts the invitation, and makes a key as that user. */
async function keyFor(
  box: Signalbox,
  invitation: string,
  name: string,
): Promise<{ id: string; token: string }> {
  const own = { 'sec-fetch-site': 'same-origin' }
  const accepted = await ask(`${box.url}/api/invitation`, {
    method: 'POST',
    headers: own,
    json: { token: invitation.split('#')[1], password: 'a sentence to remember' },
  })
  assert.equal(accepted.status, 204, accepted.text)
  const cookie = String(accepted.headers['set-cookie']).split(';', 1)[0]!
  const made = await ask(`${box.url}/api/keys`, {
    method: 'POST',
    headers: { ...own, cookie },
    json: { name },
  })
  assert.equal(made.status, 201, made.text)
  return made.json()
}

async function startTwoTeams(t: Scope): Promise<{ box: Signalbox; target: Target; alpha: Team; beta: Team }> {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  const alpha = await startTeam(box, target, 'alpha')
  return { box, target, alpha, beta: await startTeam(box, target, 'beta') }
}

interface Operation {
  method: string
  path: string
}

async function operationsOf(box: Signalbox): Promise<Operation[]> {
  const { paths } = (await ask(`${box.url}/api/openapi.json`)).json()
  return Object.entries<object>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => ({ method: method.toUpperCase(), path })),
  )
}

/** Bodies that are right, so that only whose it is can be in the way. */
const bodyOf = ({ method, path }: Operation, team: Team): unknown => {
  if (method === 'GET') return undefined
  const session = 'some session'
  const bodies: Record<string, unknown> = {
    '/api/endpoints/{reference}/answer/preview': { answer: {} },
    'PUT /api/reactions/{reference}': {
      name: 'taken-over',
      trigger: { type: 'events' },
      filter: {},
      action: { type: 'http', url: 'http://127.0.0.1:9' },
      retry: {},
    },
    'PUT /api/views/{id}': { list: 'events', name: 'taken over', filters: {} },
    '/api/listeners/{id}/session': { settings: {} },
    '/api/listeners/{id}/runs': { session, events: [team.ids['events']] },
    '/api/listeners/{id}/claims': { session },
    '/api/listeners/{id}/attempts': {
      session,
      runId: team.ids['runs'],
      claimNo: 1,
      durationMs: 1,
      request: { method: 'POST', url: 'http://a/', headers: [] },
    },
    'PATCH /api/teams/{name}': { description: 'taken over' },
    '/api/users/{reference}/roles': { role: 'viewer', team: team.name },
  }
  return bodies[`${method} ${path}`] ?? bodies[path] ?? {}
}

test('by no id, and on no route, one team reaches what is another’s', async t => {
  const { box, alpha, beta } = await startTwoTeams(t)
  const operations = (await operationsOf(box)).filter(({ path }) => path.includes('{'))
  assert.ok(operations.length > 40, `${operations.length} operations have an id`)
  let refused = 0
  for (const operation of operations) {
    const kind = operation.path.split('/')[2] ?? ''
    const id = alpha.ids[kind]
    if (id === undefined) {
      assert.ok(['sources', 'sessions'].includes(kind), `a team has no ${kind} in this test`)
      continue
    }
    const path = operation.path
      .replace(/\{(?:reference|id|name)\}/, id)
      .replace('{index}', '0')
      .replace('{id}', 'role_none')
    const answer = await beta.as(operation.method, path, bodyOf(operation, alpha))
    const told = `${operation.method} ${operation.path}: ${answer.status} ${answer.text}`
    assert.ok([403, 404].includes(answer.status), told)
    // What is only for the whole organization is refused before anything is looked up.
    if (answer.status === 403)
      assert.match(answer.text, /for the whole organization|You cannot give more/, told)
    assert.ok(!answer.text.includes(alpha.marker), told)
    refused += 1
  }
  assert.ok(refused > 40, `${refused} were refused`)
  const still = await alpha.as('GET', `/api/endpoints/${alpha.ids['endpoints']}`)
  assert.equal(still.status, 200, 'nothing was changed')
})

test('in no list, search, number or description does one team find what is another’s', async t => {
  const { box, alpha, beta } = await startTwoTeams(t)
  const lists = (await operationsOf(box)).filter(
    ({ method, path }) => method === 'GET' && !path.includes('{'),
  )
  const needs: Record<string, string> = {
    '/api/runs/by-event': `?event=${alpha.ids['events']}`,
    '/api/listeners': `?endpoint=${beta.ids['endpoints']}`,
  }
  for (const { path } of lists) {
    const answer = await beta.as('GET', path + (needs[path] ?? ''))
    assert.ok(answer.status < 500, `${path}: ${answer.status} ${answer.text}`)
    assert.ok(!answer.text.includes(alpha.marker), `${path} told of ${alpha.marker}: ${answer.text}`)
    for (const [kind, id] of Object.entries(alpha.ids))
      if (kind !== 'teams' && !(path === '/api/runs/by-event' && kind === 'events'))
        assert.ok(!answer.text.includes(id), `${path} told of ${kind} ${id}: ${answer.text}`)
  }
  for (const query of [
    `text=${alpha.marker}`,
    `where=${encodeURIComponent(`body.card == "${alpha.marker}"`)}`,
    `endpoint=${alpha.ids['endpoints']}`,
    'target=endpoint:in-payload-of-alpha',
  ]) {
    const found = await beta.as('GET', `/api/events?${query}`)
    assert.deepEqual(found.json().items, [], query)
    assert.equal((await alpha.as('GET', `/api/events?${query}`)).json().items.length, 1, query)
  }
  const named = await beta.as('GET', `/api/events?endpoint=in-${alpha.marker}`)
  assert.equal(named.status, 404)
  for (const list of ['endpoints', 'reactions']) {
    const found = (await beta.as('GET', `/api/${list}?search=${alpha.marker}`)).json()
    assert.deepEqual([found.items, found.total], [[], 0], list)
    const whole = (await beta.as('GET', `/api/${list}`)).json()
    assert.deepEqual([whole.items.length, whole.total], [1, 1], list)
    const byId = await beta.as('GET', `/api/${list}?id=${alpha.ids[list]}`)
    assert.deepEqual(byId.json().items, [], list)
  }
  const runs = await beta.as('GET', `/api/runs?event=${alpha.ids['events']}`)
  assert.deepEqual(runs.json().items, [])
  const setOff = (await beta.as('GET', `/api/runs/by-event?event=${alpha.ids['events']}`)).json()
  assert.equal(setOff.items[0].runs, 0)

  const events = async (team: Pick<Team, 'as'>, query = '') =>
    (await team.as('GET', `/api/statistics${query}`))
      .json()
      .series.reduce((sum: number, one: Json) => sum + one.total.events.success, 0)
  const admin = { as: box.ask }
  await until(
    () => 'both events are counted',
    async () => (await events(admin)) === 2,
  )
  assert.equal(await events(beta), 1)
  assert.equal(await events(beta, `?endpoint=${alpha.ids['endpoints']}`), 0)
  assert.equal(await events(beta, `?reaction=${alpha.ids['reactions']}`), 0)
})

test('a watcher is told of what is its team’s alone', async t => {
  const { box, target, alpha, beta } = await startTwoTeams(t)
  const feed = (team: Team) =>
    watch(t, box, { headers: { authorization: `Bearer ${team.key}` }, cursor: null })
  const [ofAlpha, ofBeta] = [await feed(alpha), await feed(beta)]
  const all = await watch(t, box, { headers: { authorization: `Bearer ${box.token}` } })
  const start = ofBeta.cursor()
  for (const team of [alpha, beta, alpha]) {
    const endpoint = (await team.as('GET', `/api/endpoints/${team.ids['endpoints']}`)).json()
    await deliver(endpoint, { card: team.marker })
  }
  await target.have(4)
  await alpha.as('PATCH', `/api/endpoints/${alpha.ids['endpoints']}`, { description: 'changed' })
  await box.api('POST', '/api/events', { kind: 'app.update', data: 'of the organization' })
  await all.have('all of it', ({ changes }) => JSON.stringify(changes).includes('app.update'))
  await ofAlpha.have(
    'its own',
    ({ changes }) =>
      changes.filter(({ type }) => type === 'event').length === 2 &&
      changes.some(change => change.type === 'configuration' && change.id === alpha.ids['endpoints']),
  )
  await ofBeta.have('its own', ({ changes }) => changes.some(({ type }) => type === 'run'))
  const told = JSON.stringify(ofBeta.messages)
  assert.ok(told.includes(beta.marker) && !told.includes(alpha.marker), told)
  assert.ok(!told.includes('app.update'), 'what no team owns is the organization’s')
  for (const id of Object.values(alpha.ids))
    if (id !== 'alpha') assert.ok(!told.includes(id), `${id} in ${told}`)
  assert.equal(ofBeta.changes.filter(({ type }) => type === 'event').length, 1)
  const headers = { authorization: `Bearer ${beta.key}` }
  const resumed = await watch(t, box, { headers, cursor: start })
  await resumed.have('what it had missed', ({ messages }) =>
    messages.some(({ type }) => type === 'caught-up'),
  )
  assert.equal(resumed.changes.filter(({ type }) => type === 'event').length, 1)
  assert.ok(!JSON.stringify(resumed.messages).includes(alpha.marker))
})

test('reactions, replays and dry runs stay within the team; those of the organization see all', async t => {
  const { box, target, alpha, beta } = await startTwoTeams(t)
  await box.api('POST', '/api/reactions', {
    name: 'of-the-organization',
    trigger: { type: 'events' },
    filter: { kindTypes: ['external', 'platform'] },
    action: { type: 'http', url: `${target.url}/all`, bodyFrom: 'original' },
    retry: {},
  })
  const greedy = (
    await beta.as('POST', '/api/reactions', {
      name: 'greedy',
      trigger: { type: 'events' },
      filter: {},
      action: { type: 'http', url: `${target.url}/greedy`, bodyFrom: 'original' },
      retry: {},
    })
  ).json()
  const endpoint = (await alpha.as('GET', `/api/endpoints/${alpha.ids['endpoints']}`)).json()
  const event = await deliver(endpoint, { card: alpha.marker })
  await until(
    () => 'the reaction of the organization fires',
    () => target.received.some(({ path }) => path === '/all'),
  )
  assert.ok(!target.received.some(({ path }) => path === '/greedy'), 'it is not beta’s event')

  const why = (await box.ask('GET', `/api/events/${event}/verdicts?reaction=greedy`)).json()
  assert.equal(why.verdicts[0].code, 'reaction.other-team')
  const seen = (await alpha.as('GET', `/api/events/${event}/verdicts`)).json()
  assert.deepEqual(
    seen.verdicts.map((one: Json) => one.reactionName),
    [`on-${alpha.marker}`],
    'nothing of the reactions of others',
  )
  const own = (await alpha.as('GET', `/api/events/${event}`)).json()
  assert.deepEqual(
    own.runs.map((one: Json) => one.reactionName),
    [`on-${alpha.marker}`],
  )
  const replayed = (await alpha.as('POST', `/api/events/${event}/replay`, {})).json()
  assert.deepEqual(
    replayed.runs.map((one: Json) => one.reactionName),
    [`on-${alpha.marker}`],
    'a replay sets off one’s own reactions',
  )
  for (const path of ['/api/reactions/test', '/api/reactions/backtest']) {
    const body = path.endsWith('test') && !path.endsWith('backtest') ? { event } : {}
    const tried = await beta.as('POST', path, { reaction: 'greedy', ...body })
    assert.ok(!tried.text.includes(alpha.marker), `${path}: ${tried.text}`)
    if (path.endsWith('backtest')) assert.ok(tried.json().events.every((one: Json) => one.id !== event))
    else assert.equal(tried.status, 404)
  }
  const steal = await beta.as('POST', '/api/jobs/replay', { events: {}, reaction: greedy.id })
  assert.equal(steal.status, 201)
  await until(
    () => 'the job is done',
    async () => (await beta.as('GET', `/api/jobs/${steal.json().id}`)).json().state === 'done',
  )
  const stolen = target.received.filter(({ path }) => path === '/greedy')
  assert.ok(
    stolen.every(({ body }) => !body.includes(alpha.marker)),
    'a job goes no further than the team',
  )
})
