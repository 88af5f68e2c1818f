import assert from 'node:assert/strict'
import { test } from 'node:test'
import { definitionOf, draftOf, emptyDraft } from './draft.ts'

const draft = { ...emptyDraft, name: 'tell', endpoint: 'ep_1', url: 'https://example.com' }

test('a definition survives the way through the editor', () => {
  const { definition } = definitionOf({
    ...draft,
    targets: 'app: shop, cart\nenvironment: production',
    where: 'body.ok == true',
    timeout: '1500ms',
    concurrency: '3',
    signingSecrets: '•••\nwhsec_bmV3',
    permanentStatuses: '409, 422',
    failingAfter: '5',
    tellWhen: ['succeeded'],
  })
  assert.deepEqual(definitionOf(draftOf(definition)), { definition, errors: [] })
  assert.deepEqual(definition.filter.targets, { app: ['shop', 'cart'], environment: ['production'] })
  assert.equal(definition.action.timeoutMs, 1500)
})

test('the editor begins with the usual retries', () => {
  const { definition } = definitionOf(draft)
  assert.deepEqual(definition.retry.delaysMs.slice(0, 4), [5_000, 30_000, 120_000, 600_000])
  assert.equal(definition.deadlineMs, 3 * 86_400_000)
})

test('what cannot be read is told at its field', () => {
  const { errors } = definitionOf({ ...draft, timeout: 'soon', delays: '5s, later', targets: 'shop' })
  assert.deepEqual(
    errors.map(({ path }) => path),
    ['/filter/targets', '/action/timeoutMs', '/retry/delaysMs'],
  )
})

test('a target type named like a built-in property is a type like any other', () => {
  const { definition } = definitionOf({ ...draft, targets: '__proto__: x\nconstructor: y' })
  assert.deepEqual(Object.keys(definition.filter.targets), ['__proto__', 'constructor'])
})
