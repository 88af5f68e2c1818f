import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signalbox } from './support/command-line.ts'
import { until } from '../kill/support/until.ts'
import { deliver, headerOf, onlyRunFor, runInState, runWhich } from './support/see.ts'
import type { Endpoint } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

interface Secret {
  name: string
  hosts: string[]
  usedBy: { name: string }[]
  lastUsedAt: string | null
}

const value = 'can/ary "first" ü'
const inAnyForm = /can.{1,6}ary|Y2FuL2Fy|NhbI9hc|jYW4vY/

async function furnished(t: Parameters<typeof startSignalbox>[0]) {
  const box = await startSignalbox(t, { args: ['--log-level', 'debug'] })
  const target = await startTarget(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  const command = async (args: string[], input = '') => {
    const options = { directory: box.directory, input, environment: { SIGNALBOX_DATA: box.directory } }
    return signalbox(args, options)
  }
  const react = (action: object, retry: object = {}) =>
    box.api('POST', '/api/reactions', {
      name: `r${Math.random().toString(36).slice(2)}`,
      trigger: { type: 'endpoint', endpoint: 'orders' },
      action: { type: 'http', url: `${target.url}/in`, ...action },
      retry,
    })
  return { box, target, endpoint, command, react }
}

const authorized = { headers: [{ name: 'Authorization', value: 'Bearer {{secret "TOKEN"}}' }] }

test('a secret is set by the command line, sent by a reaction, and seen nowhere, not even where the target echoes it', async t => {
  const { box, target, endpoint, command, react } = await furnished(t)
  const set = await command(['secret', 'set', 'TOKEN', '--description', 'of the API'], `${value}\n`)
  assert.equal(set.exitCode, 0, set.err)
  assert.equal(set.out, '{{secret "TOKEN"}}\n')
  target.answer = () => ({
    status: 500,
    headers: { 'x-echo': encodeURIComponent(value) },
    body: JSON.stringify({ plain: value, basic: Buffer.from(`me:${value}`).toString('base64') }),
  })
  await react(
    {
      url: `${target.url}/in?key={{secret "TOKEN" | urlquery}}`,
      headers: [
        { name: 'X-Custom', value: '{{secret "TOKEN" | b64enc}}' },
        { name: 'Authorization', value: 'Bearer {{secret "TOKEN" | urlquery}}' },
      ],
      bodyFrom: 'template',
      body: '{"key": {{secret "TOKEN" | toJson}}}',
    },
    { delaysMs: [] },
  )
  const event = await deliver(endpoint, { order: 7 })
  const { id } = await onlyRunFor(box, event)
  const run = await runInState(box, id, 'failed')
  const [received] = target.received
  assert.deepEqual(JSON.parse(received!.body.toString()), { key: value })
  assert.equal(received!.headers['x-custom'], Buffer.from(value).toString('base64'))
  assert.equal(new URL(received!.path, target.url).searchParams.get('key'), value)

  const [attempt] = run.attemptList
  assert.equal(attempt?.request?.body, '{"key": "•••"}')
  assert.equal(attempt?.request?.url, `${target.url}/in?key=•••`)
  assert.equal(headerOf(attempt.request, 'x-custom'), '•••')
  assert.equal(headerOf(attempt.response, 'x-echo'), '•••')
  assert.equal(attempt?.response?.body, '{"plain":"•••","basic":"bWU6•••"}')
  assert.doesNotMatch(JSON.stringify(run), inAnyForm)

  const secret = await until(
    () => 'the last use is told',
    async () => {
      const found = await box.api<Secret>('GET', '/api/secrets/TOKEN')
      return found.lastUsedAt === null ? null : found
    },
    { deadlineMs: 10_000 },
  )
  assert.equal(secret.usedBy.length, 1)
  const show = await command(['secret', 'show', 'TOKEN'])
  assert.match(show.out, /May be sent to +any host[^]*Named by +r[^]*Last used +/)
  assert.doesNotMatch(show.out + box.printed(), inAnyForm)
  assert.match(box.printed(), /"attempt"/, 'the log tells of the attempt')
})

test('a secret that changed between two tries is the new one in the second; one that is gone ends the run', async t => {
  const { box, target, endpoint, command, react } = await furnished(t)
  await command(['secret', 'set', 'TOKEN'], 'former-value')
  await react(authorized, { delaysMs: [1500, 1500, 1500] })
  target.answer = () => ({ status: 503 })
  const { id } = await onlyRunFor(box, await deliver(endpoint, {}))
  await runWhich(box, id, run => run.attempts === 1)
  assert.equal((await command(['secret', 'set', 'TOKEN'], 'newer-value')).exitCode, 0)
  await runWhich(box, id, run => run.attempts === 2)
  assert.deepEqual(
    target.received.slice(0, 2).map(({ headers }) => headers['authorization']),
    ['Bearer former-value', 'Bearer newer-value'],
  )
  const kept = await command(['secret', 'delete', 'TOKEN'])
  assert.equal(kept.exitCode, 1)
  assert.match(kept.err, /named by r\w+, whose runs would fail/)
  assert.equal((await command(['secret', 'delete', 'TOKEN', '--force'])).exitCode, 0)
  const run = await runInState(box, id, 'failed')
  const last = run.attemptList.at(-1)
  assert.equal(last?.errorCode, 'secret.missing')
  assert.match(run.label, /there is no secret TOKEN; make it under Settings/)
  assert.equal(target.received.length, 2)
})

test('a secret goes to its hosts only: not elsewhere, and not after a redirect', async t => {
  const { box, target, endpoint, command, react } = await furnished(t)
  const elsewhere = await startTarget(t)
  await command(['secret', 'set', 'TOKEN', '--host', '127.0.0.1'], 'confined-value')
  const body = 'x={{secret "TOKEN"}}'
  await react({ url: '{{.body.to}}', bodyFrom: 'template', body, followRedirects: 5 })
  const failed = async (to: string) => {
    const { id } = await onlyRunFor(box, await deliver(endpoint, { to }))
    return runInState(box, id, 'failed')
  }
  const other = elsewhere.url.replace('127.0.0.1', 'localhost')
  target.answer = () => ({ status: 307, headers: { location: other } })
  for (const to of [other, target.url]) {
    const run = await failed(to)
    assert.equal(run.attemptList.length, 1, 'another try would end the same way')
    assert.equal(run.attemptList[0]?.errorCode, 'secret.host-refused')
    assert.match(
      run.label,
      /the secret TOKEN may be sent to 127\.0\.0\.1 only, and localhost is not among them/,
    )
    assert.doesNotMatch(JSON.stringify(run), /confined-value/)
  }
  assert.equal(elsewhere.received.length, 0)
  target.answer = () => ({ status: 200 })
  const { id } = await onlyRunFor(box, await deliver(endpoint, { to: target.url }))
  await runInState(box, id, 'succeeded')
  assert.equal(target.received.at(-1)?.body.toString(), 'x=confined-value')
})

test('a signing secret is taken by its name, and the practice target finds the signature right', async t => {
  const { box, endpoint, command, react } = await furnished(t)
  await command(['secret', 'set', 'SIGNING'], `whsec_${Buffer.alloc(32, 'k').toString('base64')}`)
  const url = 'http://practice.localhost/'
  await react({ url, signingSecrets: ['{{secret "SIGNING"}}'] })
  const { id } = await onlyRunFor(box, await deliver(endpoint, {}))
  await runInState(box, id, 'succeeded')
  const { requests } = await box.api<{ requests: { signature: { state: string } }[] }>('GET', '/api/practice')
  assert.equal(requests[0]?.signature.state, 'valid')
})
