import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { someEvent, someReaction, someRequest } from '../../test/support/examples.ts'
import { deriveKey, readCause } from '../core/cause.ts'
import type { Event } from '../core/event.ts'
import type { Work } from '../core/intake.ts'
import type { ReactionDefinition } from '../core/reaction.ts'
import { attempt, isSuccess, type Tried } from './attempt.ts'
import type { FailureCode, OutgoingRequest, OutgoingResult } from './http/outgoing.ts'

const causeKey = deriveKey(randomBytes(32), 'cause')
const nowMs = 1_700_000_000_000

type Definition = NonNullable<Parameters<typeof someReaction>[0]>['definition']

const work = (
  definition: Definition = {},
  body: string | Buffer = '{"n":1}',
  event: Partial<Event> = {},
): Work => ({
  run: {
    id: 'r_0000000000000001',
    eventId: 'evt_000000000000000000000001',
    lane: 'hooks.example.com',
    claimNo: 3,
    attempts: 4,
    tries: 1,
    createdAtMs: 0,
    deadlineAtMs: nowMs + 86_400_000,
    team: null,
  },
  event: someEvent(event),
  body: Buffer.from(body),
  reaction: someReaction({ definition }),
})

const answered = (status: number, set: Partial<OutgoingResult & { ok: true }> = {}): OutgoingResult => ({
  ok: true,
  status,
  statusText: 'Whatever',
  headers: [],
  body: Buffer.from('answer'),
  bodyTruncated: false,
  bodyBytes: 6,
  remoteAddress: '192.0.2.1',
  timings: { totalMs: 5 },
  redirects: [],
  ...set,
})
const failed = (code: FailureCode, permanent = false): OutgoingResult => ({
  ok: false,
  error: { code, message: `It failed: ${code}`, cause: 'ECAUSE', permanent },
  timings: { totalMs: 5 },
  redirects: [],
})

interface Outcome extends Tried {
  sent: OutgoingRequest | null
  kept: ReturnType<typeof JSON.parse>
}

async function tryIt(
  one: Work,
  result: OutgoingResult,
  open?: () => ReactionDefinition,
  now: () => number = () => nowMs,
): Promise<Outcome> {
  let sent: OutgoingRequest | null = null
  const tried = await attempt(
    one,
    {
      caller: {
        call: async request => {
          sent = request
          return result
        },
        close: async () => {},
      },
      causeKey,
      open: open ?? (({ definition }) => definition),
      now,
      secrets: () => null,
      onSecretsUsed: () => {},
      random: () => 0.5,
      failpoint: () => {},
    },
    new AbortController().signal,
  )
  return { ...tried, sent, kept: JSON.parse(tried.record.record) }
}

const headersOf = (request: OutgoingRequest | null): Record<string, string> =>
  Object.fromEntries((request?.headers ?? []).map(([name, value]) => [name.toLowerCase(), value]))

test('an attempt is numbered after all that were made, its tries counted since the run was opened', async () => {
  const { record } = await tryIt(work(), answered(503))
  assert.deepEqual([record.number, record.claimNo, record.runId], [5, 3, 'r_0000000000000001'])
  // The second try of this opening: the second delay.
  assert.deepEqual(record.next, {
    state: 'due',
    dueAtMs: nowMs + 30_000,
    label: 'The target answered 503 Whatever',
  })
  assert.deepEqual([record.outcome, record.errorCode, record.status], ['failed', 'target.status', 503])
})

test('what the target’s health is told of', async () => {
  const healthOf = async (result: OutgoingResult) => (await tryIt(work(), result)).healthy
  for (const status of [200, 204, 302, 404, 410, 429]) assert.equal(await healthOf(answered(status)), true)
  for (const status of [500, 502, 503, 599]) assert.equal(await healthOf(answered(status)), false)
  for (const code of ['target.timeout', 'target.refused', 'target.dns', 'target.reset'] as const)
    assert.equal(await healthOf(failed(code)), false, code)
  // It was never asked.
  assert.equal(await healthOf(failed('target.address-refused', true)), null)
  assert.equal(await healthOf(failed('target.aborted')), null)
  assert.equal(await healthOf(failed('target.exhausted')), null)
})

test('what counts as a success is the reaction’s to say', async () => {
  const stateOf = async (successStatuses: string[], status: number) =>
    (await tryIt(work({ action: { successStatuses } }), answered(status))).record.next.state
  assert.equal(await stateOf(['200-299'], 204), 'succeeded')
  assert.equal(await stateOf(['200-299'], 302), 'failed')
  assert.equal(await stateOf(['200', '404-404'], 404), 'succeeded')
  assert.equal(await stateOf(['200'], 201), 'due')
  assert.ok(isSuccess(299, ['200-299']) && !isSuccess(300, ['200-299']) && !isSuccess(199, ['200-299']))
})

