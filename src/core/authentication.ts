import { Type, type Static } from 'typebox'

/**
 * How the sender of a request proves who it is. Every scheme listed on an endpoint must pass; several secrets inside
 * one scheme are alternatives, so that a secret can be rotated: add the new one, change the sender, remove the old.
 *
 * Validate with Ajv's `discriminator: true`: the errors then speak of the chosen type alone, and defaults are filled in.
 */

const maxSecrets = 10
const maxSchemes = 8

const strict = { additionalProperties: false }
/** The characters of a field name, RFC 9110 section 5.6.2. */
const headerNamePattern = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"
/** Visible ASCII, spaces only inside: what survives a header unchanged. */
const headerValuePattern = '^[!-~](?:[ -~]*[!-~])?$'
const base64Pattern = '(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)'

const HeaderName = (title: string, description: string) =>
  Type.String({ title, description, minLength: 1, maxLength: 100, pattern: headerNamePattern })

interface SecretOptions {
  title?: string
  description: string
  pattern?: string
}

/** One to ten secrets. `writeOnly` marks them: they come in through the API and never go out. */
function Secrets({ title = 'Secrets', description, pattern }: SecretOptions) {
  const limits = {
    minLength: 1,
    maxLength: 1024,
    writeOnly: true,
    ...(pattern === undefined ? {} : { pattern }),
  }
  return Type.Array(Type.String(limits), {
    title,
    description: `${description} Several are alternatives, for rotation.`,
    minItems: 1,
    maxItems: maxSecrets,
    writeOnly: true,
  })
}

const ToleranceSeconds = Type.Optional(
  Type.Integer({
    title: 'Tolerance in seconds',
    description:
      'How far the time of signing may lie from now, before or after; older requests are taken for replays.',
    minimum: 1,
    maximum: 86_400,
    default: 300,
  }),
)

export const NoneScheme = Type.Object(
  { type: Type.Literal('none') },
  { ...strict, title: 'None', description: 'Whoever knows the URL may send.' },
)

export const BearerScheme = Type.Object(
  {
    type: Type.Literal('bearer'),
    secrets: Secrets({
      title: 'Tokens',
      description: 'Tokens that may be presented.',
      pattern: headerValuePattern,
    }),
  },
  {
    ...strict,
    title: 'Bearer token',
    description:
      'A token in the Authorization header, as `Bearer <token>` or bare as Harbor sends it: `Authorization: <token>`.',
  },
)

export const BasicScheme = Type.Object(
  {
    type: Type.Literal('basic'),
    username: Type.String({
      title: 'User name',
      description: 'Has no colon.',
      maxLength: 255,
      pattern: '^[^:]*$',
    }),
    passwords: Secrets({ title: 'Passwords', description: 'Passwords of that user, in UTF-8.' }),
  },
  {
    ...strict,
    title: 'Basic',
    description: 'User name and password in the Authorization header (RFC 7617).',
  },
)

export const ApiKeyScheme = Type.Object(
  {
    type: Type.Literal('api-key'),
    in: Type.Union([Type.Literal('header'), Type.Literal('query')], {
      title: 'Where',
      description: 'A key in the query string shows up in the logs of whatever stands between.',
    }),
    name: Type.String({
      title: 'Name',
      description:
        'The name of the header (in any case) or of the query parameter (in this case), e.g. X-Api-Key.',
      minLength: 1,
      maxLength: 100,
      pattern: headerNamePattern,
    }),
    keys: Secrets({ title: 'Keys', description: 'Keys that may be presented.', pattern: headerValuePattern }),
  },
  { ...strict, title: 'API key', description: 'A key in a header or in the query string.' },
)

export const timestampFormats = ['unix-seconds', 'unix-milliseconds', 'iso-8601'] as const
export type TimestampFormat = (typeof timestampFormats)[number]

const HmacTimestamp = Type.Object(
  {
    header: HeaderName('Timestamp header', 'Holds the time of signing, e.g. X-Request-Timestamp.'),
    format: Type.Optional(
      Type.Enum([...timestampFormats], {
        title: 'Format',
        default: 'unix-seconds' satisfies TimestampFormat,
      }),
    ),
    toleranceSeconds: ToleranceSeconds,
    signed: Type.Optional(
      Type.String({
        title: 'Signed text',
        description:
          'What the signature covers: {timestamp} and, at the end, {body}; e.g. v0:{timestamp}:{body}.',
        maxLength: 100,
        pattern: '^[^{}]*\\{timestamp\\}[^{}]*\\{body\\}$',
        default: '{timestamp}.{body}',
      }),
    ),
  },
  {
    ...strict,
    title: 'Timestamp',
    description: 'Without one the signature covers the body alone and never expires.',
  },
)

