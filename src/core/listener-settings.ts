import Type, { type Static } from 'typebox'

/** How a listener chooses and tries. Apart from its lanes, which threads need that are spared the schemas' library. */
export const ListenerSettings = Type.Object(
  {
    where: Type.String({
      maxLength: 4000,
      default: '',
      description: 'A CEL expression; empty takes every event',
    }),
    kindNames: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
      maxItems: 50,
      default: [],
      description: 'Any of these dotted names, or whatever lies below one',
    }),
    retry: Type.Enum(['none', 'down', 'all'], {
      default: 'down',
      description:
        'What is tried again: nothing; requests that got no answer; those and the answers 408, 425, 429 and 5xx',
    }),
    timeoutMs: Type.Integer({
      minimum: 100,
      maximum: 600_000,
      default: 30_000,
      description: 'For one attempt',
    }),
  },
  { additionalProperties: false },
)
export type ListenerSettings = Static<typeof ListenerSettings>
