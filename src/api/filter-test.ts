import Type from 'typebox'
import { judgeFilter } from '../core/filter.ts'
import { Filter } from '../core/reaction.ts'
import { whereMistakes } from './reaction-definition.ts'
import { type Route, route } from './route.ts'
import { findSample, sampleFields } from './sample-context.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'

const Body = Type.Object({ filter: Filter, ...sampleFields }, schema.strict)

/** What a filter says of an event, before there is a reaction. */
export function filterTestRoutes(services: Services): Route[] {
  return [
    route({
      method: 'POST',
      url: '/api/filters/test',
      access: { permission: 'reaction.read' },
      tag: 'Reactions',
      summary: 'Try a filter on an event',
      description:
        'On an event that happened, or on a `context` that is written down; its `event` may have `kind`, `kindType`, ' +
        '`targets` and `error`. A `where` that does not compile is answered in `errors`.',
      body: Body,
      audit: { nothing: 'it only tries' },
      status: 200,
      answer: Type.Object({
        verdict: schema.nullable(
          Type.Object({
            matches: Type.Boolean(),
            code: schema.nullable(Type.String()),
            reason: schema.nullable(Type.String()),
          }),
        ),
        errors: schema.Mistakes,
      }),
      async handler({ body, viewer }) {
        const { facts, context } = await findSample(services, viewer, body)
        const errors = whereMistakes(body.filter.where)
        if (errors.length > 0) return { verdict: null, errors }
        const refused = judgeFilter(body.filter, facts, () => context)
        if (refused === null || refused.fires)
          return { verdict: { matches: true, code: null, reason: null }, errors }
        return { verdict: { matches: false, code: refused.code, reason: refused.reason }, errors }
      },
    }),
  ]
}
