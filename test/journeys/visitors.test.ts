import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, send } from './support/ask.ts'
import { watch } from './support/feed.ts'
import { newPerson, type Person } from './support/person.ts'
import { deliver, onlyRunFor, runInState } from './support/see.ts'
import type { Endpoint, Event, EventSummary, List, Problem, Session, Status } from './support/shapes.ts'
import { type Signalbox, startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

interface Visit {
  person: Person
  endpoint: Endpoint
  viewKey: string
  shareUrl: string
}

async function newVisitor(box: Signalbox): Promise<Visit> {
  const person = newPerson(box)
  const answer = await person.ask('POST', '/api/visitor-endpoints', {})
  assert.equal(answer.status, 201, answer.text)
  return { person, ...(answer.json() as Omit<Visit, 'person'>) }
}

const idsSeen = async (person: Person): Promise<string[]> =>
  ((await person.ask('GET', '/api/events')).json() as List<EventSummary>).items.map(({ id }) => id)

test('a visitor sees what comes to their endpoint, and neither another visitor nor anybody else does', async t => {
  const box = await startSignalbox(t)
  const ada = await newVisitor(box)
  const bob = await newVisitor(box)
  const nobody = newPerson(box)
  const adasFeed = await watch(t, box, { headers: { cookie: ada.person.cookies() } })
  const bobsFeed = await watch(t, box, { headers: { cookie: bob.person.cookies() } })

  const adas = await deliver(ada.endpoint, { secret: 'of Ada' })
  const bobs = await deliver(bob.endpoint, { secret: 'of Bob' })
  await adasFeed.have('Ada sees hers', feed => feed.events().length > 0)
  await bobsFeed.have('Bob sees his', feed => feed.events().length > 0)
  assert.deepEqual(
    adasFeed.events().map(({ id }) => id),
    [adas],
  )
  assert.deepEqual(
    bobsFeed.events().map(({ id }) => id),
    [bobs],
  )
  assert.deepEqual(await idsSeen(ada.person), [adas])
  assert.deepEqual(await idsSeen(bob.person), [bobs])
  const shown = (await ada.person.ask('GET', `/api/events/${adas}`)).json() as Event
  assert.equal(shown.body.text, '{"secret":"of Ada"}')

  const ofAda: [string, string, unknown?][] = [
    ['GET', `/api/events/${adas}`],
    ['GET', `/api/events/${adas}/body`],
    ['GET', `/api/events/${adas}/verdicts`],
    ['POST', `/api/events/${adas}/resend`, {}],
    ['POST', `/api/events/${adas}/replay`, {}],
    ['GET', `/api/endpoints/${ada.endpoint.id}`],
    ['GET', `/api/endpoints/${ada.endpoint.name}`],
    ['PATCH', `/api/endpoints/${ada.endpoint.id}`, { description: 'mine now' }],
    ['DELETE', `/api/endpoints/${ada.endpoint.id}`],
    ['POST', `/api/endpoints/${ada.endpoint.id}/token`],
  ]
  for (const [method, path, body] of ofAda) {
    for (const [who, person] of [
      ['Bob', bob.person],
      ['nobody', nobody],
    ] as const) {
      const { status, text } = await person.ask(method, path, body)
      assert.ok(status >= 401 && status <= 404, `${who}: ${method} ${path} is refused (${status})`)
      assert.doesNotMatch(text, /of Ada|sb_send_|sb_view_/, `${who}: ${method} ${path} tells nothing`)
    }
  }
  const asked = await bob.person.ask('GET', `/api/events?endpoint=${ada.endpoint.id}`)
  assert.doesNotMatch(asked.text, /of Ada/, 'not by naming her endpoint in a list either')
  for (const path of ['/api/reactions', '/api/runs', '/api/status'])
    assert.ok((await ada.person.ask('GET', path)).status >= 401, `${path} is for the administrator`)
  await assert.rejects(watch(t, box, { headers: {} }), /401/, 'the feed is closed to nobody')
  const curious = await watch(t, box, {
    headers: { cookie: bob.person.cookies() },
    filter: { endpoints: [ada.endpoint.id] },
    cursor: 'beginning',
  })
  const second = await deliver(ada.endpoint, { secret: 'of Ada, again' })
  await adasFeed.have('Ada sees the second', feed => feed.events().some(({ id }) => id === second))
  assert.deepEqual(curious.changes, [])
})

test('a share link shows the endpoint to whoever has it', async t => {
  const box = await startSignalbox(t)
  const ada = await newVisitor(box)
  const eventId = await deliver(ada.endpoint, { n: 1 })
  const friend = newPerson(box)
  assert.equal(new URL(ada.shareUrl).pathname, '/view')
  const opened = await friend.ask('POST', '/api/view', { key: new URL(ada.shareUrl).hash.slice(1) })
  assert.equal(opened.status, 204)
  assert.deepEqual(await idsSeen(friend), [eventId])
  assert.deepEqual(((await friend.ask('GET', '/api/session')).json() as Session).endpoints, [ada.endpoint.id])
  const wrong = await newPerson(box).ask('POST', '/api/view', { key: 'sb_view_guessed' })
  assert.equal(wrong.status, 403)
})

test('a visitor’s endpoint is small and short-lived', async t => {
  const box = await startSignalbox(t)
  const ada = await newVisitor(box)
  const large = await send(ada.endpoint.url, Buffer.alloc(64 * 1024 + 1, 'a'))
  assert.equal(large.status, 413)
  const { expiresAt } = (await ada.person.ask('GET', `/api/endpoints/${ada.endpoint.id}`)).json() as {
    expiresAt: string
  }
  const hours = (Date.parse(expiresAt) - Date.now()) / 3_600_000
  assert.ok(hours > 23.9 && hours <= 24, `${hours} h`)
  for (let more = 2; more <= 5; more++)
    assert.equal((await ada.person.ask('POST', '/api/visitor-endpoints', {})).status, 201)
  assert.equal((await ada.person.ask('POST', '/api/visitor-endpoints', {})).status, 409, 'a sixth one')
  const statuses = []
  for (let sent = 0; sent < 61; sent++) statuses.push((await send(ada.endpoint.url, '{}')).status)
  assert.equal(statuses.at(-1), 429)
  assert.ok(statuses.filter(status => status === 202).length >= 58)
})

const foreign: [string, Record<string, string>, RegExp][] = [
  ['a Host that is not this machine’s', { host: 'evil.example' }, /evil\.example/],
  ['a forwarding header', { 'x-forwarded-for': '203.0.113.9' }, /proxy.*x-forwarded-for/],
]
for (const [what, headers, reason] of foreign) {
  test(`the first request with ${what} ends the trial rules, and that is told`, async t => {
    const box = await startSignalbox(t)
    const target = await startTarget(t)
    const ada = await newVisitor(box)
    const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'in' })
    await box.api('POST', '/api/reactions', {
      name: 'forward',
      trigger: { type: 'endpoint', endpoint: 'in' },
      action: { type: 'http', url: target.url },
    })
    await runInState(box, (await onlyRunFor(box, await deliver(endpoint, {}))).id, 'succeeded')

    const answer = await ask(`${box.url}/api/session`, { headers })
    assert.equal(answer.status, 'host' in headers ? 421 : 200)

    const newcomer = await newPerson(box).ask('POST', '/api/visitor-endpoints', {})
    assert.equal(newcomer.status, 403)
    assert.equal((newcomer.json() as Problem).code, 'visitors.not-allowed')
    assert.match((newcomer.json() as Problem).detail, reason)
    assert.ok((await ada.person.ask('GET', '/api/events')).status >= 401, 'the visitor is out')
    const { visitors } = await box.api<Status>('GET', '/api/status')
    assert.equal(visitors.allowed, false)
    assert.match(visitors.reason, reason)
    assert.match(box.printed(), /trial rules have ended/)

    const refused = await runInState(box, (await onlyRunFor(box, await deliver(endpoint, {}))).id, 'failed')
    assert.match(refused.label, /--allow-targets/, 'a loopback target needs a setting now')
    assert.equal(target.received.length, 1)
  })
}

test('what is allowed by a setting stays allowed when the trial rules end', async t => {
  const box = await startSignalbox(t, { args: ['--allow-visitors', '--allow-targets', '127.0.0.1'] })
  const target = await startTarget(t)
  await ask(`${box.url}/healthz`, { headers: { 'x-forwarded-for': '203.0.113.9' } })
  await newVisitor(box)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'in' })
  await box.api('POST', '/api/reactions', {
    name: 'forward',
    trigger: { type: 'endpoint', endpoint: 'in' },
    action: { type: 'http', url: target.url },
  })
  await deliver(endpoint, {})
  await target.have(1)
})
