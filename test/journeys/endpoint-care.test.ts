import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../kill/support/until.ts'
import { send } from './support/ask.ts'
import { signalbox } from './support/command-line.ts'
import type { Endpoint, Event, Problem } from './support/shapes.ts'
import { type Signalbox, startSignalbox } from './support/signalbox.ts'

const runCommand = (box: Signalbox, ...args: string[]) =>
  signalbox(args, {
    directory: box.directory,
    environment: { SIGNALBOX_URL: box.url, SIGNALBOX_TOKEN: box.token },
  })

const show = (box: Signalbox, name: string) => box.api<Endpoint>('GET', `/api/endpoints/${name}`)

const shown = (box: Signalbox, name: string, what: string, holds: (endpoint: Endpoint) => boolean) =>
  until(
    () => what,
    async () => {
      const endpoint = await show(box, name)
      return holds(endpoint) ? endpoint : null
    },
  )

test('a sender is answered as the owner chose, once the event is stored', async t => {
  const box = await startSignalbox(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', {
    name: 'voice',
    answer: {
      status: 201,
      headers: [
        { name: 'Content-Type', value: 'text/html; charset=utf-8' },
        { name: 'X-Order', value: '{{.body.order}}' },
      ],
      body: '<h1>{{.body.order}} as {{.event.id}}</h1>',
    },
  })
  const answered = await send(endpoint.url, '{"order": "<script>7</script>"}')
  assert.equal(answered.status, 201)
  assert.equal(answered.headers['x-order'], '<script>7</script>')
  const [, id = ''] = /as (evt_\w+)/.exec(answered.text) ?? []
  const event = await box.api<Event>('GET', `/api/events/${id}`)
  assert.equal(event.body.text, '{"order": "<script>7</script>"}', 'what was answered is stored')
  assert.match(String(answered.headers['content-security-policy']), /sandbox/, 'what it repeats cannot run')
  assert.equal(answered.headers['x-content-type-options'], 'nosniff')

  const broken = await send(endpoint.url, '{"order": "two\\nlines"}')
  assert.equal(broken.status, 202, 'the plain answer where the chosen one cannot be made')
  assert.match((broken.json() as { id: string }).id, /^evt_/)
  const { answerFailures } = await shown(
    box,
    'voice',
    'the owner sees why',
    one => one.answerFailures !== null,
  )
  assert.match(answerFailures?.detail ?? '', /\/headers\/1\/value.*one line/)
})

test('an answer that would harm the dashboard, or make senders repeat themselves, is refused with a sentence', async t => {
  const box = await startSignalbox(t)
  const refusedAt = async (answer: object) => {
    const { status, json } = await box.ask('POST', '/api/endpoints', { answer })
    assert.equal(status, 422)
    return (json() as Problem & { errors: { path: string; message: string }[] }).errors
  }
  for (const name of [
    'Set-Cookie',
    'Content-Length',
    'transfer-encoding',
    'Content-Security-Policy',
    'Refresh',
  ])
    assert.match((await refusedAt({ headers: [{ name, value: 'x' }] }))[0]?.message ?? '', /^cannot be/, name)
  for (const type of ['text/javascript', 'image/svg+xml', 'text/css', 'application/xhtml+xml'])
    assert.equal(
      (await refusedAt({ headers: [{ name: 'content-type', value: type }] }))[0]?.path,
      '/answer/headers/0/value',
    )
  assert.match((await refusedAt({ status: 500 }))[0]?.message ?? '', /sends it again/)
  assert.match((await refusedAt({ body: '{{.body' }))[0]?.message ?? '', /does not compile/)
})

