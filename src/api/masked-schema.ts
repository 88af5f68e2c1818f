import type { TSchema } from 'typebox'
import { mask } from '../core/mask.ts'

type Change = (schema: Record<string, unknown>) => Record<string, unknown>

function changeEach(schema: unknown, change: Change): unknown {
  if (Array.isArray(schema)) return schema.map(part => changeEach(part, change))
  if (typeof schema !== 'object' || schema === null) return schema
  return change(
    Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, changeEach(part, change)])),
  )
}

const isSecret = (schema: Record<string, unknown>): boolean => schema['writeOnly'] === true

/** What is taken: the form of a secret, or the dots that stand for the stored one. */
export const acceptMask = (schema: TSchema): TSchema =>
  changeEach(schema, part =>
    isSecret(part) && typeof part['pattern'] === 'string'
      ? { ...part, pattern: `^${mask}$|(?:${part['pattern']})` }
      : part,
  ) as TSchema

/** What is shown: the dots in the place of each secret. */
export const shownMasked = (schema: TSchema): TSchema =>
  changeEach(schema, part => {
    if (!isSecret(part)) return part
    const { writeOnly: _, pattern: _form, ...rest } = part
    return rest
  }) as TSchema
