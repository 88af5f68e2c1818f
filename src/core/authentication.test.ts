import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { AuthenticationSchemes, mapSecrets, schemeTypes, secretFields } from './authentication.ts'
import type { AuthenticationScheme } from './authentication.ts'

const validate = new Ajv2020({ discriminator: true, useDefaults: true, allErrors: true }).compile(
  AuthenticationSchemes,
)

function errorsOf(scheme: unknown): string[] {
  validate([scheme])
  return (validate.errors ?? []).map(error => `${error.instancePath} ${error.message}`)
}

const examples: AuthenticationScheme[] = [
  { type: 'none' },
  { type: 'bearer', secrets: ['a'] },
  { type: 'basic', username: 'u', passwords: ['pass word'] },
  { type: 'api-key', in: 'query', name: 'api_key', keys: ['k'] },
  { type: 'hmac', header: 'X-Signature', secrets: ['s'] },
  {
    type: 'hmac',
    header: 'X-Sig',
    timestamp: { header: 'X-Time', signed: 'v0:{timestamp}:{body}' },
    secrets: ['s'],
  },
  { type: 'github', secrets: ['s', 't'] },
  { type: 'gitlab', tokens: ['t'] },
  { type: 'gitlab', signingTokens: ['whsec_dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q='] },
  { type: 'slack', secrets: ['s'] },
  { type: 'stripe', secrets: ['whsec_x'] },
  { type: 'standard-webhooks', secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'MfKQ9r8G'] },
  { type: 'standard-webhooks', secrets: ['whpk_iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w='] },
  { type: 'bitbucket', secrets: ['s'] },
  { type: 'gitea', secrets: ['s'] },
  { type: 'shopify', secrets: ['s'] },
  { type: 'twilio', secrets: ['s'] },
  { type: 'twilio', secrets: ['s'], url: 'https://hooks.example.com' },
  { type: 'twilio', secrets: ['s'], url: 'https://hooks.example.com:8443/in/sms' },
  { type: 'pagerduty', secrets: ['s'] },
  { type: 'alertmanager', secrets: ['s'] },
  { type: 'x', secrets: ['s'] },
  { type: 'zoom', secrets: ['s'] },
]

test('one example of every type is valid', () => {
  for (const example of examples)
    assert.deepEqual(errorsOf(structuredClone(example)), [], JSON.stringify(example))
  assert.deepEqual([...new Set(examples.map(example => example.type))], schemeTypes)
})

test('defaults are filled in', () => {
  const schemes = [{ type: 'hmac', header: 'X', timestamp: { header: 'T' }, secrets: ['s'] }]
  assert.ok(validate(schemes))
  assert.deepEqual(schemes[0], {
    type: 'hmac',
    header: 'X',
    algorithm: 'sha256',
    encoding: 'hex',
    prefix: '',
    timestamp: { header: 'T', format: 'unix-seconds', toleranceSeconds: 300, signed: '{timestamp}.{body}' },
    secrets: ['s'],
  })
})

test('an error speaks of the chosen type alone', () => {
  assert.deepEqual(errorsOf({ type: 'bearer' }), ["/0 must have required property 'secrets'"])
  assert.deepEqual(
    errorsOf({ type: 'bearer', secrets: [''] })[0],
    '/0/secrets/0 must NOT have fewer than 1 characters',
  )
  assert.deepEqual(errorsOf({ type: 'none', secrets: ['a'] }), ['/0 must NOT have additional properties'])
  assert.equal(errorsOf({ type: 'pgp' })[0], '/0/type must be equal to one of the allowed values')
})

test('what could not work is refused when saved', () => {
  const refused: unknown[] = [
    { type: 'bearer', secrets: [] },
    { type: 'bearer', secrets: ['line\nbreak'] },
    { type: 'bearer', secrets: [' around '] },
    { type: 'basic', username: 'a:b', passwords: ['p'] },
    { type: 'api-key', in: 'cookie', name: 'n', keys: ['k'] },
    { type: 'api-key', in: 'header', name: 'two words', keys: ['k'] },
    { type: 'hmac', header: 'X', algorithm: 'md5', secrets: ['s'] },
    { type: 'hmac', header: 'X', timestamp: { header: 'T', signed: '{body}' }, secrets: ['s'] },
    { type: 'hmac', header: 'X', timestamp: { header: 'T', signed: '{body}{timestamp}' }, secrets: ['s'] },
    { type: 'gitlab' },
    { type: 'gitlab', signingTokens: ['plain'] },
    { type: 'slack', secrets: ['s'], toleranceSeconds: 0 },
    { type: 'standard-webhooks', secrets: ['whsec_'] },
    { type: 'standard-webhooks', secrets: ['whsk_AAAA'] },
    { type: 'standard-webhooks', secrets: ['whpk_AAAA'] },
  ]
  for (const scheme of refused) assert.notDeepEqual(errorsOf(scheme), [], JSON.stringify(scheme))
  assert.equal(validate([]), false, 'an open endpoint has to say so')
})

test('every secret is mapped, nothing else is, and the original stays', () => {
  const before = structuredClone(examples)
  const masked = mapSecrets(examples, () => '***')
  assert.deepEqual(examples, before)
  assert.deepEqual(masked[2], { type: 'basic', username: 'u', passwords: ['***'] })
  assert.deepEqual(masked[6], { type: 'github', secrets: ['***', '***'] })
  assert.deepEqual(
    mapSecrets(examples, secret => secret),
    before,
  )
  const seen: string[] = []
  mapSecrets(examples, secret => {
    seen.push(secret)
    return secret
  })
  assert.equal(seen.length, 24)
  assert.ok(schemeTypes.every(type => type === 'none' || (secretFields.get(type) ?? []).length > 0))
})