test('an answer can be seen for an event that came, before it is saved', async t => {
  const box = await startSignalbox(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  const preview = (body: string) =>
    box.ask('POST', '/api/endpoints/orders/answer/preview', { answer: { body } })
  assert.equal((await preview('x')).status, 409, 'nothing has come yet')
  await send(endpoint.url, '{"n": 1}')
  const seen = (await preview('{"got": {{.body.n}}}')).json() as { answer: { status: number; body: string } }
  assert.deepEqual([seen.answer.status, seen.answer.body], [200, '{"got": 1}'])
  const wrong = (await preview('{{.body.n.m.o}}')).json() as {
    answer: null
    errors: { path: string; line: number }[]
  }
  assert.equal(wrong.answer, null)
  assert.deepEqual([wrong.errors[0]?.path, wrong.errors[0]?.line], ['/body', 1])
})

test('a rotated token works beside the new one for as long as its owner says, and who uses it is told', async t => {
  const box = await startSignalbox(t)
  const made = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'shop', path: '/hooks/shop' })
  const knock = async (url: string, token: string) =>
    (await send(url, '{}', { authorization: `Bearer ${token}` })).status
  const { token } = await box.api<{ token: string }>('POST', '/api/endpoints/shop/token')
  for (const [url, name] of [
    [made.dataUrl, 'POST /data'],
    [made.url, 'its path'],
  ] as const) {
    assert.equal(await knock(url, made.token), 202, `${name} takes the former`)
    assert.equal(await knock(url, token), 202, `${name} takes the new`)
    assert.equal(await knock(url, 'sb_send_other'), 401, `${name} takes no other`)
  }
  const { formerToken } = await shown(box, 'shop', 'both uses are told', one => one.formerToken?.uses === 2)
  assert.equal(formerToken?.token, made.token)
  assert.equal(formerToken?.lastUsedBy, '127.0.0.1')
  const hours = (Date.parse(formerToken?.endsAt ?? '') - Date.now()) / 3_600_000
  assert.ok(hours > 23.9 && hours <= 24, `${hours} h`)

  const ended = await runCommand(box, 'endpoint', 'end-token', 'shop')
  assert.equal(ended.exitCode, 0, ended.err)
  assert.equal(await knock(made.dataUrl, made.token), 401)
  assert.equal(await knock(made.url, made.token), 401)
  assert.equal(await knock(made.dataUrl, token), 202)
  const after = await shown(box, 'shop', 'the late one is told', one =>
    one.rejections.some(({ reason }) => reason === 'token.ended'),
  )
  assert.deepEqual([after.formerToken?.ended, after.formerToken?.token], [true, null])
  assert.equal((await runCommand(box, 'endpoint', 'end-token', 'shop')).exitCode, 1, 'there is none any more')
})

test('an endpoint is disabled and enabled, expires and is renewed, and is seen all the while', async t => {
  const box = await startSignalbox(t)
  const { url } = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'ci' })
  const status = async () => (await send(url, '{}')).status
  assert.match((await runCommand(box, 'endpoint', 'disable', 'ci')).out, /State +disabled/)
  assert.equal(await status(), 403)
  assert.match((await runCommand(box, 'endpoint', 'enable', 'ci')).out, /State +active/)
  assert.equal(await status(), 202)

  const soon = new Date(Date.now() + 1500).toISOString()
  await box.api('PATCH', '/api/endpoints/ci', { expiresAt: soon })
  const expired = await shown(box, 'ci', 'it has expired', ({ state }) => state === 'expired')
  assert.equal(expired.expiresAt, soon)
  assert.equal(await status(), 410)
  const past = await box.ask('PATCH', '/api/endpoints/ci', { expiresAt: soon })
  assert.match((past.json() as Problem).detail, /expiresAt lies in the past/)
  assert.match(
    (await runCommand(box, 'endpoint', 'edit', 'ci', '--expires', '7d')).out,
    /Expires +in 6 d 23 h/,
  )
  assert.equal(await status(), 202)
})

test('what comes faster than an endpoint takes is answered 429, and says when to come back', async t => {
  const box = await startSignalbox(t)
  const made = await runCommand(
    box,
    'endpoint',
    'create',
    'slow',
    '--rate',
    '2/minute',
    '--burst',
    '1',
    '--json',
  )
  assert.equal(made.exitCode, 0, made.err)
  const { url } = JSON.parse(made.out) as Endpoint
  const answers = []
  for (let count = 0; count < 4; count++) answers.push(await send(url, '{}'))
  assert.deepEqual(
    answers.map(({ status }) => status),
    [202, 202, 202, 429],
  )
  assert.equal(answers[0]?.headers['ratelimit-policy'], '"rate";q=2;w=60, "burst";q=1;w=600')
  assert.match(String(answers[0]?.headers['ratelimit']), /^"rate";r=1;t=\d+, "burst";r=1;t=600$/)
  assert.match(String(answers[3]?.headers['ratelimit']), /^"rate";r=0;t=\d+, "burst";r=0;t=\d+$/)
  const retryAfter = Number(answers[3]?.headers['retry-after'])
  assert.ok(retryAfter > 50 && retryAfter <= 60, `${retryAfter} s`)
  const { rejections } = await shown(box, 'slow', 'it is counted', one => one.rejections.length > 0)
  assert.equal(rejections[0]?.detail, 'More than 2 requests a minute and 1 more in ten minutes')
  await box.api('PATCH', '/api/endpoints/slow', { description: 'edited' })
  assert.equal((await send(url, '{}')).status, 429, 'an edit does not give it anew')
})
