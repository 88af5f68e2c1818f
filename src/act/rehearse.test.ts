import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { someDefinition, someEvent } from '../../test/support/examples.ts'
import { deriveKey } from '../core/cause.ts'
import { mask } from '../core/mask.ts'
import { rehearse } from './rehearse.ts'

const keys = { causeKey: deriveKey(randomBytes(32), 'cause'), nowMs: 1_700_000_000_000 }
const tryIt = (action: Parameters<typeof someDefinition>[0] & object, body = '{"n":1}') =>
  rehearse(
    someDefinition(action),
    { event: someEvent(), body: Buffer.from(body), team: null },
    keys,
    () => null,
  )

test('a rehearsal shows what would be sent, without its secrets', async () => {
  const signingSecrets = [`whsec_${randomBytes(24).toString('base64')}`]
  const headers = [
    { name: 'Authorization', value: 'Bearer abcdef' },
    { name: 'X-N', value: '{{ .body.n }}' },
  ]
  const body = '{"n": {{ .body.n }}, "é": "abcdef"}'
  const { request, problems } = await tryIt({
    action: { headers, signingSecrets, bodyFrom: 'template', body },
  })
  assert.deepEqual(problems, [])
  const shown = Object.fromEntries(request?.headers ?? [])
  assert.deepEqual([shown.Authorization, shown['X-N']], [mask, '1'])
  assert.equal(request?.body, `{"n": 1, "é": "${mask}"}`)
  assert.equal(request?.bodyBytes, Buffer.byteLength('{"n": 1, "é": "abcdef"}'))
})

test('a template that does not fit is a problem with its place', async () => {
  const { request, problems } = await tryIt({ action: { url: 'https://a.example/{{ index .body.n 1 }}' } })
  assert.equal(request, null)
  assert.equal(problems.length, 1)
  const [problem] = problems
  assert.equal(problem?.path, '/action/url')
  assert.equal(problem?.line, 1)
  assert.ok((problem?.column ?? 0) > 18)
})

test('Signalbox’s own functions are there, the time of the attempt too, unless they are turned off', async () => {
  const action = { bodyFrom: 'template' as const, body: '{{now | date "2006-01-02"}} {{.body.n | toJson}}' }
  assert.equal((await tryIt({ action })).request?.body, '2023-11-14 1')
  const { problems } = await tryIt({ action: { ...action, extendedFunctions: false } })
  assert.match(problems[0]?.message ?? '', /"now" not defined/)
})

test('so is a body that cannot be written as JSON', async () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000)
  const { request, problems } = await tryIt({}, deep)
  assert.equal(request, null)
  assert.deepEqual(
    problems.map(({ path, line }) => [path, line]),
    [['/action/bodyFrom', undefined]],
  )
})
