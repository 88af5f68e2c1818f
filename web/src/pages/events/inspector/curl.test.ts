import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import fc from 'fast-check'
import type { EventDetail } from '../../../api/types.ts'
import { curlLine, maxInlineBytes } from './curl.ts'

interface Received {
  method: string
  url: string
  headers: Record<string, string | string[]>
  body: Buffer
}

let received: Received[] = []
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const headers: Record<string, string[]> = {}
    for (let at = 0; at < request.rawHeaders.length; at += 2) {
      const name = request.rawHeaders[at]!.toLowerCase()
      headers[name] = [...(headers[name] ?? []), request.rawHeaders[at + 1]!]
    }
    const { method = '', url = '' } = request
    received.push({ method, url, headers, body: Buffer.concat(chunks) })
    response.end()
  })
})
let base = ''
before(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => server.close())

interface Sent {
  method?: string
  path?: string
  query?: string
  headers?: Record<string, string | string[]>
  body?: Uint8Array
}

function event({ method = 'POST', path = '/hooks/a', query = '', headers = {}, body }: Sent): EventDetail {
  const bytes = Buffer.from(body ?? new Uint8Array())
  const text = bytes.toString('utf8')
  const isText = bytes.length <= 256 * 1024 && Buffer.from(text).equals(bytes)
  return {
    id: 'evt_1',
    body: {
      contentType: null,
      bytes: bytes.length,
      text: isText ? text : null,
      truncated: false,
      parts: null,
    },
    request: { method, path, query, headers, params: {}, sender: '', verified: '', deliveryId: null },
  } as unknown as EventDetail
}

const shells = ['dash', 'bash']

/** What arrives when a shell is given the line. */
async function paste(sent: Sent, shell: string): Promise<Received> {
  const line = curlLine(event(sent), base, sent.body ?? new Uint8Array())
  assert.ok(line !== null)
  received = []
  const child = promisify(execFile)(shell, ['-s'])
  child.child.stdin?.end(`${line}\n`)
  const { stderr } = await child
  const [request] = received
  assert.ok(request !== undefined, `a request arrives: ${stderr}\n${line.slice(0, 2000)}`)
  return request
}

const added = new Set(['host', 'content-length'])

async function arrivesAsItWas(sent: Sent, shell: string): Promise<void> {
  const { method, url, headers, body } = await paste(sent, shell)
  assert.equal(method, sent.method ?? 'POST')
  assert.equal(url, (sent.path ?? '/hooks/a') + (sent.query ? `?${sent.query}` : ''))
  const wanted = Object.entries(sent.headers ?? {}).map(([name, value]) => [name, [value].flat()])
  const came = Object.entries(headers).filter(([name]) => !added.has(name))
  assert.deepEqual(Object.fromEntries(came), Object.fromEntries(wanted))
  assert.deepEqual(body, Buffer.from(sent.body ?? new Uint8Array()))
}

const bytesOf = (text: string) => new TextEncoder().encode(text)

test('whatever was received is sent again by the line, byte by byte, from any shell', async () => {
  const nasty = `'"\`$(touch x)\\!{}[]<>|&;*?~#%@^ \t\né漢😀\r\u0000\u001b\u2028`
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom(...Array.from(nasty)), fc.string({ unit: 'binary', maxLength: 1 })),
  })
  const token = fc.string({
    unit: fc.constantFrom(...Array.from("abcxyz019!#$%&'*+.^_`|~-")),
    minLength: 1,
    maxLength: 12,
  })
  // A field value: visible bytes and spaces inside, each byte one character, as Node reads them.
  const visible = fc.integer({ min: 0x21, max: 0xff }).filter(code => code !== 0x7f)
  const value = fc
    .array(fc.oneof({ weight: 9, arbitrary: visible }, fc.constant(0x20), fc.constant(0x09)), {
      maxLength: 30,
    })
    .map(codes => String.fromCharCode(...codes).replace(/^[ \t]+|[ \t]+$/g, ''))
  const urlCharacters = 'abcXYZ019-._~:/@!$&\'()*+,;=%[]{}|^`"<>\\'
  const url = fc.string({ unit: fc.constantFrom(...Array.from(urlCharacters)), maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        method: fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'GET'),
        path: url.map(path => `/hooks/${path}`),
        query: url,
        headers: fc
          .dictionary(
            token.map(name => `x-${name}`),
            fc.oneof(value, fc.tuple(value, value)),
            { maxKeys: 5 },
          )
          .map(headers => ({ ...headers, 'user-agent': 'it\'s "me"', 'content-type': 'a/b' })),
        body: fc.oneof(text.map(bytesOf), fc.uint8Array({ maxLength: 300 })),
      }),
      fc.constantFrom(...shells),
      arrivesAsItWas,
    ),
    { numRuns: 60 },
  )
})

test('curl adds nothing of its own: no type, no agent, no question before a large body', async () => {
  await arrivesAsItWas({ body: bytesOf('a=1') }, 'dash')
  await arrivesAsItWas(
    { body: new Uint8Array(maxInlineBytes).fill(0xff), headers: { 'x-empty': '' } },
    'dash',
  )
})

test('a body that begins with @ is a body and no file, and dots in a path stay', async () => {
  await arrivesAsItWas({ path: '/hooks/../a/./b', query: 'x=[1-3]', body: bytesOf('@/etc/hostname') }, 'bash')
})

test('a request that asked for a head asks for one again', async () => {
  await arrivesAsItWas({ method: 'HEAD' }, 'dash')
})

test('a text can be read in the line; what a terminal would spoil is encoded', () => {
  const line = (body: Uint8Array) => curlLine(event({ body }), 'http://box', body)
  assert.match(line(bytesOf(`it's`)) ?? '', /--data-raw 'it'\\''s'$/)
  assert.match(line(bytesOf('a\r\nb')) ?? '', /^printf %s 'YQ0KYg==' \| base64 -d \| curl -X POST /)
})

test('a body too large for a line is read from its download', () => {
  const large = event({ body: new Uint8Array(5) })
  assert.match(curlLine(large, 'http://box', null) ?? '', /--data-binary @evt_1\.bin$/)
})

test('what a proxy added on the way is not sent again, and an event that was no request has no line', () => {
  const headers = { forwarded: 'for=1', 'x-forwarded-for': '1', 'x-forward': 'mine', via: '1.1 a' }
  const line = curlLine(event({ headers }), 'http://box', null) ?? ''
  assert.deepEqual(
    [...line.matchAll(/-H (\S+)/g)].map(([, name]) => name),
    ["'x-forward:", 'accept:', 'user-agent:'],
  )
  assert.equal(curlLine({ ...event({}), request: null }, 'http://box', null), null)
})
