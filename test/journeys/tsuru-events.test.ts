import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../kill/support/until.ts'
import { send } from './support/ask.ts'
import { signalbox } from './support/command-line.ts'
import { deliver } from './support/see.ts'
import { type Signalbox, startSignalbox, temporaryFolder } from './support/signalbox.ts'
import { startTsuruServer, tsuruEvent } from './support/tsuru-server.ts'
import { overTheWire, startWireTarget } from './support/wire.ts'

const asCommand =
  (box: Signalbox) =>
  (method: string, path: string, form = '') =>
    overTheWire(
      box.url,
      `${method} ${path} HTTP/1.1
Host: HOST
User-Agent: tsuru-client/1.34.0
Accept: application/json
Authorization: bearer ${box.token}
${form === '' ? '' : 'Content-Type: application/x-www-form-urlencoded\n'}X-Tsuru-Verbosity: 0`,
      form,
    )

/** What the command always sends, most of it empty. */
const listQuery = (set: Record<string, string> = {}): string =>
  new URLSearchParams({
    allowedtargets: '',
    erroronly: '',
    kindtype: '',
    limit: '',
    ownername: '',
    ownertype: '',
    permissions: '',
    raw: '',
    since: '',
    skip: '',
    sort: '',
    'target.type': '',
    'target.value': '',
    until: '',
    ...set,
  }).toString()

interface Listed {
  UniqueID: string
  Kind: { Name: string }
  Error: string
}

