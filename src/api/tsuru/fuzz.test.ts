import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { goSyntaxError } from './go-json-syntax.ts'
import { goUrlError } from './go-url.ts'
import { readEventQuery } from './event-query.ts'
import { readWebhook } from './read-webhook.ts'
import { TextError } from './text-error.ts'
import { webhookJson } from './webhook.ts'

const nearlyJson = fc.oneof(
  fc.json(),
  fc
    .json()
    .chain(text =>
      fc
        .tuple(
          fc.nat(text.length),
          fc.constantFrom('', ',', '}', ']', '"', '\\', ' ', '0', '-', 'e', '.', 'é', '\n', 'null'),
        )
        .map(([at, piece]) => text.slice(0, at) + piece + text.slice(at + 1)),
    ),
  fc.string({ unit: fc.constantFrom(...'{}[]",:\\ue+-.01 truefalsn\t'.split('')) }),
)

test('the syntax of JSON is wrong exactly when JSON.parse says so', () => {
  fc.assert(
    fc.property(nearlyJson, text => {
      let isJson = true
      try {
        JSON.parse(text)
      } catch {
        isJson = false
      }
      assert.equal(goSyntaxError(Buffer.from(text)) === null, isJson, text)
    }),
    { numRuns: 5_000 },
  )
})

test('whatever is sent, a webhook is read or refused in words; and what was read is written and read again the same', () => {
  const type = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', undefined)
  const body = fc.oneof(
    nearlyJson,
    fc.string(),
    fc.webQueryParameters(),
    fc
      .dictionary(
        fc.constantFrom('name', 'Headers', 'event_filter', 'insecure', 'url', '__proto__'),
        fc.jsonValue(),
      )
      .map(value => JSON.stringify(value)),
    fc
      .array(
        fc.tuple(
          fc.constantFrom(
            'name',
            'headers.X.0',
            'headers.__proto__.1',
            'event_filter.kind_names.3',
            'event_filter',
            'insecure',
          ),
          fc.string(),
        ),
      )
      .map(pairs => new URLSearchParams(pairs).toString()),
  )
  fc.assert(
    fc.property(type, body, (contentType, text) => {
      try {
        const webhook = readWebhook(contentType, Buffer.from(text), '')
        const json = webhookJson(webhook)
        assert.equal(webhookJson(readWebhook('application/json', Buffer.from(json), '')), json)
      } catch (error) {
        if (!(error instanceof TextError)) throw error
        assert.equal(error.status, 400)
      }
    }),
    { numRuns: 3_000 },
  )
  assert.equal(Object.getPrototypeOf({}), Object.prototype)
})

test('a URL and a query of any kind are judged without a fault', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string({ unit: fc.constantFrom(...'htp:/@[]%2#?a. '.split('')) }),
      ),
      text => {
        const said = goUrlError(text)
        assert.ok(said === null || said.startsWith('parse "'))
      },
    ),
  )
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('since', 'limit', 'skip', 'sort', 'running', 'kindname'), fc.string()),
      given => {
        try {
          const { limit, skip } = readEventQuery(new URLSearchParams(given).toString())
          assert.ok(limit >= 1 && limit <= 100 && skip >= 0)
        } catch (error) {
          if (!(error instanceof TextError)) throw error
        }
      },
    ),
  )
})
