import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import Type from 'typebox'
import { ReactionDefinition } from '../core/reaction.ts'
import { mistakesOf } from './mistakes.ts'

const ajv = addFormats.default(
  new Ajv2020({ allErrors: true, verbose: true, useDefaults: true, discriminator: true, strict: false }),
)
const told = (schema: object, value: unknown): string[] => {
  const validate = ajv.compile(schema)
  validate(value)
  return mistakesOf(validate.errors ?? []).map(({ path, message }) => `${path} ${message}`)
}

const definition = (change: object) => ({
  name: 'a',
  trigger: { type: 'events' },
  action: { type: 'http', url: 'https://example.com' },
  ...change,
})

test('of alternatives the one that was meant is told', () => {
  const mistakes = (change: object) => told(ReactionDefinition, definition(change))
  assert.deepEqual(mistakes({}), [])
  assert.deepEqual(mistakes({ trigger: { type: 'endpoint' } }), ['/trigger/endpoint is missing'])
  assert.deepEqual(mistakes({ trigger: { type: 'endpoint', endpoint: 'a', x: 1 } }), [
    '/trigger/x is not known here; known are type, endpoint',
  ])
  assert.deepEqual(mistakes({ trigger: { type: 'cron' } }), [
    '/trigger must be of type "endpoint" or of type "events"',
  ])
  assert.deepEqual(mistakes({ trigger: 'events' }), [
    '/trigger must be of type "endpoint" or of type "events"',
  ])
  assert.deepEqual(mistakes({ concurrency: 0 }), ['/concurrency must be at least 1'])
  assert.deepEqual(mistakes({ concurrency: 'x' }), ['/concurrency must be a whole number or null'])
})

test('each rule has its sentence', () => {
  for (const [schema, value, sentence] of [
    [Type.String({ minLength: 1 }), '', ' must not be empty'],
    [Type.String({ minLength: 2 }), 'a', ' must have at least 2 characters'],
    [Type.String({ maxLength: 2 }), 'abc', ' must have at most 2 characters'],
    [Type.String({ pattern: '^a$', description: 'An a' }), 'b', ' does not have the right form: An a'],
    [Type.String({ format: 'date-time' }), 'x', ' must be a time such as 2026-11-21T06:50:00Z'],
    [Type.Array(Type.Null(), { minItems: 1 }), [], ' must have an entry'],
    [Type.Array(Type.Null(), { maxItems: 0 }), [null], ' must have at most 0 entries'],
    [Type.Enum(['a', 'b']), 'c', ' must be one of "a", "b"'],
    [Type.Boolean(), 1, ' must be true or false'],
    [Type.Object({ 'a/b': Type.Null() }), {}, '/a~1b is missing'],
  ] as const)
    assert.deepEqual(told(schema, value), [sentence])
})

test('names of the sender stay data, however they are called', () => {
  const schema = Type.Object({}, { additionalProperties: false })
  assert.deepEqual(told(schema, JSON.parse('{"__proto__": 1}')), [
    '/__proto__ is not known here; known are none',
  ])
})

test('of a thousand mistakes twenty are told', () => {
  assert.equal(
    told(
      Type.Array(Type.String()),
      Array.from({ length: 1000 }, () => 1),
    ).length,
    20,
  )
})