test('tsuru event list, info and cancel tell of what came from tsuru, and of what happened here', async t => {
  const box = await startSignalbox(t)
  const tsuru = asCommand(box)
  const list = async (set: Record<string, string> = {}): Promise<Listed[]> => {
    const { status, body } = await tsuru('GET', `/1.1/events?${listQuery(set)}`)
    return status === 204 ? [] : (JSON.parse(body) as Listed[])
  }
  assert.equal((await tsuru('GET', `/1.1/events?${listQuery()}`)).status, 204)
  assert.equal((await tsuru('GET', '/1.1/events/kinds')).status, 204)

  const theirs = '5d8f0c1e2a3b4c5d6e7f8091'
  const extra = [{ Target: { Type: 'volume', Value: 'v1' }, Lock: false }]
  const sent = tsuruEvent(theirs, Date.parse('2026-09-10T12:34:56.789Z'), {
    Error: 'boom <&>',
    ExtraTargets: extra,
  })
  await box.api('POST', '/api/events', sent)
  const { events } = await box.api<{ events: { id: string }[] }>('POST', '/api/events', {
    kind: { type: 'permission', name: 'app.update.env.set' },
    targets: [{ type: 'app', value: 'other' }],
    owner: { type: 'user', name: 'ada' },
    data: { NAME: 'v' },
  })
  const ours = events[0]!.id.slice(4)
  const ids = async (set: Record<string, string>) => (await list(set)).map(({ UniqueID }) => UniqueID)
  assert.deepEqual(await ids({}), [ours, theirs], 'the latest first')
  assert.deepEqual(await ids({ sort: 'starttime' }), [theirs, ours])
  assert.deepEqual(await ids({ kindname: 'app.update.env.set' }), [ours])
  assert.deepEqual(await ids({ kindname: 'app.update' }), [], 'exactly, unlike a webhook’s filter')
  assert.deepEqual(await ids({ 'target.type': 'volume' }), [theirs])
  assert.deepEqual(await ids({ 'target.type': 'app', 'target.value': 'v1' }), [theirs], 'unpaired')
  assert.deepEqual(await ids({ ErrorOnly: 'true' }), [theirs])
  assert.deepEqual(await ids({ ownername: 'ada', ownertype: 'user' }), [ours])
  assert.deepEqual(await ids({ until: '2026-09-11T00:00:00Z' }), [theirs])
  assert.deepEqual(await ids({ since: '2026-09-11T00:00:00Z' }), [ours])
  assert.deepEqual(await ids({ limit: '1' }), [ours])
  assert.deepEqual(await ids({ limit: '1', skip: '1' }), [theirs])
  assert.deepEqual(await ids({ running: 'true' }), [])
  const bad = await tsuru('GET', `/1.1/events?${listQuery({ since: 'yesterday' })}`)
  assert.deepEqual([bad.status, bad.body.split(':')[0]], [400, 'unable to decode form'])

  const one = await tsuru('GET', `/1.1/events/${theirs}`)
  assert.equal(one.status, 200)
  assert.match(one.body, /"Error":"boom \\u003c\\u0026\\u003e"/)
  assert.match(
    one.body,
    /"StartCustomData":\{"Kind":0,"Data":null\},.*"CustomData":\{"Start":null,"End":null,"Other":null\}\}\n$/,
  )
  assert.match((await tsuru('GET', `/1.1/events/${ours}`)).body, /"CustomData":\{"Start":\{"NAME":"v"\}/)
  const nowhere = await tsuru('GET', `/1.1/events/${'0'.repeat(24)}`)
  assert.deepEqual([nowhere.status, nowhere.body], [404, 'event not found\n'])
  const noId = await tsuru('GET', '/1.1/events/nope')
  assert.deepEqual([noId.status, noId.body], [400, 'uuid parameter is not ObjectId: nope\n'])
  const kinds = await tsuru('GET', '/1.1/events/kinds')
  assert.equal(
    kinds.body,
    '[{"Type":"permission","Name":"app.deploy"},{"Type":"permission","Name":"app.update.env.set"}]\n',
  )
  const cancel = (id: string, form: string) => tsuru('POST', `/1.1/events/${id}/cancel`, form)
  assert.deepEqual((await cancel(ours, 'other=1')).body, 'reason is mandatory\n')
  assert.deepEqual((await cancel(ours, 'reason=late')).body, 'event is not cancelable\n')

  const endpoint = await box.api<{ url: string }>('POST', '/api/endpoints', { name: 'in' })
  const deep = await deliver(endpoint, `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)
  const told = await tsuru('GET', `/1.1/events/${deep.slice(4)}`)
  assert.deepEqual(
    [told.status, /"CustomData":\{"Start":null/.test(told.body)],
    [200, true],
    'too deep to be written',
  )
})

interface Source {
  problem: string | null
  readTo: string
}

test('a source is read: whatever ended on a tsuru server comes in once, whenever Signalbox is killed', async t => {
  const theirs = await startTsuruServer(t)
  const directory = temporaryFolder(t)
  const args = ['--source-interval-ms', '100']
  const startMs = Date.now() - 3_600_000
  const count = 130
  for (let index = 0; index < count; index++)
    theirs.events.push(tsuruEvent(index.toString(16).padStart(24, '0'), startMs + index * 1000))
  const slow = tsuruEvent('f'.repeat(24), startMs - 60_000, {
    Running: true,
    Kind: { Type: 'permission', Name: 'app.run' },
  })
  theirs.events.push(slow)

  let box = await startSignalbox(t, { directory, args })
  const target = await startWireTarget(t)
  await box.api('POST', '/api/reactions', {
    name: 'each',
    trigger: { type: 'events' },
    filter: { kindNames: ['app'] },
    action: { type: 'http', url: target.url, language: 'tsuru' },
  })
  await box.api('POST', '/api/sources', {
    name: 'cloud',
    product: 'tsuru',
    url: theirs.url,
    token: theirs.token,
    since: new Date(startMs - 120_000).toISOString(),
  })
  for (let kills = 0; kills < 4; kills++) {
    const asked = theirs.asked.length
    await until(
      () => 'the source is asked',
      () => theirs.asked.length > asked + (kills % 2),
    )
    await box.kill()
    box = await startSignalbox(t, { directory, args })
  }
  // What goes on meanwhile is waited for, however much came after it.
  slow.Running = false
  // As tsuru writes them; what was cut short when Signalbox was killed does not count.
  const missing = () => {
    const sent = new Set(target.received.map(({ body }) => body))
    return theirs.events.filter(event => !sent.has(JSON.stringify(event))).length
  }
  await until(
    () => `each was sent on, ${missing()} are missing`,
    () => missing() === 0,
    { deadlineMs: 60_000 },
  )
  const came = new Set<string>()
  for (let cursor = ''; ; ) {
    const page = await box.api<{ items: { id: string; deliveryId?: string }[]; next: string | null }>(
      'GET',
      `/api/events?kind=app&limit=200${cursor}`,
    )
    for (const { id } of page.items) came.add(id)
    if (page.next === null) break
    cursor = `&cursor=${page.next}`
  }
  assert.equal(came.size, count + 1, 'none is there twice')

  theirs.token = 'another'
  const failed = await until(
    () => 'the problem is told',
    async () => {
      const { items } = await box.api<{ items: Source[] }>('GET', '/api/sources')
      return items[0]?.problem === null ? null : items[0]!
    },
  )
  assert.match(failed.problem ?? '', /does not take the token \(401\)/)
  const shown = JSON.stringify(failed)
  assert.ok(!shown.includes('tsuru-token-of-theirs'))
  const twice = await box.ask('POST', '/api/sources', {
    name: 'cloud',
    product: 'tsuru',
    url: theirs.url,
    token: 'x',
  })
  assert.equal(twice.status, 409)
  await box.api('DELETE', '/api/sources/cloud')
  assert.deepEqual((await box.api<{ items: Source[] }>('GET', '/api/sources')).items, [])
  assert.equal((await send(`${theirs.url}/1.1/events`, '')).status, 401)
})

test('the webhooks of a tsuru server are copied by one command, and fire here', async t => {
  const theirs = await startTsuruServer(t)
  const target = await startWireTarget(t)
  const filter = { target_types: [], target_values: [], kind_types: [], kind_names: ['app'] }
  theirs.webhooks.push({
    name: 'wh1',
    description: 'theirs',
    team_owner: '',
    event_filter: { ...filter, error_only: false, success_only: false },
    url: target.url,
    proxy_url: '',
    headers: { 'x-key': ['s3cret-of-theirs'] },
    method: '',
    body: '{{.Kind.Name}}',
    insecure: false,
  })
  const box = await startSignalbox(t)
  const directory = temporaryFolder(t)
  const environment = {
    SIGNALBOX_URL: box.url,
    SIGNALBOX_TOKEN: box.token,
    TSURU_TARGET: theirs.url,
    TSURU_TOKEN: theirs.token,
  }
  const run = (...args: string[]) => signalbox(['import', 'tsuru', ...args], { directory, environment })
  assert.match((await run('--dry-run')).out, /wh1 +made/)
  assert.equal((await asCommand(box)('GET', '/1.6/events/webhooks')).status, 204)
  const first = await run()
  assert.deepEqual([first.exitCode, /wh1 +made/.test(first.out)], [0, true], first.err)
  assert.match((await run()).out, /wh1 +same/)
  assert.equal(
    (await asCommand(box)('GET', '/1.6/events/webhooks')).body,
    `${JSON.stringify(theirs.webhooks)}\n`,
  )
  await box.api('POST', '/api/events', tsuruEvent('5d8f0c1e2a3b4c5d6e7f8091', Date.now()))
  const [request] = await target.have(1)
  assert.equal(request?.body, 'app.deploy')
  assert.ok(request.headers.includes('x-key: s3cret-of-theirs'))
})
