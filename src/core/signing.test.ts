import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { decodePublicKey, signStandardWebhook, standardWebhookSigner } from './signing.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
/** The key pair and signatures of the reference library's own tests: a seed of 32 ones. */
const published = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestampSeconds: 1614265330,
  body: '{"test": 2432232314}',
}
const seed = Buffer.alloc(32, 1)

test('the published HMAC vector is reproduced', () => {
  assert.deepEqual(signStandardWebhook({ ...published, secrets: [secret] }), {
    'webhook-id': published.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

test('the published ed25519 vector is reproduced from a seed, and from seed and public key', () => {
  const publicKey = Buffer.from('8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c', 'hex')
  const expected =
    'v1a,Ykcu7AtGZGmZxFEH1Gaa2Nd7feY/CTuruoL4fqgnKwfbHU4DhemoVHZdvGfIvKvn4BIgwktLGGPGIr/i9nK7AA=='
  for (const bytes of [seed, Buffer.concat([seed, publicKey])]) {
    const headers = signStandardWebhook({ ...published, secrets: [`whsk_${bytes.toString('base64')}`] })
    assert.equal(headers['webhook-signature'], expected)
  }
})

test('every secret adds one signature, in order', () => {
  const other = `whsec_${Buffer.from('another secret of 24 byt').toString('base64')}`
  const both = signStandardWebhook({ ...published, secrets: [secret, other] })['webhook-signature'].split(' ')
  assert.equal(both[0], signStandardWebhook({ ...published, secrets: [secret] })['webhook-signature'])
  assert.equal(both[1], signStandardWebhook({ ...published, secrets: [other] })['webhook-signature'])
})

test('the reference library signs the same', () => {
  const text = fc.string({ unit: 'grapheme' })
  const idPart = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/)
  const key = fc.uint8Array({ minLength: 1, maxLength: 64 })
  fc.assert(
    fc.property(text, idPart, fc.integer({ min: 0, max: 4e9 }), key, (body, id, timestampSeconds, bytes) => {
      const secrets = [`whsec_${Buffer.from(bytes).toString('base64')}`]
      const expected = new Webhook(secrets[0] ?? '').sign(id, new Date(timestampSeconds * 1000), body)
      const sign = standardWebhookSigner(secrets)
      assert.equal(sign({ id, timestampSeconds, body })['webhook-signature'], expected)
      assert.equal(sign({ id, timestampSeconds, body: Buffer.from(body) })['webhook-signature'], expected)
    }),
    { numRuns: 100 },
  )
})

test('bytes that are no text are signed as they are', () => {
  const body = Buffer.from([0xff, 0x00, 0xc3])
  const headers = signStandardWebhook({ ...published, body, secrets: [`whsk_${seed.toString('base64')}`] })
  const signed = Buffer.concat([Buffer.from(`${published.id}.${published.timestampSeconds}.`), body])
  const signature = Buffer.from(headers['webhook-signature'].slice(4), 'base64')
  const key = decodePublicKey('whpk_iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=')
  assert.ok(verify(null, signed, createPublicKey(key.export({ type: 'spki', format: 'pem' })), signature))
})

test('a secret that cannot be used is refused when the signer is made', () => {
  const wrong = ['', 'whsec_', 'whsec_a', 'whsec_not base64', 'whsec_ab=c', 'whsk_', 'whsk_AAAA', 'whpk_AAAA']
  for (const secret of wrong) {
    assert.throws(() => standardWebhookSigner([secret]), { code: 'signing.bad-secret' }, secret)
  }
  assert.throws(() => standardWebhookSigner([]), { code: 'signing.no-secret' })
  for (const text of ['whpk_AAAA', 'AAAA', 'whsk_iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=']) {
    assert.throws(() => decodePublicKey(text), { code: 'signing.bad-secret' })
  }
})

test('an id that could be read in two ways, or break the header, is refused', () => {
  for (const id of ['', 'a.b', 'a b', 'a\r\nx-evil: 1', 'ä', 'a'.repeat(257)]) {
    assert.throws(() => signStandardWebhook({ ...published, id, secrets: [secret] }), {
      code: 'signing.bad-id',
    })
  }
  for (const timestampSeconds of [-1, 1.5, Number.NaN, 1e300]) {
    const input = { ...published, timestampSeconds, secrets: [secret] }
    assert.throws(() => signStandardWebhook(input), { code: 'signing.bad-timestamp' })
  }
})
