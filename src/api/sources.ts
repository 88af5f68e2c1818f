import Type, { type Static } from 'typebox'
import { parseTarget } from '../act/http/prepare.ts'
import { CallError } from '../act/http/failure.ts'
import { newId } from '../core/ids.ts'
import { Name } from '../core/reaction.ts'
import { eventShapes } from '../core/template/event-shape.ts'
import { timeText, timeTextOrNull } from '../core/summary.ts'
import type { SourceTable } from '../storage/schema.ts'
import { invalidBody, notFound } from './errors.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'

const Given = Type.Object(
  {
    name: Name,
    product: Type.Enum([...eventShapes]),
    url: Type.String({ minLength: 1, maxLength: 2000, description: 'Where its API answers' }),
    token: Type.String({
      minLength: 1,
      maxLength: 2000,
      pattern: '^[!-~]+$',
      description: 'What it lets in; kept sealed, and never shown again',
    }),
    since: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'Events that began from then on; from now on unless given',
      }),
    ),
  },
  schema.strict,
)

const Source = Type.Object({
  id: Type.String(),
  name: Type.String(),
  product: Type.String(),
  url: Type.String(),
  readTo: schema.Time,
  problem: schema.nullable(Type.String({ description: 'Why it could not be read when it was last asked' })),
  askedAt: schema.nullable(schema.Time),
  actor: Type.String(),
  createdAt: schema.Time,
})

const answer = (row: SourceTable): Static<typeof Source> => ({
  id: row.id,
  name: row.name,
  product: row.product,
  url: row.url,
  readTo: timeText((JSON.parse(row.progress) as { sinceMs: number }).sinceMs),
  problem: row.problem,
  askedAt: timeTextOrNull(row.asked_at),
  actor: row.actor,
  createdAt: timeText(row.created_at),
})

/** Other products, whose events are fetched. */
export function sourceRoutes(services: Services): Route[] {
  const { storage, sealer, now, wakeSources } = services
  return [
    route({
      method: 'GET',
      url: '/api/sources',
      access: { permission: 'source.read', organization: true },
      tag: 'Events',
      summary: 'Sources that are asked for events, the oldest first',
      status: 200,
      answer: Type.Object({ items: Type.Array(Source) }),
      handler: async () => ({ items: (await storage.read('sources', null)).map(answer) }),
    }),
    route({
      method: 'POST',
      url: '/api/sources',
      access: { permission: 'source.create', organization: true },
      tag: 'Events',
      summary: 'Add a source',
      description: 'Each event that ended there is fetched once, whatever happens meanwhile.',
      body: Given,
      audit: 'source.create',
      status: 201,
      answer: Source,
      async handler({ body, viewer }) {
        const row = await storage.execute('createSource', {
          id: newId('src'),
          name: body.name,
          product: body.product,
          url: checkedUrl(body.url),
          token_sealed: sealer.seal(body.token),
          progress: JSON.stringify({ sinceMs: body.since === undefined ? now() : Date.parse(body.since) }),
          problem: null,
          asked_at: null,
          team: null,
          actor: viewer.actor,
          created_at: now(),
        })
        wakeSources()
        return answer(row)
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/sources/:reference',
      access: { permission: 'source.delete', organization: true },
      tag: 'Events',
      summary: 'Take a source away; its events stay',
      params: schema.byReference,
      audit: 'source.delete',
      status: 204,
      answer: null,
      async handler({ params: { reference } }) {
        const row = await storage.query('findSource', { reference })
        if (row === null) throw notFound('source', reference)
        await storage.execute('deleteSource', { id: row.id })
      },
    }),
  ]
}

function checkedUrl(text: string): string {
  try {
    const url = parseTarget(text)
    if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
      throw invalidBody([{ path: '/url', message: 'is an address alone: without user, ? and #' }])
    return url.href.replace(/\/+$/, '')
  } catch (error) {
    if (error instanceof CallError)
      throw invalidBody([{ path: '/url', message: `cannot be used: ${error.message}` }])
    throw error
  }
}
