import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
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

/** Query and path are text: numbers and lists are made of them. Bodies are taken as they are. */
export function createValidators(shared: readonly TSchema[]): FastifySchemaCompiler<TSchema> {
  const bodies = addFormats.default(new Ajv2020(common))
  const texts = addFormats.default(new Ajv2020({ ...common, coerceTypes: 'array' }))
  for (const ajv of [bodies, texts]) ajv.addKeyword(documentedAs)
  for (const schema of shared) {
    bodies.addSchema(schema)
    texts.addSchema(schema)
  }
  return ({ schema, httpPart }) => {
    // Compiled when it is first needed: all of them at the start would cost half a second and 20 MB.
    let compiled: ValidateFunction | undefined
    return (value: unknown) => {
      const validate = (compiled ??= (httpPart === 'body' ? bodies : texts).compile(schema))
      return validate(value) ? true : { error: failure(validate, httpPart) }
    }
  }
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