test('a template that does not fit ends the run, and says where', async () => {
  const cases: [Definition, RegExp][] = [
    [
      { action: { url: 'https://a.example/{{ .body.n }}\n{{ index .body "x" "y" }}' } },
      /\/action\/url \(line 2, column \d+\): /,
    ],
    [
      { action: { headers: [{ name: 'X-A', value: '{{ template "nope" }}' }] } },
      /\/action\/headers\/0\/value \(line 1, column/,
    ],
    [{ action: { bodyFrom: 'template', body: '{{ if }}' } }, /\/action\/body \(line 1, column \d+\): /],
    [{ action: { signingSecrets: ['whpk_x'] } }, /\/action\/signingSecrets: /],
  ]
  for (const [definition, message] of cases) {
    const { record, sent, healthy, kept } = await tryIt(work(definition), answered(200))
    assert.equal(sent, null)
    assert.deepEqual(
      [record.outcome, record.next.state, record.status, healthy],
      ['failed', 'failed', null, null],
    )
    assert.match(record.message, message)
    assert.equal(record.next.label, record.message)
    assert.deepEqual(kept, {})
  }
})

test('a definition whose secrets cannot be opened fails the attempt, and does not throw', async () => {
  const { record } = await tryIt(work(), answered(200), () => {
    throw new Error('A stored secret cannot be read')
  })
  assert.deepEqual([record.next.state, record.errorCode], ['failed', 'action.unusable'])
  assert.match(record.message, /A stored secret cannot be read/)
})

test('a body nested too deeply to be written as JSON fails with what to do', async () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000)
  const { record } = await tryIt(work({}, deep), answered(200))
  assert.equal(record.next.state, 'failed')
  assert.match(record.message, /\/action\/bodyFrom: .* nested too deeply/)
  const { sent } = await tryIt(work({ action: { bodyFrom: 'original' } }, deep), answered(200))
  assert.equal(String(sent?.body), deep)
})

test('the body is the event, the bytes as they came, or a template', async () => {
  const binary = Buffer.from([0, 255, 128, 10])
  const original = await tryIt(
    work({ action: { bodyFrom: 'original' } }, binary, { contentType: 'image/png' }),
    answered(200),
  )
  assert.deepEqual(original.sent?.body, binary)
  assert.equal(headersOf(original.sent)['content-type'], 'image/png')
  const event = await tryIt(work(), answered(200))
  assert.deepEqual(JSON.parse(String(event.sent?.body)).data, { n: 1 })
  assert.equal(headersOf(event.sent)['content-type'], 'application/json')
  const templated = (body: string, set: object = {}) =>
    tryIt(work({ action: { bodyFrom: 'template', body, ...set } }), answered(200))
  const json = await templated('{"n": {{ .body.n }}, "run": "{{ .run.id }}", "attempt": {{ .run.attempt }}}')
  assert.deepEqual(JSON.parse(String(json.sent?.body)), { n: 1, run: 'r_0000000000000001', attempt: 5 })
  assert.equal(headersOf(json.sent)['content-type'], 'application/json')
  assert.equal(
    headersOf((await templated('n is {{ .body.n }}')).sent)['content-type'],
    'text/plain; charset=utf-8',
  )
  const named = await templated('<n/>', { headers: [{ name: 'content-type', value: 'text/xml' }] })
  assert.deepEqual(
    named.sent?.headers.filter(([name]) => name.toLowerCase() === 'content-type'),
    [['content-type', 'text/xml']],
  )
  const none = await templated('')
  assert.deepEqual([none.sent?.body, headersOf(none.sent)['content-type']], [null, undefined])
  const get = await tryIt(work({ action: { method: 'get' } }), answered(200))
  assert.deepEqual([get.sent?.method, get.sent?.body], ['GET', null])
})

test('what came from outside is data in a template, never a template', async () => {
  const { sent } = await tryIt(
    work({ action: { bodyFrom: 'template', body: '{{ .body.text }}' } }, '{"text":"{{ .event.id }}"}'),
    answered(200),
  )
  assert.equal(sent?.body, '{{ .event.id }}')
})

test('a receiver can verify the signature with the library of Standard Webhooks', async () => {
  const secret = () => `whsec_${randomBytes(32).toString('base64')}`
  const signingSecrets = [secret(), secret()]
  // The library looks at the clock.
  const { sent } = await tryIt(work({ action: { signingSecrets } }), answered(200), undefined, Date.now)
  const headers = headersOf(sent)
  const body = String(sent?.body)
  for (const one of signingSecrets) {
    assert.deepEqual(new Webhook(one).verify(body, headers), JSON.parse(body))
    assert.throws(() => new Webhook(one).verify(`${body} `, headers))
    assert.throws(() => new Webhook(one).verify(body, { ...headers, 'webhook-id': 'r_2' }))
  }
  assert.throws(() => new Webhook(secret()).verify(body, headers))
  assert.equal(headers['webhook-id'], 'r_0000000000000001')
})

