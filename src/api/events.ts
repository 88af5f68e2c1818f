import Type from 'typebox'
import { eventSummary, timeTextOrNull } from '../core/summary.ts'
import { readParts } from '../core/multipart.ts'
import { toEvent } from '../storage/rows.ts'
import { attachment } from './attachment.ts'
import { notFound } from './errors.ts'
import { eventAnswer, findEvent } from './event-answer.ts'
import { EventQuery, eventFilter } from './event-filter.ts'
import { decodePosition, encodeCursor } from './paging.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'

export function eventRoutes(services: Services): Route[] {
  const { storage } = services
  const timeAt = async (position: number | null): Promise<string | null> => {
    if (position === null) return null
    const from = { partition: 0, position: position - 1, limit: 1, maxBytes: 1 }
    const [stored] = await storage.read('eventsAfter', from)
    return timeTextOrNull(stored?.event.received_at ?? null)
  }
  return [
    route({
      method: 'GET',
      url: '/api/events',
      access: { permission: 'event.read', visitors: true },
      tag: 'Events',
      summary: 'Search events, newest first',
      description:
        'A search that takes too long answers what it found so far and says in `searchedTo` how far back it got; ' +
        'go on from there with `next`. A visitor sees the events of their own endpoints.',
      query: EventQuery,
      status: 200,
      answer: Type.Object({
        ...schema.page(schema.ref(schema.EventSummary)).properties,
        searchedTo: schema.nullable(schema.Time),
      }),
      async handler({ query, viewer }) {
        const list = await storage.query('listEvents', {
          filter: await eventFilter(services, viewer, query),
          before: decodePosition(query.cursor),
          limit: query.limit,
          deadlineAtMs: Date.now() + query.searchMs,
        })
        return {
          items: list.events.map(({ preview, ...row }) => eventSummary(toEvent(row), preview)),
          next: list.before === null ? null : encodeCursor(list.before),
          searchedTo: await timeAt(list.searchedTo),
        }
      },
    }),
    route({
      method: 'GET',
      url: '/api/events/:id',
      access: { permission: 'event.read', visitors: true },
      tag: 'Events',
      summary: 'One event',
      params: schema.ById,
      status: 200,
      answer: schema.ref(schema.Event),
      handler: async ({ params, viewer }) =>
        eventAnswer(services, viewer, await findEvent(services, viewer, params.id)),
    }),
    route({
      method: 'GET',
      url: '/api/events/:id/body',
      access: { permission: 'event.read', visitors: true },
      tag: 'Events',
      summary: 'The bytes of its body, as they came',
      params: schema.ById,
      status: 200,
      answer: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }),
      produces: ['application/octet-stream'],
      async handler({ params, viewer, reply }) {
        const { event, body } = await findEvent(services, viewer, params.id)
        reply.type('application/octet-stream')
        reply.header('content-disposition', `attachment; filename="${event.id}"`)
        return Buffer.from(body)
      },
    }),
    route({
      method: 'GET',
      url: '/api/events/:id/parts/:index',
      access: { permission: 'event.read', visitors: true },
      tag: 'Events',
      summary: 'The bytes of one part of its multipart body',
      params: schema.ByPart,
      status: 200,
      answer: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }),
      produces: ['application/octet-stream'],
      async handler({ params, viewer, reply }) {
        const { event, value, body } = await findEvent(services, viewer, params.id)
        const part = readParts(value.contentType, body)?.[params.index]
        if (part === undefined) throw notFound('part', `${params.index} of ${event.id}`)
        reply.type('application/octet-stream')
        reply.header('content-disposition', attachment(part.filename, `${event.id}-${params.index}`))
        reply.header('content-security-policy', 'sandbox')
        return Buffer.from(part.bytes)
      },
    }),
  ]
}
