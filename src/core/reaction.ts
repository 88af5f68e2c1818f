import Type, { type Static } from 'typebox'
import { kindTypes } from './event.ts'
import { isPublicHeader, isSecretHeader } from './mask.ts'
import { defaultRetryDelaysMs } from './retry.ts'
import { type CompileOptions, isTemplate, templateLanguages } from './template/language.ts'

/** A reaction is a trigger, a filter and an action. These schemas validate, document and type it everywhere. */

const strict = { additionalProperties: false }
const list = (description: string) =>
  Type.Array(Type.String({ maxLength: 200 }), { maxItems: 200, default: [], description })

export const Name = Type.String({
  minLength: 1,
  maxLength: 60,
  pattern: '^[a-z0-9][a-z0-9._-]*$',
  description: 'Lower-case letters, digits, dots, dashes and underscores',
})

export const Trigger = Type.Union([
  Type.Object(
    {
      type: Type.Literal('endpoint'),
      endpoint: Type.String({
        maxLength: 80,
        description: 'Id or name of the endpoint whose requests start it',
      }),
    },
    { ...strict, title: 'A request on an endpoint' },
  ),
  Type.Object({ type: Type.Literal('events') }, { ...strict, title: 'Events, chosen by the filter' }),
])

export const Filter = Type.Object(
  {
    kindTypes: Type.Array(Type.Enum([...kindTypes]), {
      maxItems: 10,
      default: [],
      description: 'Any of these kind types',
    }),
    kindNames: list(
      'Any of these dotted names, or whatever lies below one: `app.update` also takes `app.update.env`',
    ),
    targetTypes: list('Any target of one of these types'),
    targetValues: list('Any target with one of these values'),
    targets: Type.Record(
      Type.String({ maxLength: 200 }),
      Type.Array(Type.String({ maxLength: 200 }), { maxItems: 200 }),
      {
        default: {},
        description: 'Type and value together: any value within a type, every type listed',
      },
    ),
    outcome: Type.Enum(['any', 'success', 'error'], {
      default: 'any',
      description: 'Events without, or with, an error',
    }),
    where: Type.String({
      maxLength: 4000,
      default: '',
      description: 'A CEL expression; empty takes every event',
    }),
  },
  { ...strict, default: {} },
)

export const HttpAction = Type.Object(
  {
    type: Type.Literal('http'),
    language: Type.Enum([...templateLanguages], {
      default: 'go',
      description:
        'Language of the templates in url, headers and body, and the shape of the event in them and as JSON',
    }),
    extendedFunctions: Type.Optional(
      Type.Boolean({
        description:
          'Of Go templates: false leaves Go’s own functions alone, and toJson, default and their kin are unknown',
      }),
    ),
    method: Type.String({ pattern: '^[A-Za-z]{0,20}$', default: 'POST', description: 'Empty is POST' }),
    url: Type.String({ minLength: 1, maxLength: 4000, description: 'Template of the URL' }),
    headers: Type.Array(
      Type.Object(
        { name: Type.String({ minLength: 1, maxLength: 200 }), value: Type.String({ maxLength: 8000 }) },
        strict,
      ),
      { maxItems: 50, default: [], description: 'Each value is a template' },
    ),
    exactHeaders: Type.Optional(
      Type.Boolean({
        description:
          'URL and headers are no templates and leave exactly as they stand; each value is a secret; a body gets no Content-Type that is not among them, but for the event as JSON, which always has its own',
      }),
    ),
    userAgent: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        pattern: '^[!-~]+( [!-~]+)*$',
        description: 'Sent unless `headers` has a User-Agent of exactly this spelling',
      }),
    ),
    bodyFrom: Type.Enum(['event', 'original', 'template'], {
      default: 'event',
      description: 'The event as JSON, the bytes as they were received, or a template',
    }),
    body: Type.String({
      maxLength: 256 * 1024,
      default: '',
      description: 'Template of the body, when bodyFrom says so',
    }),
    sendUnreadable: Type.Optional(
      Type.Boolean({ description: 'A body that is no template of the language is sent as it stands' }),
    ),
    timeoutMs: Type.Integer({
      minimum: 100,
      maximum: 600_000,
      default: 30_000,
      description: 'For one attempt',
    }),
    successStatuses: Type.Array(Type.String({ pattern: '^[1-5]\\d\\d(-[1-5]\\d\\d)?$' }), {
      minItems: 1,
      maxItems: 20,
      default: ['200-299'],
    }),
    followRedirects: Type.Integer({
      minimum: 0,
      maximum: 10,
      default: 0,
      description: 'How many are followed',
    }),
    insecure: Type.Boolean({ default: false, description: 'Accept any TLS certificate' }),
    proxyUrl: Type.Union([Type.String({ maxLength: 2000 }), Type.Null()], {
      default: null,
      description: 'Template of its URL: http, https or socks5',
    }),
    signingSecrets: Type.Array(Type.String({ minLength: 1, maxLength: 500 }), {
      maxItems: 5,
      default: [],
      description:
        'Sign by Standard Webhooks with these secrets (whsec_…, or a template that names one); the first is the current one',
    }),
  },
  { ...strict, title: 'An HTTP request' },
)

