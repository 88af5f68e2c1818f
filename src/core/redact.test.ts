import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseRedactPath, redact, type RedactPath } from './redact.ts'

const pathsOf = (...texts: string[]): RedactPath[] =>
  texts.map(text => parseRedactPath(text) ?? assert.fail(`${text} is no path`))
const shown = (body: string, contentType: string | null, ...paths: string[]) =>
  redact(null, { contentType, bytes: Buffer.from(body) }, pathsOf(...paths)).body

test('a path names a header, a parameter, or a place in the body', () => {
  assert.deepEqual(parseRedactPath('body.items[0]["odd \\"key\\""].n'), {
    part: 'body',
    steps: ['items', 0, 'odd "key"', 'n'],
  })
  assert.deepEqual(parseRedactPath('headers.x-forwarded-for'), {
    part: 'headers',
    steps: ['x-forwarded-for'],
  })
  for (const wrong of ['', 'path', 'headers.a.b', 'query[0]', 'body..a', 'body["a', 'body a', 'body["\\x"]'])
    assert.equal(parseRedactPath(wrong), null, wrong)
})

test('what is named is masked, and everything else of JSON stays as it came', () => {
  const body = '{ "id": 12345678901234567890, "card": {"number":"4111"},  "n":1.0, "n":2 }'
  assert.equal(
    shown(body, 'application/json', 'body.card.number', 'body.n').text,
    '{ "id": 12345678901234567890, "card": {"number":"•••"},  "n":"•••", "n":"•••" }',
  )
})

test('secrets by name are masked without being named, at any depth', () => {
  assert.equal(
    shown('[{"user":{"Password":{"a":1}},"api_key":"x","name":"n"}]', null).text,
    '[{"user":{"Password":"•••"},"api_key":"•••","name":"n"}]',
  )
  const request = {
    method: 'POST',
    query: 'page=2&access_token=abc',
    headers: { authorization: 'Bearer x', 'x-hub-signature-256': 's', accept: '*/*', cookie: ['a', 'b'] },
  }
  const { headers, query } = redact(
    request,
    { contentType: null, bytes: Buffer.alloc(0) },
    pathsOf('headers.Accept', 'query.page'),
  )
  assert.deepEqual(headers, {
    authorization: '•••',
    'x-hub-signature-256': '•••',
    accept: '•••',
    cookie: '•••',
  })
  assert.equal(query, 'page=•••&access_token=•••')
})

test('forms are masked by field; what no path leads into is left out when one is given', () => {
  const form = 'application/x-www-form-urlencoded; charset=utf-8'
  assert.equal(shown('a=1&password=p&b=2', form, 'body.b').text, 'a=1&password=•••&b=•••')
  assert.deepEqual(shown('plain text', 'text/plain').text, 'plain text')
  assert.equal(shown('plain text', 'text/plain', 'body.a').withheld, 'no-paths')
  assert.equal(shown('{"a":1}', null, 'body').withheld, 'asked')
  assert.equal(shown('['.repeat(200_000), 'application/json', 'body.a').withheld, 'too-deep')
  const binary = redact(null, { contentType: null, bytes: Buffer.from([0xff, 0]) }, [])
  assert.deepEqual([binary.body.text, binary.body.withheld], [null, null])
})

test('secrets are found in JSON that stands in a text, and what cannot be told apart is left out', () => {
  const form = 'application/x-www-form-urlencoded'
  const inner = JSON.stringify({ token: 't0p', n: 1 })
  assert.equal(
    new URLSearchParams(shown(`payload=${encodeURIComponent(inner)}&a=1`, form).text ?? '').get('payload'),
    '{"token":"•••","n":1}',
  )
  assert.deepEqual(JSON.parse(shown(JSON.stringify({ raw: inner, a: '{b' }), null).text ?? ''), {
    raw: '{"token":"•••","n":1}',
    a: '{b',
  })
  for (const [body, type] of [
    ['<login><password>hunter2</password></login>', 'application/xml'],
    ['{"token":"a"}\n{"token":"b"}', 'application/x-ndjson'],
    ['\ufeff{"token":"a"}', 'application/json'],
    ['{"token":"a",}', 'application/json'],
  ] as const)
    assert.equal(shown(body, type).withheld, 'maybe-secret', body)
  assert.equal(shown('<order id="1"/>', 'application/xml').text, '<order id="1"/>')
})

test('the path of the URL is not repeated by a header, and keys by other names are masked', () => {
  const names = [
    'referer',
    'x-original-url',
    'x-forwarded-uri',
    'x-shopify-hmac-sha256',
    'x-access-key',
    'x-webhook-key',
  ]
  const headers = Object.fromEntries(names.map(name => [name, 'value']))
  const query = 'key=1&sig=2&code=3&jwt=4&access_key=5&keyword=6'
  const seen = redact({ method: 'GET', query, headers }, { contentType: null, bytes: Buffer.alloc(0) }, [])
  assert.deepEqual(
    Object.values(seen.headers),
    names.map(() => '•••'),
  )
  assert.equal(seen.query, 'key=•••&sig=•••&code=•••&jwt=•••&access_key=•••&keyword=6')
})

test('whatever JSON a path is taken from, its value is gone and the rest is as before', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })),
      fc.jsonValue(),
      (others, hidden) => {
        const value = { ...others, 'the hidden': hidden }
        const { text } = shown(JSON.stringify(value, null, 1), 'application/json', 'body["the hidden"]')
        const masked = JSON.parse(text ?? '') as Record<string, unknown>
        assert.equal(masked['the hidden'], '•••')
        assert.deepEqual(Object.keys(masked), Object.keys(JSON.parse(JSON.stringify(value)) as object))
      },
    ),
  )
})
