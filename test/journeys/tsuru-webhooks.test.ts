import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from './support/ask.ts'
import { deliver, onlyRunFor, runInState, verdictsOn } from './support/see.ts'
import { type Signalbox, startSignalbox } from './support/signalbox.ts'
import { overTheWire, startWireTarget, type WireAnswer } from './support/wire.ts'

/** What the `tsuru` command writes (1.34), header by header. */
const asCommand =
  (box: Signalbox) =>
  (method: string, path: string, json?: object): Promise<WireAnswer> => {
    const type = json === undefined ? '' : 'Content-Type: application/json\n'
    return overTheWire(
      box.url,
      `${method} ${path} HTTP/1.1
Host: HOST
User-Agent: tsuru-client/1.34.0
Accept: application/json
Authorization: bearer ${box.token}
${type}X-Tsuru-Verbosity: 0`,
      json === undefined ? '' : `${JSON.stringify(json)}\n`,
    )
  }

const header = ({ headers }: WireAnswer, name: string): string | undefined =>
  headers.find(line => line.toLowerCase().startsWith(`${name}: `))?.slice(name.length + 2)

const stored = (url: string) =>
  `{"name":"wh1","description":"","team_owner":"","event_filter":{"target_types":[],"target_values":[],"kind_types":[],"kind_names":["app.deploy"],"error_only":false,"success_only":true},"url":"${url}","proxy_url":"","headers":{"Authorization":["Bearer s3cret-of-hers"],"x-a":["1","2 \\u003c\\u0026\\u003e"]},"method":"","body":"","insecure":false}`

test('the webhook commands of tsuru work: create, list, info, update, delete', async t => {
  const box = await startSignalbox(t)
  const tsuru = asCommand(box)
  const hook = {
    name: 'wh1',
    event_filter: { kind_names: ['app.deploy'], success_only: true },
    url: 'http://me/"<&>',
    headers: { 'x-a': ['1', '2 <&>'], Authorization: ['Bearer s3cret-of-hers'] },
  }
  const none = await tsuru('GET', '/1.6/events/webhooks')
  assert.deepEqual([none.status, none.body], [204, ''])

  const created = await tsuru('POST', '/1.6/events/webhooks', hook)
  assert.deepEqual([created.status, created.body], [200, ''])
  assert.equal(header(created, 'supported-tsuru'), '1.0.1')

  const list = await tsuru('GET', '/1.6/events/webhooks')
  assert.equal(list.status, 200)
  assert.equal(header(list, 'content-type'), 'application/json')
  const expected = stored('http://me/\\"\\u003c\\u0026\\u003e')
  assert.equal(list.body, `[${expected}]\n`)
  const info = await tsuru('GET', '/1.6/events/webhooks/wh1')
  assert.equal(info.body, `${expected}\n`)

  const again = await tsuru('POST', '/1.6/events/webhooks', hook)
  assert.deepEqual([again.status, again.body], [409, 'webhook already exists with the same name\n'])
  assert.equal(header(again, 'content-type'), 'text/plain; charset=utf-8')

  // A PUT replaces the whole; the name in its body counts for nothing.
  const updated = await tsuru('PUT', '/1.6/events/webhooks/wh1', {
    name: 'other',
    event_filter: { error_only: true, success_only: true },
    url: 'http://y.com',
    method: 'GET',
    insecure: true,
    proxy_url: 'my.proxy:8123',
    body: '{{.Kind}}',
    description: 'D',
  })
  assert.deepEqual([updated.status, updated.body], [200, ''])
  assert.equal(
    (await tsuru('GET', '/1.6/events/webhooks/wh1')).body,
    '{"name":"wh1","description":"D","team_owner":"","event_filter":{"target_types":[],"target_values":[],"kind_types":[],"kind_names":[],"error_only":true,"success_only":true},"url":"http://y.com","proxy_url":"my.proxy:8123","headers":{},"method":"GET","body":"{{.Kind}}","insecure":true}\n',
  )
  const missing = await tsuru('PUT', '/1.6/events/webhooks/wh2', { url: 'http://y.com' })
  assert.deepEqual([missing.status, missing.body], [404, 'webhook not found\n'])

  const deleted = await tsuru('DELETE', '/1.6/events/webhooks/wh1')
  assert.deepEqual([deleted.status, deleted.body], [200, ''])
  for (const method of ['GET', 'DELETE']) {
    const gone = await tsuru(method, '/1.6/events/webhooks/wh1')
    assert.deepEqual([gone.status, gone.body], [404, 'webhook not found\n'])
  }
  assert.equal((await tsuru('GET', '/1.6/events/webhooks')).status, 204)
})

