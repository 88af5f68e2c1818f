import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { goUrlError } from './go-url.ts'
import { readWebhook } from './read-webhook.ts'
import { TextError } from './text-error.ts'

interface Vector {
  given: string
  error: string
  read?: Record<string, unknown>
}

const vectors = (name: string): Vector[] =>
  JSON.parse(readFileSync(new URL(`../../../test/vectors/tsuru/${name}.json`, import.meta.url), 'utf8'))

/** What Go's nil is when it comes back from the store. */
const stored = (value: unknown, key = ''): unknown =>
  value === null
    ? key === 'headers'
      ? {}
      : []
    : Array.isArray(value) || typeof value !== 'object'
      ? value
      : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, stored(one, name)]))

test('a URL is refused when, and as, Go refuses it', () => {
  for (const { given, error } of vectors('urls')) {
    const text = Buffer.from(given, 'base64').toString('utf8')
    assert.equal(goUrlError(text) ?? '', error, JSON.stringify(text))
  }
})

test('a JSON body is read, or refused, as Go does it', () => {
  for (const { given, error, read } of vectors('bodies')) {
    const body = Buffer.from(given, 'base64')
    const said = () => readWebhook('application/json', body, '')
    if (read !== undefined) assert.deepEqual(said(), stored(read), body.toString())
    else
      assert.throws(said, thrown => {
        assert.ok(thrown instanceof TextError)
        assert.equal(thrown.status, 400)
        assert.equal(thrown.message.split(' - ').slice(1).join(' - '), error, body.toString())
        assert.match(thrown.message, /^unable to parse as json: "/)
        return true
      })
  }
})

test('a form has dotted keys with indexes, in any case, and passes over what it does not know', () => {
  const form = (text: string) =>
    readWebhook('application/x-www-form-urlencoded; charset=utf-8', Buffer.from(text), '')
  assert.deepEqual(
    form(
      'name=wh1&Team_Owner=t1&url=http%3A%2F%2Fme&event_filter.kind_names.0=app.deploy&EVENT_FILTER.kind_names.1=b&headers.X-A.0=1&headers.X-A.1=2&event_filter.error_only=&insecure=true&nothing.0=x',
    ),
    {
      name: 'wh1',
      description: '',
      team_owner: 't1',
      event_filter: {
        target_types: [],
        target_values: [],
        kind_types: [],
        kind_names: ['app.deploy', 'b'],
        error_only: false,
        success_only: false,
      },
      url: 'http://me',
      proxy_url: '',
      headers: { 'X-A': ['1', '2'] },
      method: '',
      body: '',
      insecure: true,
    },
  )
  assert.throws(() => form('event_filter.kind_names=a'), /^TextError: unable to decode form: /)
  assert.throws(() => form('insecure=perhaps'), /^TextError: unable to decode form: /)
  assert.throws(() => form('headers.X-A=1'), /^TextError: unable to decode form: /)
})
