import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import * as fc from 'fast-check'
import { request, startWorld } from '../../test/support/ingest-world.ts'
import { encodingOf, inflateBody } from './inflate.ts'

const compressors: [string, (body: Buffer) => Buffer][] = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['zstd', body => zstdCompressSync(body)],
]

test('a compressed body is kept inflated, and the event says what came', async t => {
  const world = await startWorld(t)
  await world.endpoint()
  const text = Buffer.from('{"order": "ü"}')
  for (const [encoding, compress] of compressors) {
    const sent = compress(text)
    const answer = await world.send(request('POST /hooks/shop', [`Content-Encoding: ${encoding}`], sent))
    assert.equal(answer.status, 202, encoding)
    const { event, body } = await world.event(answer.json.id ?? '')
    assert.deepEqual(body, text, encoding)
    assert.deepEqual(
      [event.bodyBytes, event.request?.inflated],
      [text.length, { encoding, bytes: sent.length }],
    )
    assert.equal(event.request?.headers['content-encoding'], encoding)
  }
})

test('a signature covers the bytes as they were sent', async t => {
  const world = await startWorld(t)
  await world.endpoint({ authentication: [{ type: 'github', secrets: ['s'] }] })
  const sent = gzipSync('{}')
  const knock = (signed: Buffer) => {
    const signature = `sha256=${createHmac('sha256', 's').update(signed).digest('hex')}`
    const headers = ['Content-Encoding: gzip', `X-Hub-Signature-256: ${signature}`]
    return world.send(request('POST /hooks/shop', headers, sent))
  }
  assert.equal((await knock(sent)).status, 202)
  assert.equal((await knock(Buffer.from('{}'))).status, 401)
})

test('a bomb, a body that is cut, and an encoding that nobody knows are told apart', async t => {
  const world = await startWorld(t)
  const id = await world.endpoint()
  const send = async (encoding: string, body: Buffer) =>
    (await world.send(request('POST /hooks/shop', [`Content-Encoding: ${encoding}`], body))).status
  const bomb = brotliCompressSync(Buffer.alloc(50_000_000))
  assert.ok(bomb.length < 1000)
  assert.equal(await send('br', bomb), 413)
  assert.equal(await send('gzip', gzipSync(Buffer.alloc(1001))), 413)
  assert.equal(await send('gzip', gzipSync(Buffer.alloc(1000))), 202)
  assert.equal(await send('gzip', gzipSync('{"a": 1}').subarray(0, 15)), 400)
  assert.equal(await send('gzip, br', Buffer.from('x')), 415)
  const counts = Object.fromEntries((await world.counted(id)).map(({ reason, count }) => [reason, count]))
  assert.deepEqual(counts, {
    'body.inflates-too-large': 2,
    'body.not-inflatable': 1,
    'content-encoding.not-taken': 1,
  })
})

test('zstd with a window larger than HTTP allows is not inflated', async () => {
  const params = { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_enableLongDistanceMatching]: 1 }
  const big = zstdCompressSync(Buffer.alloc(20_000_000), { params })
  const read = await inflateBody('zstd', big, 32 * 1024 * 1024)
  assert.equal(read.ok ? 'inflated' : read.reason, 'body.not-inflatable')
})

test('no bytes make it throw, or give more than is allowed', async () => {
  const encoding = fc.constantFrom('gzip', 'deflate', 'br', 'zstd')
  await fc.assert(
    fc.asyncProperty(encoding, fc.uint8Array({ maxLength: 200 }), fc.nat(4), async (name, noise, at) => {
      const genuine = compressors[at]?.[1](Buffer.from(noise)) ?? Buffer.from(noise)
      for (const body of [Buffer.from(noise), genuine]) {
        const read = await inflateBody(name, body, 100)
        if (read.ok) assert.ok(read.body.length <= 100)
        else assert.ok(['body.inflates-too-large', 'body.not-inflatable'].includes(read.reason))
      }
    }),
    { numRuns: 200 },
  )
  assert.deepEqual(
    [encodingOf(undefined), encodingOf(' GZIP '), encodingOf('constructor')],
    [null, 'gzip', undefined],
  )
})