test('what is refused is refused in tsuru’s words, and told of as a failed event', async t => {
  const box = await startSignalbox(t)
  const tsuru = asCommand(box)
  const refused: [given: object, says: string][] = [
    [{ url: 'http://me' }, 'webhook name must not be empty'],
    [
      { name: 'Wh_1', url: 'http://me' },
      'Invalid webhook name, webhook name should have at most 40 characters, containing only lower case letters, numbers or dashes, starting with a letter.',
    ],
    [{ name: 'wh1' }, 'webhook url must not be empty'],
    [{ name: 'wh1', url: ':/:x' }, 'webhook url is not valid: parse ":/:x": missing protocol scheme'],
    [
      { name: 'wh1', url: 'http://me', proxy_url: '127.0.0.1:3128' },
      'webhook proxy url is not valid: parse "127.0.0.1:3128": first path segment in URL cannot contain colon',
    ],
  ]
  for (const [given, says] of refused) {
    const { status, body } = await tsuru('POST', '/1.6/events/webhooks', given)
    assert.deepEqual([status, body], [400, `${says}\n`])
  }
  const { items } = await box.api<{ items: { kind: { name: string }; error: string | null }[] }>(
    'GET',
    '/api/events?kind=webhook.create',
  )
  assert.deepEqual(
    items.map(({ error }) => error).toReversed(),
    refused.map(([, says]) => says),
  )
  const unreadable = await tsuru('POST', '/1.6/events/webhooks', { name: 'wh1', headers: { a: 'b' } })
  assert.equal(unreadable.status, 400)
  assert.equal(
    unreadable.body,
    'unable to parse as json: "{\\"name\\":\\"wh1\\",\\"headers\\":{\\"a\\":\\"b\\"}}\\n" - json: cannot unmarshal string into Go struct field Webhook.headers of type []string\n',
  )
})

test('only the right version, method and token lead anywhere', async t => {
  const box = await startSignalbox(t)
  const tsuru = asCommand(box)
  for (const [method, path] of [
    ['GET', '/1.7/events/webhooks'],
    ['GET', '/1.5/events/webhooks'],
    ['PATCH', '/1.6/events/webhooks'],
    ['POST', '/1.6/events/webhooks/wh1'],
    ['GET', '/1.6/nothing'],
  ] as const) {
    const { status, body, headers } = await tsuru(method, path)
    assert.deepEqual([status, body], [404, '404 page not found\n'], `${method} ${path}`)
    assert.ok(headers.some(line => /^content-type: text\/plain; charset=utf-8$/i.test(line)))
    assert.ok(headers.some(line => /^x-content-type-options: nosniff$/i.test(line)))
  }
  const head = 'GET /1.6/events/webhooks HTTP/1.1\nHost: HOST\n'
  for (const authorization of ['', 'Authorization: bearer wrong\n', `Authorization: a b ${box.token}\n`]) {
    const answer = await overTheWire(box.url, head + authorization)
    assert.deepEqual([answer.status, answer.body], [401, 'You must provide a valid Authorization header\n'])
    assert.equal(header(answer, 'www-authenticate'), 'Bearer realm="tsuru" scope="tsuru"')
  }
  for (const authorization of [`bearer ${box.token}`, `Bearer ${box.token}`, box.token])
    assert.equal((await overTheWire(box.url, `${head}Authorization: ${authorization}`)).status, 204)
  const form = 'name=wh1&url=http%3A%2F%2Fme&event_filter.kind_names.0=app.deploy&headers.X-A.0=1'
  const bare = await overTheWire(
    box.url,
    `POST /events/webhooks HTTP/1.1\nHost: HOST\nAuthorization: bearer ${box.token}\nContent-Type: application/x-www-form-urlencoded`,
    form,
  )
  assert.deepEqual([bare.status, bare.body], [200, ''])
  assert.match(
    (await tsuru('GET', '/1.6/events/webhooks/wh1')).body,
    /"kind_names":\["app.deploy"\].*"X-A":\["1"\]/,
  )
})

const deploy = {
  kind: { type: 'permission', name: 'app.deploy' },
  targets: [{ type: 'app', value: 'myapp' }],
}

interface Hook {
  definition: { description: string; retry: { delaysMs: number[] }; onLost: string }
}

/** What every request of ours has besides; a receiver deduplicates, and a loop is noticed, by these. */
const ours = /^(?:webhook-id|signalbox-cause|connection|host|content-length): /i

