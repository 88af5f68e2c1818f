import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromLine } from './line.ts'
import { PasteError, wordsOf } from './words.ts'

const actionOf = (line: string) => fromLine(line).definition.action
const refused = (line: string, message: RegExp) =>
  assert.throws(
    () => fromLine(line),
    (error: unknown) => error instanceof PasteError && message.test(error.message),
  )

test('a curl line becomes the same request', () => {
  assert.deepEqual(
    actionOf(`$ curl -sSL -XPUT 'https://hooks.example.com/a?b=1&c=2' \\
      -H 'Content-Type: application/json' -H "X-Key: k" -m 2.5 -k --data-raw '{"text":"it'"'"'s {{here}}"}'`),
    {
      type: 'http',
      method: 'PUT',
      url: 'https://hooks.example.com/a?b=1&c=2',
      headers: [
        { name: 'Content-Type', value: 'application/json' },
        { name: 'X-Key', value: 'k' },
      ],
      bodyFrom: 'template',
      body: '{"text":"it\'s {{"{{"}}here}}"}',
      timeoutMs: 2500,
      insecure: true,
      followRedirects: 10,
    },
  )
})

test('what curl adds by itself is added: method, media type, scheme, credentials', () => {
  const { method, url, headers, body } = actionOf(
    'curl example.com/x -d a=1 -d b=2 --data-urlencode "c=ä &" -u me:pass',
  )
  assert.deepEqual([method, url, body], ['POST', 'http://example.com/x', 'a=1&b=2&c=%C3%A4%20%26'])
  assert.deepEqual(headers, [
    { name: 'content-type', value: 'application/x-www-form-urlencoded' },
    { name: 'authorization', value: `Basic ${Buffer.from('me:pass').toString('base64')}` },
  ])
  assert.equal(actionOf('curl -G http://x/y?a=1 -d b=2')['url'], 'http://x/y?a=1&b=2')
  assert.equal(actionOf('curl -I http://x/')['method'], 'HEAD')
  assert.deepEqual(actionOf(`curl http://x --json '{"a":1}' -H 'Accept: text/plain'`)['headers'], [
    { name: 'content-type', value: 'application/json' },
    { name: 'Accept', value: 'text/plain' },
  ])
})

test('a line of tsuru becomes a reaction on platform events, its body a template as it was', () => {
  const { definition, notes } = fromLine(
    `tsuru event-webhook-create tell 'https://x/{{y}}' --kind-name app.deploy --kind-type permission --error-only ` +
      `--target-type app --target-value shop -H X-Key=a=b -b '{{.Kind.Name}}' -t team-a`,
  )
  assert.deepEqual(definition, {
    name: 'tell',
    trigger: { type: 'events' },
    filter: {
      kindTypes: ['permission'],
      kindNames: ['app.deploy'],
      targetTypes: ['app'],
      targetValues: ['shop'],
      outcome: 'error',
    },
    action: {
      type: 'http',
      method: 'POST',
      url: 'https://x/{{"{{"}}y}}',
      headers: [{ name: 'X-Key', value: 'a=b' }],
      bodyFrom: 'template',
      body: '{{.Kind.Name}}',
    },
    retry: { delaysMs: [] },
  })
  assert.match(notes.join(' '), /--team is left out/)
  assert.equal(fromLine('tsuru event webhook create a http://x').definition.action['bodyFrom'], 'event')
})

test('what cannot be taken over is named', () => {
  refused('curl http://x/?a=1&b=2', /& outside of quotes/)
  refused('curl http://x -d "$BODY"', /Only your shell knows what \$BODY is/)
  refused('curl http://x | jq .', /no simple command/)
  refused('curl http://x > file', /reads or writes a file/)
  refused("curl 'http://x", /ends too early/)
  refused('curl http://x -d @body.json', /--data @body.json reads a file/)
  refused('curl http://x --unix-socket /s', /--unix-socket has no counterpart/)
  refused('curl http://x -F a=b', /--form sends files or parts/)
  refused('curl http://x -u me', /password/)
  refused('curl', /URL is missing/)
  refused('curl a b', /two URLs/)
  refused('wget http://x', /wget is not known/)
  refused('tsuru app-list', /tsuru is not known/)
  refused('tsuru event-webhook-create a', /a name and a URL/)
  refused('', /no command/)
})

test('words are those that a shell hands over', () => {
  const quoted = (text: string, way: number) => {
    if (way === 0) return `'${text.replaceAll("'", `'"'"'`)}'`
    if (way === 1) return `"${text.replaceAll(/["\\$`]/g, '\\$&')}"`
    return text.replaceAll(/[^A-Za-z0-9]/g, '\\$&') || "''"
  }
  // A backslash before a line break is no line break.
  const word = fc.tuple(
    fc.string().map(text => text.replaceAll(/[\0\n\r]/g, '')),
    fc.nat(2),
  )
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), words => {
      const line = words.map(([text, way]) => quoted(text, way)).join(' ')
      const seen = execFileSync('bash', ['-c', `printf '%s\\0' x ${line}`])
        .toString('utf8')
        .split('\0')
        .slice(0, -1)
      assert.deepEqual(wordsOf(`x ${line}`), seen)
    }),
    { numRuns: 60 },
  )
})

test('no line makes it fail in another way', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string().map(text => `curl ${text}`),
      ),
      line => {
        try {
          fromLine(line)
        } catch (error) {
          assert.ok(error instanceof PasteError, String(error))
        }
      },
    ),
  )
})