export const Retry = Type.Object(
  {
    delaysMs: Type.Array(Type.Integer({ minimum: 0, maximum: 7 * 86_400_000 }), {
      maxItems: 50,
      default: [...defaultRetryDelaysMs],
      description: 'One entry a retry, each spread by ± 20 %; empty: a single attempt',
    }),
    permanentStatuses: Type.Array(Type.Integer({ minimum: 100, maximum: 599 }), {
      maxItems: 50,
      default: [],
    }),
    retryStatuses: Type.Array(Type.Integer({ minimum: 100, maximum: 599 }), { maxItems: 50, default: [] }),
  },
  { ...strict, default: {} },
)

export const ReactionDefinition = Type.Object(
  {
    name: Name,
    description: Type.String({ maxLength: 2000, default: '' }),
    trigger: Trigger,
    filter: Filter,
    action: HttpAction,
    retry: Retry,
    concurrency: Type.Union([Type.Integer({ minimum: 1, maximum: 1000 }), Type.Null()], {
      default: null,
      description: 'How many of its runs at once; null leaves it to the limit of the target host',
    }),
    deadlineMs: Type.Integer({
      minimum: 1000,
      maximum: 30 * 86_400_000,
      default: 3 * 86_400_000,
      description: 'A run that has not ended by then is timed out',
    }),
    onLost: Type.Enum(['retry', 'fail'], {
      default: 'retry',
      description: 'What happens to an attempt that was under way when the process died',
    }),
    failingAfter: Type.Integer({
      minimum: 0,
      maximum: 100,
      default: 3,
      description: 'An alarm when so many of its runs in a row failed for good; 0: none',
    }),
    anyTeam: Type.Optional(
      Type.Boolean({ description: 'Of a team’s reaction: it also takes events that the team may not see' }),
    ),
    tellWhen: Type.Array(Type.Enum(['created', 'succeeded']), {
      maxItems: 2,
      default: [],
      description: 'Own events besides run.failed and run.timed-out, which always come',
    }),
  },
  { ...strict, title: 'Reaction' },
)
export type ReactionDefinition = Static<typeof ReactionDefinition>
export type Filter = Static<typeof Filter>
export type Trigger = Static<typeof Trigger>
export type HttpAction = Static<typeof HttpAction>

/** How the templates of an action are compiled. */
export const compileOptionsOf = ({ extendedFunctions }: HttpAction): CompileOptions => ({
  functions: extendedFunctions === false ? 'builtin' : 'extended',
})

export const reactionStates = ['active', 'paused', 'disabled', 'deleted'] as const
/** Paused: runs are made and held. Disabled: not matched, and the verdict says so. */
export type ReactionState = (typeof reactionStates)[number]

/** One version of a reaction, as runs pin it. */
export interface Reaction {
  id: string
  version: number
  state: ReactionState
  /** Why, when Signalbox itself disabled it. */
  stateReason: string
  team: string | null
  actor: string
  definition: ReactionDefinition
  /** The configuration's version that this one came with. */
  configVersion: number
  /** It never sees events that were stored before this position, unless they are replayed. */
  sincePosition: number
  createdAtMs: number
  updatedAtMs: number
}

/** Applies `change` to each secret in the definition; for sealing, opening and masking them. */
export function mapReactionSecrets(
  definition: ReactionDefinition,
  change: (secret: string) => string,
): ReactionDefinition {
  const { action } = definition
  const isSecret = secretHeaderOf(action)
  const isOwn = (text: string): boolean => !isTemplate(action.language, text)
  if (!action.signingSecrets.some(isOwn) && !action.headers.some(isSecret)) return definition
  const headers = action.headers.map(header =>
    isSecret(header) ? { ...header, value: change(header.value) } : header,
  )
  return {
    ...definition,
    action: {
      ...action,
      headers,
      signingSecrets: action.signingSecrets.map(secret => (isOwn(secret) ? change(secret) : secret)),
    },
  }
}

/** A credential written into the reaction itself. What a template takes from elsewhere is no secret of the reaction. */
export const secretHeaderOf = ({
  exactHeaders,
  language,
}: HttpAction): ((header: { name: string; value: string }) => boolean) =>
  exactHeaders === true
    ? ({ name }) => !isPublicHeader(name)
    : ({ name, value }) => isSecretHeader(name) && !isTemplate(language, value)