test('a hook sends what tsuru sends: the golden requests', async t => {
  const box = await startSignalbox(t)
  const tsuru = asCommand(box)
  const target = await startWireTarget(t)
  const userAgent = 'User-Agent: tsuru-webhook-client/1.0'
  const body = 'hi'
  const golden: [name: string, hook: object, line: string, headers: string[], body: string | null][] = [
    [
      'canonical',
      { url: '/a?x=1', method: 'PUT', body, headers: { 'X-Ahoy': ['Errrr', 'two'] } },
      'PUT /a?x=1 HTTP/1.1',
      [userAgent, 'X-Ahoy: Errrr', 'X-Ahoy: two'],
      body,
    ],
    [
      'lower-keys',
      { body, headers: { 'content-type': ['a/b'], 'x-lower': ['1'] } },
      'POST / HTTP/1.1',
      [userAgent, 'content-type: a/b', 'x-lower: 1'],
      body,
    ],
    [
      'lower-ua',
      { body, headers: { 'user-agent': ['me'] } },
      'POST / HTTP/1.1',
      [userAgent, 'user-agent: me'],
      body,
    ],
    ['own-ua', { body, headers: { 'User-Agent': ['me'] } }, 'POST / HTTP/1.1', ['User-Agent: me'], body],
    [
      'host-and-length',
      {
        body,
        headers: {
          Host: ['other'],
          'Content-Length': ['7'],
          'Transfer-Encoding': ['chunked'],
          Trailer: ['X'],
        },
      },
      'POST / HTTP/1.1',
      [userAgent],
      body,
    ],
    ['get-with-body', { method: 'get', body }, 'GET / HTTP/1.1', [userAgent], body],
    ['delete-none', { method: 'DELETE' }, 'DELETE / HTTP/1.1', [userAgent], ''],
    ['empty-template', { body: '{{if false}}x{{end}}' }, 'POST / HTTP/1.1', [userAgent], ''],
    [
      'braces-elsewhere',
      { url: '/p', body, headers: { 'X-T': ['{{.Kind}}'] } },
      'POST /p HTTP/1.1',
      [userAgent, 'X-T: {{.Kind}}'],
      body,
    ],
    ['no-template', { body: '{{toJson .}} {{' }, 'POST / HTTP/1.1', [userAgent], '{{toJson .}} {{'],
    [
      'default',
      { headers: { 'Content-Type': ['a/b'] } },
      'POST / HTTP/1.1',
      [userAgent, 'Content-Type: application/json'],
      null,
    ],
  ]
  for (const [name, given, line, headers, sent] of golden) {
    const url = target.url + ('url' in given ? String(given.url) : '')
    const made = await tsuru('POST', '/1.6/events/webhooks', {
      ...given,
      name,
      url,
      event_filter: { kind_names: ['app.deploy'] },
    })
    assert.equal(made.status, 200, made.body)
    target.received.length = 0
    const { events } = await box.api<{ events: { id: string }[] }>('POST', '/api/events', deploy)
    const [request] = await target.have(1)
    assert.equal(request?.line, line, name)
    assert.deepEqual(request.headers.filter(one => !ours.test(one)).toSorted(), headers.toSorted(), name)
    if (sent !== null) assert.equal(request.body, sent, name)
    assert.equal(request.headers.filter(one => /^host: /i.test(one)).length, 1)
    const length = request.headers.filter(one => /^content-length: /i.test(one))
    assert.deepEqual(length.length, name === 'delete-none' ? 0 : 1, name)
    await runInState(box, (await onlyRunFor(box, events[0]!.id)).id, 'succeeded')
    await tsuru('DELETE', `/1.6/events/webhooks/${name}`)
  }
})

