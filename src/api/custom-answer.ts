import Type from 'typebox'
import { eventContext } from '../core/context.ts'
import { AnswerError, answerMistakes, compileAnswer, CustomAnswer } from '../core/custom-answer.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { Event } from '../core/event.ts'
import { findEndpoint } from './endpoints.ts'
import { type Mistake, Problem } from './errors.ts'
import { findEvent } from './event-answer.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'

export const customAnswerRoutes = (services: Services): Route[] => [
  route({
    method: 'POST',
    url: '/api/endpoints/:reference/answer/preview',
    access: { permission: 'endpoint.read', visitors: true },
    tag: 'Endpoints',
    summary: 'See a custom answer for an event that happened',
    description: 'Nothing is sent or saved. Mistakes of the answer are told in `errors`, not as a failure.',
    params: schema.byReference,
    body: Type.Object(
      {
        answer: CustomAnswer,
        event: Type.Optional(
          Type.String({ minLength: 1, maxLength: 100, description: 'Its id; the newest one if left out' }),
        ),
      },
      schema.strict,
    ),
    audit: { nothing: 'it only previews' },
    status: 200,
    answer: Type.Object({
      eventId: Type.String(),
      answer: schema.nullable(
        Type.Object({
          status: Type.Integer(),
          headers: Type.Array(Type.Array(Type.String())),
          body: Type.String(),
        }),
      ),
      errors: schema.Mistakes,
    }),
    async handler({ params, body, viewer }) {
      const endpoint = await findEndpoint(services, viewer, params.reference)
      const eventId = body.event ?? (await newestEvent(services, endpoint))
      const { value, body: bytes } = await findEvent(services, viewer, eventId)
      return { eventId, ...previewAnswer(body.answer, value, bytes) }
    },
  }),
]

async function newestEvent({ storage, now }: Services, endpoint: Endpoint): Promise<string> {
  const { events } = await storage.query('listEvents', {
    filter: { endpointIds: [endpoint.id] },
    before: null,
    limit: 1,
    deadlineAtMs: now() + 5_000,
  })
  const [newest] = events
  if (newest) return newest.id
  throw new Problem(
    'state-conflict',
    'No event has come here yet; send one, and the answer to it can be seen',
  )
}

function previewAnswer(answer: CustomAnswer, event: Event, body: Uint8Array) {
  const errors: Mistake[] = answerMistakes(answer)
  if (errors.length > 0) return { answer: null, errors }
  try {
    return { answer: compileAnswer(answer)(eventContext(event, body)), errors }
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error
    return { answer: null, errors: [error.mistake] }
  }
}