export const HmacScheme = Type.Object(
  {
    type: Type.Literal('hmac'),
    header: HeaderName('Signature header', 'Holds the signature, e.g. X-Signature.'),
    algorithm: Type.Optional(
      Type.Enum(['sha1', 'sha256', 'sha512'], { title: 'Algorithm', default: 'sha256' }),
    ),
    encoding: Type.Optional(Type.Enum(['hex', 'base64'], { title: 'Encoding', default: 'hex' })),
    prefix: Type.Optional(
      Type.String({
        title: 'Prefix',
        description: 'Stands before the signature in its header, e.g. sha256=',
        maxLength: 50,
        pattern: '^(?:[!-~](?:[ -~]*)?)?$',
        default: '',
      }),
    ),
    timestamp: Type.Optional(HmacTimestamp),
    secrets: Secrets({ description: 'Keys of the HMAC, in UTF-8.' }),
  },
  {
    ...strict,
    title: 'HMAC signature',
    description: 'A keyed hash of the body in a header, for senders that have no scheme of their own here.',
  },
)

export const GithubScheme = Type.Object(
  {
    type: Type.Literal('github'),
    secrets: Secrets({ description: 'The secret of the webhook, as entered on GitHub.' }),
    allowSha1: Type.Optional(
      Type.Boolean({
        title: 'Allow SHA-1',
        description: 'Accept X-Hub-Signature when X-Hub-Signature-256 is absent: for old senders only.',
        default: false,
      }),
    ),
  },
  { ...strict, title: 'GitHub', description: 'X-Hub-Signature-256; others send it too.' },
)

export const GitlabScheme = Type.Object(
  {
    type: Type.Literal('gitlab'),
    tokens: Type.Optional(
      Secrets({
        title: 'Secret tokens',
        description: 'What GitLab sends in X-Gitlab-Token.',
        pattern: headerValuePattern,
      }),
    ),
    signingTokens: Type.Optional(
      Secrets({
        title: 'Signing tokens',
        description: 'What newer GitLab signs with: whsec_ and base64.',
        pattern: `^whsec_${base64Pattern}$`,
      }),
    ),
    toleranceSeconds: ToleranceSeconds,
  },
  {
    ...strict,
    anyOf: [
      { required: ['tokens'], properties: { tokens: {} } },
      { required: ['signingTokens'], properties: { signingTokens: {} } },
    ],
    title: 'GitLab',
    description:
      'A secret token, a signing token, or both. With both, a request that is signed is judged by its signature, ' +
      'one that is not by its token; to ask for both, list this scheme twice.',
  },
)

export const SlackScheme = Type.Object(
  {
    type: Type.Literal('slack'),
    secrets: Secrets({
      title: 'Signing secrets',
      description: "The app's signing secret, under Basic Information.",
    }),
    toleranceSeconds: ToleranceSeconds,
  },
  { ...strict, title: 'Slack', description: 'X-Slack-Signature (v0) and X-Slack-Request-Timestamp.' },
)

export const StripeScheme = Type.Object(
  {
    type: Type.Literal('stripe'),
    secrets: Secrets({ title: 'Endpoint secrets', description: 'The signing secret with its whsec_.' }),
    toleranceSeconds: ToleranceSeconds,
  },
  { ...strict, title: 'Stripe', description: 'Stripe-Signature: t=<seconds>,v1=<signature>.' },
)

export const StandardWebhooksScheme = Type.Object(
  {
    type: Type.Literal('standard-webhooks'),
    secrets: Secrets({
      title: 'Secrets and public keys',
      description: 'whsec_ and base64 for HMAC signatures (v1), whpk_ and base64 for ed25519 ones (v1a).',
      pattern: `^(?:whpk_[A-Za-z0-9+/]{43}=|(?:whsec_)?${base64Pattern})$`,
    }),
    toleranceSeconds: ToleranceSeconds,
  },
  {
    ...strict,
    title: 'Standard Webhooks',
    description: 'webhook-id, webhook-timestamp and webhook-signature.',
  },
)

const SignedBy = <const T extends string>(type: T, title: string, description: string, secret: string) =>
  Type.Object(
    { type: Type.Literal(type), secrets: Secrets({ description: secret }) },
    { ...strict, title, description },
  )

export const BitbucketScheme = SignedBy(
  'bitbucket',
  'Bitbucket',
  'X-Hub-Signature with sha256=, of Bitbucket Cloud and Data Center.',
  'The secret of the webhook, as entered on Bitbucket.',
)

export const GiteaScheme = SignedBy(
  'gitea',
  'Gitea',
  'X-Gitea-Signature, else X-Hub-Signature-256; Forgejo and Gogs send it too.',
  'The secret of the webhook, as entered on Gitea.',
)

export const ShopifyScheme = SignedBy(
  'shopify',
  'Shopify',
  'X-Shopify-Hmac-Sha256.',
  "The app's client secret; for webhooks made in the admin, the one shown under Notifications.",
)

