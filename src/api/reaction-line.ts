import Type from 'typebox'
import { Problem } from './errors.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'

/** A line that somebody has from elsewhere, as the beginning of a reaction. Nothing of it is run. */
export const reactionLineRoutes = (): Route[] => [
  route({
    method: 'POST',
    url: '/api/reactions/from-line',
    access: { permission: 'reaction.create' },
    tag: 'Reactions',
    summary: 'Read a curl or tsuru line as the beginning of a reaction',
    description:
      'Takes a line of `curl`, or of `tsuru event-webhook-create`, as a shell would read it, without running it. ' +
      'Answers the parts of a definition that it tells of; `notes` say what was left out.',
    body: Type.Object({ line: Type.String({ minLength: 1, maxLength: 64 * 1024 }) }, schema.strict),
    audit: { nothing: 'it only reads the line' },
    status: 200,
    answer: Type.Object({
      definition: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
      notes: Type.Array(Type.String()),
    }),
    async handler({ body }) {
      // With the grammar of a shell, which few ask for.
      const { fromLine, PasteError } = await import('../paste/line.ts')
      try {
        return fromLine(body.line)
      } catch (error) {
        if (!(error instanceof PasteError)) throw error
        const before = body.line.slice(0, error.at).split('\n')
        const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
        throw new Problem('line.unreadable', error.message, {
          mistakes: [{ path: '/line', message: error.message, ...place }],
        })
      }
    },
  }),
]