test('our own headers are sent once, whatever the reaction names', async () => {
  const headers = [
    { name: 'Webhook-Id', value: 'mine' },
    { name: 'Signalbox-Cause', value: 'mine' },
    { name: 'X-Mine', value: 'mine' },
  ]
  const { sent } = await tryIt(work({ action: { headers } }, '{}', { hops: 2 }), answered(200))
  const named = (name: string) =>
    sent?.headers.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value)
  assert.deepEqual(named('webhook-id'), ['r_0000000000000001'])
  assert.deepEqual(named('x-mine'), ['mine'])
  const [cause, ...more] = named('signalbox-cause') ?? []
  assert.deepEqual(more, [])
  assert.deepEqual(readCause(causeKey, cause ?? ''), {
    cause: { runId: 'r_0000000000000001', eventId: 'evt_000000000000000000000001' },
    hops: 2,
  })
})

test('a record hides secrets wherever they stand, and keeps 64 KiB of a body', async () => {
  const secret = `whsec_${Buffer.from('a key that nobody may see').toString('base64')}`
  const definition: Definition = {
    action: {
      url: `https://user:pa55word@hooks.example.com/?k=${encodeURIComponent(secret)}`,
      signingSecrets: [secret],
      headers: [
        { name: 'Authorization', value: 'Bearer t0ken-of-mine' },
        { name: 'X-Plain', value: `has ${secret} in it` },
      ],
      bodyFrom: 'template',
      body: `${JSON.stringify({ secret, token: 't0ken-of-mine' })}${'x'.repeat(100_000)}`,
    },
  }
  const echo = Buffer.from(`you said ${secret} and Bearer t0ken-of-mine ${'y'.repeat(100_000)}`)
  const { record, kept, sent } = await tryIt(
    work(definition),
    answered(200, { body: echo, bodyBytes: 200_000, bodyTruncated: true, headers: [['Set-Cookie', 'a=b']] }),
  )
  assert.ok(String(sent?.body).includes(secret), 'the target gets it as it is')
  const all = record.record + Buffer.from(record.request).toString() + Buffer.from(record.response).toString()
  for (const shown of [secret, encodeURIComponent(secret), 't0ken-of-mine', 'pa55word', 'a=b'])
    assert.ok(!all.includes(shown), shown)
  assert.ok(all.includes('you said'))
  assert.ok(record.request.byteLength <= 65_536 && record.response.byteLength <= 65_536)
  assert.equal(kept.request.bodyBytes, Buffer.byteLength(String(sent?.body)))
  assert.deepEqual([kept.response.bodyBytes, kept.response.bodyTruncated], [200_000, true])
})

test('binary bodies are kept as they are', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
  const secrets = [`whsec_${randomBytes(24).toString('base64')}`]
  const { record } = await tryIt(
    work({ action: { bodyFrom: 'original', signingSecrets: secrets } }, bytes),
    answered(200, { body: bytes }),
  )
  assert.deepEqual(Buffer.from(record.request), bytes)
  assert.deepEqual(Buffer.from(record.response), bytes)
})

test('an own event tells of each end that is worth telling', async () => {
  const told = async (result: OutgoingResult, definition: Definition = {}) =>
    (await tryIt(work(definition, '{}', { hops: 3 }), result)).record.ownEvents.map(event => [
      event.kindName,
      event.hops,
    ])
  assert.deepEqual(await told(answered(404)), [['run.failed', 4]])
  assert.deepEqual(await told(answered(503)), [])
  assert.deepEqual(
    await told(answered(503), {
      retry: { delaysMs: [90_000_000, 90_000_000], permanentStatuses: [], retryStatuses: [] },
    }),
    [['run.timed-out', 4]],
  )
  assert.deepEqual(await told(answered(200)), [])
  assert.deepEqual(await told(answered(200), { tellWhen: ['succeeded'] }), [['run.succeeded', 4]])
  assert.deepEqual(await told(answered(200), { tellWhen: ['created'] }), [])
})

test('a request that carries params and headers of the event into the URL', async () => {
  const request = someRequest({ params: { team: 'core' }, headers: { 'x-ref': 'main' }, query: 'a=1' })
  const { sent } = await tryIt(
    work(
      {
        action: {
          url: ' https://a.example/{{ .params.team }}/{{ index .headers "x-ref" }}?a={{ .query.a }} ',
        },
      },
      '{}',
      { request },
    ),
    answered(200),
  )
  assert.equal(sent?.url, 'https://a.example/core/main?a=1')
})