export const PagerdutyScheme = SignedBy(
  'pagerduty',
  'PagerDuty',
  'X-PagerDuty-Signature of V3 webhooks: v1=<signature>, one for each secret.',
  'The secret that PagerDuty shows once, when the webhook subscription is made.',
)

export const TwilioScheme = Type.Object(
  {
    type: Type.Literal('twilio'),
    secrets: Secrets({
      title: 'Auth tokens',
      description: "The account's auth token, or the shared key of a webhook rule.",
    }),
    url: Type.Optional(
      Type.String({
        title: 'URL',
        description:
          'What Twilio calls, when that is not the URL shown here, without a query; only https://<host> when the path is the same.',
        maxLength: 500,
        pattern: '^https?://[^/?#\\s]+(?:/[^?#\\s]*)?$',
      }),
    ),
  },
  {
    ...strict,
    title: 'Twilio',
    description: 'X-Twilio-Signature: of the URL and the fields of the form, or of the URL with bodySHA256.',
  },
)

export const AlertmanagerScheme = Type.Object(
  {
    type: Type.Literal('alertmanager'),
    secrets: Secrets({
      title: 'Credentials',
      description: 'What stands under http_config.authorization.credentials.',
      pattern: headerValuePattern,
    }),
  },
  {
    ...strict,
    title: 'Alertmanager',
    description: 'A bearer token, as Alertmanager and Grafana send it; both sign nothing.',
  },
)

export const XScheme = SignedBy(
  'x',
  'X (Twitter)',
  'X-Twitter-Webhooks-Signature; the challenge (crc_token) is answered with the first secret.',
  "The app's consumer secret, which X also calls API key secret.",
)

export const ZoomScheme = Type.Object(
  {
    type: Type.Literal('zoom'),
    secrets: Secrets({
      title: 'Secret tokens',
      description: "The app's secret token, under Features, Access.",
    }),
    toleranceSeconds: ToleranceSeconds,
  },
  {
    ...strict,
    title: 'Zoom',
    description: 'X-Zm-Signature (v0) and X-Zm-Request-Timestamp; endpoint.url_validation is answered.',
  },
)

const variants = [
  NoneScheme,
  BearerScheme,
  BasicScheme,
  ApiKeyScheme,
  HmacScheme,
  GithubScheme,
  GitlabScheme,
  SlackScheme,
  StripeScheme,
  StandardWebhooksScheme,
  BitbucketScheme,
  GiteaScheme,
  ShopifyScheme,
  TwilioScheme,
  PagerdutyScheme,
  AlertmanagerScheme,
  XScheme,
  ZoomScheme,
] as const

export type AuthenticationScheme = Static<(typeof variants)[number]>
export type SchemeType = AuthenticationScheme['type']
/** The scheme of one type, e.g. `SchemeOf<'hmac'>`. */
export type SchemeOf<T extends SchemeType> = Extract<AuthenticationScheme, { type: T }>

export const schemeTypes: readonly SchemeType[] = variants.map(variant => variant.properties.type.const)

export const AuthenticationScheme = Type.Unsafe<AuthenticationScheme>({
  title: 'Authentication scheme',
  type: 'object',
  required: ['type'],
  properties: { type: { type: 'string', enum: schemeTypes } },
  discriminator: { propertyName: 'type' },
  oneOf: variants,
})

export const AuthenticationSchemes = Type.Array(AuthenticationScheme, {
  title: 'Authentication',
  description: 'All of these must pass. An open endpoint says so: [{"type": "none"}].',
  minItems: 1,
  maxItems: maxSchemes,
})

/** Its proof stands in `Authorization`, which at /data holds the send token instead. */
export const readsAuthorization = ({ type }: AuthenticationScheme): boolean =>
  type === 'bearer' || type === 'basic' || type === 'alertmanager'

/** The properties of each scheme that hold secrets: those that its schema marks as `writeOnly`. */
export const secretFields: ReadonlyMap<SchemeType, readonly string[]> = new Map(
  variants.map(({ properties }) => [
    properties.type.const,
    Object.entries(properties).flatMap(([name, schema]) => ('writeOnly' in schema ? [name] : [])),
  ]),
)

/** Copies of the schemes with every secret put through `change`: sealed, opened or masked. */
export function mapSecrets(
  schemes: readonly AuthenticationScheme[],
  change: (secret: string) => string,
): AuthenticationScheme[] {
  return schemes.map(scheme => {
    const fields = secretFields.get(scheme.type) ?? []
    const changed = Object.entries(scheme).map(([name, value]) =>
      fields.includes(name) && Array.isArray(value)
        ? [name, value.map(secret => change(secret))]
        : [name, value],
    )
    return { ...scheme, ...Object.fromEntries(changed) }
  })
}
