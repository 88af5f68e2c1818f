import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createMasker, isSecretHeader, mask, maskHeaders, maskUrl } from './mask.ts'

const secret = 'p@ss/w"örd\\ +x&=<y>'
const masked = createMasker([secret])

test('a secret is masked as it is', () => {
  assert.equal(masked(`a ${secret} b ${secret}`), `a ${mask} b ${mask}`)
  assert.equal(masked('nothing here'), 'nothing here')
})

test('a secret is masked in JSON, however it is escaped', () => {
  const plain = JSON.stringify({ a: secret })
  const goStyle = plain.replace(
    /[<>&]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  const asciiOnly = plain.replace(
    /[^\x20-\x7e]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`,
  )
  for (const text of [plain, goStyle, asciiOnly, plain.replaceAll('/', '\\/')])
    assert.equal(masked(text), `{"a":"${mask}"}`, text)
  assert.equal(createMasker(['line\nbreak\t'])('"line\\nbreak\\t"'), `"${mask}"`)
  assert.equal(createMasker(['key🔑key'])('"key\\ud83d\\uDD11key"'), `"${mask}"`)
})

test('a secret is masked in URLs, with %20 or +, upper and lower hex, and by any encoder', () => {
  const upper = encodeURIComponent(secret)
  const lower = upper.replace(/%../g, code => code.toLowerCase())
  const form = new URLSearchParams({ s: secret }).toString().slice(2)
  const path = new URL(`http://h/${secret.replaceAll('\\', '%5C')}`).pathname.slice(1)
  const everyByte = Array.from(Buffer.from(secret), byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
  for (const text of [upper, lower, form, path, everyByte])
    assert.equal(masked(`?s=${text}#`), `?s=${mask}#`, text)
})

test('a secret is masked in base64 and base64url, alone and in Basic credentials', () => {
  for (const encoding of ['base64', 'base64url'] as const) {
    for (const before of ['', 'u:', 'us:', 'user:', 'longer-user:']) {
      const text = `Basic ${Buffer.from(before + secret).toString(encoding)}`
      const result = masked(text)
      assert.ok(result.endsWith(mask), `${before}: ${result}`)
      assert.ok(result.startsWith('Basic '))
    }
  }
  assert.equal(masked(Buffer.from(secret).toString('base64')), mask)
  const inUrl = encodeURIComponent(Buffer.from(`??>${secret}`).toString('base64'))
  assert.equal(masked(inUrl).includes(mask), true)
})

test('wherever a secret stands in base64, no byte of it can be read afterwards', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 9 }),
      fc.uint8Array({ maxLength: 9 }),
      fc.constantFrom('base64' as const, 'base64url' as const),
      (before, after, encoding) => {
        const value = 'Xk9#vQ2!mZ7?'
        const text = Buffer.concat([before, Buffer.from(value), after]).toString(encoding)
        const result = createMasker([value])(text)
        const [head = '', tail = ''] = result.split(mask)
        assert.notEqual(result, text)
        // What is left in front holds at most the bytes before; likewise behind.
        assert.ok(Math.floor((head.length * 6) / 8) <= before.length, `${head}|${tail}`)
        assert.ok(Math.floor((tail.replace(/=+$/, '').length * 6) / 8) <= after.length, `${head}|${tail}`)
      },
    ),
    { numRuns: 300 },
  )
})

test('any secret of 4 characters or more is found in any of its forms, in any surroundings', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 12 })
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 4, maxLength: 20 }),
      text,
      text,
      (value, before, after) => {
        const hide = createMasker([value])
        const forms = [
          value,
          JSON.stringify(value).slice(1, -1),
          new URLSearchParams([['', value]]).toString().slice(1),
        ]
        for (const form of forms)
          assert.ok(!hide(before + form + after).includes(form) || mask.includes(form), form)
        assert.equal(hide(Buffer.from(value).toString('base64')), mask)
      },
    ),
    { numRuns: 300 },
  )
})

test('secrets that overlap, touch or repeat are all covered', () => {
  assert.equal(createMasker(['abcd', 'cdef'])('x abcdef y'), `x ${mask} y`)
  assert.equal(createMasker(['abcd', 'abcdefgh'])('abcdefgh abcd'), `${mask} ${mask}`)
  assert.equal(createMasker(['abab'])('xababab!'), `x${mask}!`)
  assert.equal(createMasker(['user', 'pass'])('userpass user pass'), `${mask} ${mask} ${mask}`)
})

test('a secret shorter than 4 characters is masked only as a whole word', () => {
  const hide = createMasker(['a1', '-', 'ö'])
  assert.equal(hide('a1 ba1 a1b "a1" (ö) schön'), `${mask} ba1 a1b "${mask}" (${mask}) schön`)
})

test('no secrets, or empty ones, change nothing', () => {
  for (const none of [[], ['']]) assert.equal(createMasker(none)('a b'), 'a b')
})

test('secrets full of what regular expressions and replacements mean something by are plain text', () => {
  for (const value of [
    'a.*b|c',
    '$&$1$$',
    '(((( ',
    '\\\\\\\\',
    '[^x]',
    '%41%41',
    '++++',
    '....',
    '{}{}',
    '^^$$',
    '--//',
    '\u2028abc',
  ]) {
    assert.equal(createMasker([value])(`<${value}>`), `<${mask}>`, value)
    assert.equal(createMasker([value])('<abcdefgh>'), '<abcdefgh>', value)
  }
})

test('a text made to mislead the search costs no more than its length', () => {
  const hide = createMasker(['%25'.repeat(30), 'a'.repeat(60), '++++++++++++++++++++'])
  const text = `${'%25'.repeat(8_000)}${'a'.repeat(20_000)}${'%61'.repeat(8_000)}${'%2525'.repeat(4_000)}`
  const startedAt = process.cpuUsage().user
  hide(text)
  assert.ok(process.cpuUsage().user - startedAt < 2_000_000, 'less than 2 s of CPU')
})

test('headers that carry credentials keep their names and lose their values', () => {
  const names = [
    'Authorization',
    'proxy-authorization',
    'Cookie',
    'set-cookie',
    'X-Api-Key',
    'apikey',
    'Api-Key',
    'PRIVATE-TOKEN',
    'X-Gitlab-Token',
    'X-Vault-Token',
    'X-Auth-Token',
    'X-Amz-Security-Token',
    'X-Acme-Secret',
    'X-Functions-Key',
    'Ocp-Apim-Subscription-Key',
    'X-Auth',
    'X-Access-Key',
  ]
  for (const name of names) assert.equal(isSecretHeader(name), true, name)
  for (const name of [
    'Content-Type',
    'webhook-id',
    'webhook-signature',
    'Authority',
    'X-Key-Count',
    'Idempotency-Key',
    'X-Tokens-Left',
    'WWW-Authenticate',
  ]) {
    assert.equal(isSecretHeader(name), false, name)
  }
  assert.deepEqual(
    maskHeaders([
      ['Set-Cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['X', 'y'],
    ]),
    [
      ['Set-Cookie', mask],
      ['set-cookie', mask],
      ['X', 'y'],
    ],
  )
})

test('the password in a URL is masked, the rest stays', () => {
  assert.equal(maskUrl('https://ann:p%40ss@h.example/a?b=c:d@e'), `https://ann:${mask}@h.example/a?b=c:d@e`)
  assert.equal(maskUrl('http://:p@h/'), `http://:${mask}@h/`)
  for (const url of ['https://h.example:80/a:b@c', 'https://ann@h/', 'not a url:x@y', '/a:b@c'])
    assert.equal(maskUrl(url), url)
})
