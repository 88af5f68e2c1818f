import { Ajv2020, type Options, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify'
import type { TSchema } from 'typebox'
import { Problem, summary } from './errors.ts'
import { mistakesOf } from './mistakes.ts'
import { documentedAs } from './schemas.ts'

const common = {
  allErrors: true,
  verbose: true,
  useDefaults: true,
  discriminator: true,
  strict: true,
  strictRequired: false,
  strictTypes: false,
} as const

/**
 * Query and path are text: numbers and lists are made of them. Bodies are taken as they are.
 * Nothing is compiled before it is needed: the validators would cost the start half a second and 20 MB, and what Ajv
 * checks the schemas themselves with another 0.12 s.
 */
export function createValidators(shared: readonly TSchema[]): FastifySchemaCompiler<TSchema> {
  const bodies = whenNeeded(() => createAjv(shared, common))
  const texts = whenNeeded(() => createAjv(shared, { ...common, coerceTypes: 'array' }))
  return ({ schema, httpPart }) => {
    const compiled = whenNeeded(() => (httpPart === 'body' ? bodies : texts)().compile(schema))
    return (value: unknown) => {
      const validate = compiled()
      return validate(value) ? true : { error: failure(validate, httpPart) }
    }
  }
}

function createAjv(shared: readonly TSchema[], options: Options): Ajv2020 {
  const ajv = addFormats.default(new Ajv2020(options))
  ajv.addKeyword(documentedAs)
  for (const schema of shared) ajv.addSchema(schema)
  return ajv
}

function whenNeeded<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => (made ??= { value: make() }).value
}

/** fastify wants an Error; the error handler takes a Problem as it is. */
function failure(
  validate: ValidateFunction,
  httpPart: string | undefined,
): FastifySchemaValidationError[] & Error {
  const mistakes = mistakesOf(validate.errors ?? [])
  const what = httpPart === 'body' ? 'The body' : httpPart === 'params' ? 'The path' : 'The query'
  const code = httpPart === 'body' ? 'body.invalid' : 'query.invalid'
  return new Problem(code, summary(what, mistakes), { mistakes }) as never
}