test('redirects are followed as Go does it, and any status below 400 is a success', async t => {
  const box = await startSignalbox(t)
  const tsuru = asCommand(box)
  const target = await startWireTarget(t)
  target.answer = ({ line }) => {
    const [, path = ''] = line.split(' ')
    const status = Number(path.slice(1))
    const location =
      path === '/loop' ? 'Location: /loop\r\n' : status > 300 && status !== 304 ? 'Location: /end\r\n' : ''
    const code = path === '/loop' ? 302 : Number.isNaN(status) ? 200 : status
    return `HTTP/1.1 ${code} X\r\n${location}Content-Length: 0\r\n\r\n`
  }
  const cases: [path: string, requests: string[], state: string][] = [
    ['/301', ['POST /301 B', 'GET /end '], 'succeeded'],
    ['/302', ['POST /302 B', 'GET /end '], 'succeeded'],
    ['/303', ['POST /303 B', 'GET /end '], 'succeeded'],
    ['/307', ['POST /307 B', 'POST /end B'], 'succeeded'],
    ['/308', ['POST /308 B', 'POST /end B'], 'succeeded'],
    ['/304', ['POST /304 B'], 'succeeded'],
    ['/300', ['POST /300 B'], 'succeeded'],
    ['/loop', ['POST /loop B', ...Array.from({ length: 9 }, () => 'GET /loop ')], 'failed'],
    ['/404', ['POST /404 B'], 'failed'],
    ['/503', ['POST /503 B'], 'failed'],
  ]
  for (const [path, requests, state] of cases) {
    target.received.length = 0
    const name = `h${path.slice(1)}`
    await tsuru('POST', '/1.6/events/webhooks', {
      name,
      url: target.url + path,
      body: 'B',
      headers: { Authorization: ['x'] },
      event_filter: { kind_names: ['app.deploy'] },
    })
    const { events } = await box.api<{ events: { id: string }[] }>('POST', '/api/events', deploy)
    const run = await onlyRunFor(box, events[0]!.id)
    // Without retries: what failed has failed.
    assert.equal((await runInState(box, run.id, state)).attempts, 1)
    assert.deepEqual(
      target.received.map(({ line, body }) => `${line.replace(' HTTP/1.1', '')} ${body}`),
      requests,
    )
    for (const { headers } of target.received) assert.ok(headers.includes('Authorization: x'))
    await tsuru('DELETE', `/1.6/events/webhooks/${name}`)
  }
})

