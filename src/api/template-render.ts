import Type, { type Static } from 'typebox'
import { mask } from '../core/mask.ts'
import { templateLanguages } from '../core/template/language.ts'
import { shapes } from '../core/template/shapes.ts'
import { OwnVariables } from '../core/template/octostache/context.ts'
import { compileOctostache } from '../core/template/octostache/template.ts'
import { compileTemplate, type RenderOptions, TemplateError } from '../core/template/template.ts'
import type { Mistake } from './errors.ts'
import { type Route, route } from './route.ts'
import { findSample, type Sample, sampleFields } from './sample-context.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'

const maxOutputBytes = 256 * 1024

const Body = Type.Object(
  {
    template: Type.String({ maxLength: 256 * 1024 }),
    language: Type.Enum([...templateLanguages], { default: 'go' }),
    extendedFunctions: Type.Boolean({
      default: true,
      description: 'Of Go templates: false leaves Go’s own functions alone',
    }),
    variables: Type.Optional(
      Type.Record(Type.String({ maxLength: 200 }), Type.String({ maxLength: 64 * 1024 }), {
        description: 'Of Octostache: your own variables, whose values are templates too',
      }),
    ),
    ...sampleFields,
  },
  schema.strict,
)
type Body = Static<typeof Body>

/** What a template makes of an event. It stands alone: no reaction, and nothing is sent. */
export function templateRenderRoutes(services: Services): Route[] {
  return [
    route({
      method: 'POST',
      url: '/api/templates/render',
      access: { permission: 'reaction.read' },
      tag: 'Reactions',
      summary: 'Render a template, sending nothing',
      description:
        'Over an event that happened, or over a `context` that is written down. Secrets come out as •••. Mistakes of the ' +
        'template are answered in `errors`, with line and column, not as a failure.',
      body: Body,
      audit: { nothing: 'it only tries' },
      status: 200,
      answer: Type.Object({
        output: schema.nullable(Type.String()),
        outputBytes: Type.Integer(),
        errors: schema.Mistakes,
        unresolved: Type.Array(Type.String(), {
          description: 'Of Octostache: tokens without a value, which stay as they are',
        }),
      }),
      async handler({ body, viewer }) {
        const context = contextFor(body.language, await findSample(services, viewer, body))
        try {
          const options = { maxOutputBytes, nowMs: services.now(), secrets: () => mask }
          const { output, unresolved } = rendered(body, context, options)
          return { output, outputBytes: Buffer.byteLength(output), errors: [], unresolved }
        } catch (error) {
          return { output: null, outputBytes: 0, errors: [mistakeOf(error)], unresolved: [] }
        }
      },
    }),
  ]
}

function rendered(
  { language, template, variables = {}, extendedFunctions }: Body,
  context: object,
  options: RenderOptions,
): { output: string; unresolved: string[] } {
  if (language === 'octostache') {
    const own = new OwnVariables(new Map(Object.entries(variables)), context)
    const { text, unresolved } = compileOctostache('template', template).evaluate(own, options)
    return { output: text ?? '', unresolved: unresolved.map(({ token }) => token) }
  }
  const functions = extendedFunctions ? 'extended' : 'builtin'
  return {
    output: compileTemplate(language, 'template', template, { functions }).render(context, options),
    unresolved: [],
  }
}

/** As a run of a reaction would see it. */
function contextFor(language: Body['language'], { event, context }: Sample): object {
  const shape = shapes[language]
  if (shape) return event === null ? shape.fromJson(context) : shape.context(event.value, event.body)
  const around = { reaction: { name: 'preview' }, run: { id: 'r_0000000000000000', attempt: 1 } }
  // The context's own come last; of an event they are read when a template asks for them.
  return event === null ? { ...around, ...context } : Object.assign(context, around)
}

function mistakeOf(error: unknown): Mistake {
  if (!(error instanceof TemplateError)) throw error
  const { message, hint, line, column } = error
  return { path: '/template', message: hint === undefined ? message : `${message} (${hint})`, line, column }
}
