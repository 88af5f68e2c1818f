import Type, { type Static } from 'typebox'
import { eventContext } from '../core/context.ts'
import type { Event } from '../core/event.ts'
import { invalidBody } from './errors.ts'
import { findEvent } from './event-answer.ts'
import type { Member } from './member.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'

/** What a template or a filter is tried on: an event that happened, or what somebody writes down. */
export const sampleFields = {
  event: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'Id of an event that happened' }),
  ),
  context: Type.Optional(
    Type.Object(
      {
        event: Type.Optional(
          Type.Object(
            {
              kind: Type.Optional(Type.String({ maxLength: 200 })),
              kindType: Type.Optional(Type.String({ maxLength: 200 })),
              targets: Type.Optional(
                Type.Array(Type.Object({ type: Type.String(), value: Type.String() }), { maxItems: 1000 }),
              ),
              error: Type.Optional(schema.nullable(Type.String())),
            },
            { additionalProperties: true },
          ),
        ),
      },
      {
        additionalProperties: true,
        description:
          'Instead of an event: what templates and `where` see, such as `{"body": {…}, "event": {…}}`',
      },
    ),
  ),
}

const Given = Type.Object(sampleFields)

export interface Sample {
  /** What a filter's lists look at. */
  facts: Pick<Event, 'kind' | 'targets' | 'error'>
  context: object
  /** Null for a context that was written down. */
  event: { value: Event; body: Uint8Array } | null
}

/** Nothing given is an empty context. */
export async function findSample(
  services: Services,
  viewer: Member,
  { event, context = {} }: Static<typeof Given>,
): Promise<Sample> {
  if (event === undefined) return { facts: factsOf(context.event ?? {}), context, event: null }
  if (Object.keys(context).length > 0)
    throw invalidBody([{ path: '/context', message: 'does not go with an event; give one of them' }])
  const { value, body } = await findEvent(services, viewer, event)
  return { facts: value, context: eventContext(value, body), event: { value, body } }
}

type WrittenEvent = NonNullable<NonNullable<Static<typeof Given>['context']>['event']>

const factsOf = ({ kind = '', kindType = 'external', targets = [], error = null }: WrittenEvent) => ({
  kind: { type: kindType as Event['kind']['type'], name: kind },
  targets,
  error,
})