test('a hook is a reaction: the dashboard’s API shows it masked, with its runs, and may edit, pause and retry it', async t => {
  const box = await startSignalbox(t)
  const tsuru = asCommand(box)
  const target = await startWireTarget(t)
  target.answer = () => 'HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n'
  const hook = {
    name: 'wh1',
    url: target.url,
    body: '{{.Target.Nope}}',
    headers: { 'X-Key': ['s3cret-of-hers'], 'Content-Type': ['a/b'] },
    event_filter: { kind_names: ['app.deploy'] },
  }
  await tsuru('POST', '/1.6/events/webhooks', hook)
  const unfit = await box.api<{ events: { id: string }[] }>('POST', '/api/events', deploy)
  const failed = await runInState(box, (await onlyRunFor(box, unfit.events[0]!.id)).id, 'failed')
  assert.match(failed.label, /can't evaluate field Nope/)
  assert.equal(target.received.length, 0, 'nothing was sent')

  await tsuru('PUT', '/1.6/events/webhooks/wh1', { ...hook, body: 'key {{.Target.Value}}' })
  const { events } = await box.api<{ events: { id: string }[] }>('POST', '/api/events', deploy)
  const { id } = await onlyRunFor(box, events[0]!.id)
  await runInState(box, id, 'failed')
  target.answer = () => 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
  await box.api('POST', `/api/runs/${id}/retry`, {})
  const done = await runInState(box, id, 'succeeded')
  const shown = JSON.stringify(done)
  assert.doesNotMatch(shown, /s3cret/)
  assert.match(shown, /"X-Key","•••"/)
  assert.match(shown, /"Content-Type","a\/b"/)

  const reaction = await box.api<Hook>('GET', '/api/reactions/wh1')
  assert.doesNotMatch(JSON.stringify(reaction), /s3cret/)
  // Edited there, what tsuru shows is the edited one, secrets and all; what tsuru does not know of stays when it edits.
  const { definition } = reaction
  await box.api('PUT', '/api/reactions/wh1', {
    ...definition,
    description: 'D',
    retry: { ...definition.retry, delaysMs: [5] },
  })
  const info = (await tsuru('GET', '/1.6/events/webhooks/wh1')).body
  assert.match(info, /"description":"D".*"X-Key":\["s3cret-of-hers"\]/)
  await tsuru('PUT', '/1.6/events/webhooks/wh1', hook)
  const after = await box.api<Hook>('GET', '/api/reactions/wh1')
  assert.deepEqual(after.definition.retry.delaysMs, [5])
  assert.equal(after.definition.onLost, 'fail')

  await box.api('POST', '/api/reactions/wh1/pause', {})
  const held = await box.api<{ events: { id: string }[] }>('POST', '/api/events', deploy)
  assert.equal((await onlyRunFor(box, held.events[0]!.id)).state, 'held')
})

const fromTsuru = (id: string, name: string, error = '') =>
  `{"UniqueID":"${id}","Lock":null,"StartTime":"2026-09-10T12:34:56.789Z","EndTime":"2026-09-10T12:36:26.789Z","ExpireAt":"0001-01-01T00:00:00Z","Target":{"Type":"app","Value":"myapp"},"ExtraTargets":[{"Target":{"Type":"app","Value":"xapp1"},"Lock":false}],"Kind":{"Type":"permission","Name":"${name}"},"Owner":{"Type":"user","Name":"me@me.com"},"SourceIP":"10.0.0.1","LockUpdateTime":"2026-09-10T12:34:56.789Z","Error":"${error}","Log":"l1\\nl2\\n","StructuredLog":[{"Date":"2026-09-10T12:34:56.789Z","Message":"l1\\n"}],"CancelInfo":{"Owner":"","StartTime":"0001-01-01T00:00:00Z","AckTime":"0001-01-01T00:00:00Z","Reason":"","Asked":false,"Canceled":false},"Cancelable":false,"Running":false,"Allowed":{"Scheme":"app.read.events","Contexts":[{"CtxType":"app","Value":"myapp"}]},"AllowedCancel":{"Scheme":"","Contexts":null},"Instance":{"Name":"h1","Port":"8080","TLSPort":"","Addresses":["1.2.3.4"],"LastUpdate":"2026-09-10T12:34:56.789Z"}}`

test('an endpoint that takes tsuru’s events hands them on, to hooks byte by byte and to Slack as published', async t => {
  const box = await startSignalbox(t)
  const tsuru = asCommand(box)
  const [all, slack] = [await startWireTarget(t), await startWireTarget(t)]
  const endpoint = await box.api<{ url: string }>('POST', '/api/endpoints', {
    name: 'from-tsuru',
    eventShape: 'tsuru',
  })
  await tsuru('POST', '/1.6/events/webhooks', {
    name: 'all',
    url: all.url,
    event_filter: { kind_names: ['app'], target_values: ['xapp1'] },
  })
  await tsuru('POST', '/1.6/events/webhooks', {
    name: 'tell-slack',
    url: slack.url,
    headers: { 'Content-Type': ['application/x-www-form-urlencoded'] },
    event_filter: { kind_names: ['app.deploy'], success_only: true },
    body: 'payload={"text": "[{{.Kind.Name}}]: {{.Target.Type}} {{.Target.Value}}"}',
  })
  const sent = fromTsuru('5d8f0c1e2a3b4c5d6e7f8091', 'app.deploy')
  const id = await deliver(endpoint, sent, { 'content-type': 'application/json' })
  const [whole] = await all.have(1)
  assert.equal(whole?.body, sent)
  assert.ok(whole.headers.includes('Content-Type: application/json'))
  const [message] = await slack.have(1)
  assert.equal(message?.body, 'payload={"text": "[app.deploy]: app myapp"}')
  assert.ok(message.headers.includes('Content-Type: application/x-www-form-urlencoded'))
  const event = await box.api<Record<string, unknown>>('GET', `/api/events/${id}`)
  assert.deepEqual(
    [event['kind'], event['owner'], event['error']],
    [{ type: 'permission', name: 'app.deploy' }, { type: 'user', name: 'me@me.com' }, null],
  )
  // Sent again it is the same event; a failure is for the one hook; what is no event of tsuru's is a request.
  const again = await send(endpoint.url, sent, { 'content-type': 'application/json' })
  assert.deepEqual([again.status, again.json()], [200, { id, duplicate: true }])
  await deliver(endpoint, fromTsuru('5d8f0c1e2a3b4c5d6e7f8092', 'app.deploy', 'boom \\u003c'))
  const plain = await deliver(endpoint, '{"hello": 1}')
  assert.equal((await all.have(2))[1]?.body.includes('"Error":"boom \\u003c"'), true)
  await verdictsOn(box, plain)
  assert.equal(slack.received.length, 1)
  assert.deepEqual((await box.api<Record<string, unknown>>('GET', `/api/events/${plain}`))['kind'], {
    type: 'external',
    name: 'webhook.received',
  })
})

test('what tsuru takes and nobody can send fails with its reason, and nothing leaves', async t => {
  const box = await startSignalbox(t)
  const tsuru = asCommand(box)
  const target = await startWireTarget(t)
  const cases: [given: object, says: RegExp][] = [
    [{ url: 'foo' }, /"foo" is not a URL/],
    [{ url: 'ftp://x' }, /does not start with http/],
    [{ method: 'PO ST' }, /"PO ST" is not a method/],
    [{ headers: { 'Bad Key': ['x'] } }, /"Bad Key" is not a header name/],
    [{ headers: { X: ['a\nb'] } }, /header X has a line break/],
    [{ body: '{{index .ExtraTargets 5}}' }, /index out of range/],
  ]
  for (const [given, says] of cases) {
    const made = await tsuru('POST', '/1.6/events/webhooks', {
      name: 'unsendable',
      url: target.url,
      event_filter: { kind_names: ['app.deploy'] },
      ...given,
    })
    assert.equal(made.status, 200, made.body)
    const { events } = await box.api<{ events: { id: string }[] }>('POST', '/api/events', deploy)
    const run = await runInState(box, (await onlyRunFor(box, events[0]!.id)).id, 'failed')
    assert.match(run.label, says)
    const reaction = await box.api<{ state: string }>('GET', '/api/reactions/unsendable')
    assert.equal(reaction.state, 'active')
    await tsuru('DELETE', '/1.6/events/webhooks/unsendable')
  }
  assert.equal(target.received.length, 0)
})

test('a proxy without a scheme is used, credentials in the URL are sent, and neither flag set alone fires', async t => {
  const box = await startSignalbox(t)
  const tsuru = asCommand(box)
  const [proxy, target] = [await startWireTarget(t), await startWireTarget(t)]
  const hook = {
    url: 'http://u:p@hooks.example.com/p#fragment',
    event_filter: { kind_names: ['app.deploy'] },
  }
  await tsuru('POST', '/1.6/events/webhooks', {
    ...hook,
    name: 'proxied',
    proxy_url: `localhost:${new URL(proxy.url).port}`,
  })
  await tsuru('POST', '/1.6/events/webhooks', {
    name: 'never',
    url: target.url,
    event_filter: { error_only: true, success_only: true },
  })
  await box.api('POST', '/api/events', { ...deploy, data: { some: 'data' } })
  await box.api('POST', '/api/events', { ...deploy, error: 'boom' })
  const [first] = await proxy.have(2)
  assert.equal(first?.line, 'POST http://hooks.example.com/p HTTP/1.1')
  assert.ok(first.headers.includes('Authorization: Basic dTpw'))
  // An event of ours is told as tsuru would tell of it.
  const told = JSON.parse(first.body) as Record<string, unknown>
  assert.deepEqual(
    [
      told['Kind'],
      told['Target'],
      told['ExtraTargets'],
      told['Owner'],
      told['Error'],
      told['Running'],
      told['Lock'],
    ],
    [
      { Type: 'permission', Name: 'app.deploy' },
      { Type: 'app', Value: 'myapp' },
      null,
      { Type: 'user', Name: 'admin' },
      '',
      false,
      null,
    ],
  )
  assert.match(String(told['UniqueID']), /^[0-9a-f]{24}$/)
  assert.equal(target.received.length, 0)
})

test('an empty JSON body is an empty webhook, and the list is there without a version too', async t => {
  const box = await startSignalbox(t)
  const head = `Host: HOST\nAuthorization: bearer ${box.token}\n`
  const empty = await overTheWire(
    box.url,
    `POST /1.6/events/webhooks HTTP/1.1\n${head}Content-Type: application/json`,
  )
  assert.deepEqual([empty.status, empty.body], [400, 'webhook name must not be empty\n'])
  const type = 'Content-Type: application/json; charset=utf-8'
  const folded = '{"NAME": "wh1", "Url": "http://me", "unknown": [1], "Event_Filter": {"KIND_NAMES": ["a"]}}'
  const made = await overTheWire(box.url, `POST /1.6/events/webhooks HTTP/1.1\n${head}${type}`, folded)
  assert.equal(made.status, 200, made.body)
  for (const path of ['/events/webhooks', '/1.6/events/webhooks']) {
    const list = await overTheWire(box.url, `GET ${path} HTTP/1.1\n${head}`)
    assert.match(list.body, /^\[\{"name":"wh1",.*"kind_names":\["a"\]/)
  }
  const info = await overTheWire(box.url, `GET /events/webhooks/wh1 HTTP/1.1\n${head}`)
  assert.equal(info.status, 200)
  const gone = await overTheWire(box.url, `DELETE /events/webhooks/wh1 HTTP/1.1\n${head}`)
  assert.deepEqual([gone.status, gone.body], [200, ''])
})
