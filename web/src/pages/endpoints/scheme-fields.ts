import type { AuthenticationScheme } from '../../api/types.ts'

/** What the form asks for each authentication scheme. A dot in a name reaches into a part of its own. */

export type SchemeType = AuthenticationScheme['type']

export interface SchemeField {
  name: string
  label: string
  as: 'secrets' | 'text' | 'number' | 'switch' | readonly string[]
  hint?: string
  placeholder?: string
}

const secrets = (name: string, label: string): SchemeField => ({
  name,
  label,
  as: 'secrets',
  hint: 'One a line; several are alternatives, for rotation. ••• keeps the stored one.',
})

const tolerance: SchemeField = {
  name: 'toleranceSeconds',
  label: 'Tolerance in seconds',
  as: 'number',
  placeholder: '300',
}

export interface SchemeForm {
  title: string
  fields: SchemeField[]
  /** It says on its own pages where the URL and the secret go: core/provider-steps.ts. */
  isProvider?: true
}

export const schemeForms: Record<SchemeType, SchemeForm> = {
  none: { title: 'None: whoever knows the URL may send', fields: [] },
  bearer: { title: 'Bearer token', fields: [secrets('secrets', 'Tokens')] },
  basic: {
    title: 'Basic (user name and password)',
    fields: [{ name: 'username', label: 'User name', as: 'text' }, secrets('passwords', 'Passwords')],
  },
  'api-key': {
    title: 'API key',
    fields: [
      { name: 'in', label: 'Where', as: ['header', 'query'] },
      { name: 'name', label: 'Name', as: 'text', placeholder: 'X-Api-Key' },
      secrets('keys', 'Keys'),
    ],
  },
  github: {
    title: 'GitHub',
    isProvider: true,
    fields: [
      secrets('secrets', 'Secrets'),
      { name: 'allowSha1', label: 'Allow SHA-1 (old senders only)', as: 'switch' },
    ],
  },
  gitlab: {
    title: 'GitLab',
    isProvider: true,
    fields: [secrets('tokens', 'Secret tokens'), secrets('signingTokens', 'Signing tokens'), tolerance],
  },
  slack: {
    title: 'Slack',
    isProvider: true,
    fields: [secrets('secrets', 'Signing secrets'), tolerance],
  },
  stripe: {
    title: 'Stripe',
    isProvider: true,
    fields: [secrets('secrets', 'Endpoint secrets'), tolerance],
  },
  bitbucket: {
    title: 'Bitbucket',
    isProvider: true,
    fields: [secrets('secrets', 'Secrets')],
  },
  gitea: {
    title: 'Gitea, Forgejo',
    isProvider: true,
    fields: [secrets('secrets', 'Secrets')],
  },
  shopify: {
    title: 'Shopify',
    isProvider: true,
    fields: [secrets('secrets', 'Client secrets')],
  },
  twilio: {
    title: 'Twilio',
    isProvider: true,
    fields: [
      secrets('secrets', 'Auth tokens'),
      {
        name: 'url',
        label: 'URL that is entered at Twilio',
        as: 'text',
        placeholder: 'https://hooks.example.com',
        hint: 'Empty: the URL shown here. Only the host when the path is the same.',
      },
    ],
  },
  pagerduty: {
    title: 'PagerDuty',
    isProvider: true,
    fields: [secrets('secrets', 'Secrets')],
  },
  alertmanager: {
    title: 'Alertmanager, Grafana',
    isProvider: true,
    fields: [secrets('secrets', 'Credentials')],
  },
  x: {
    title: 'X (Twitter)',
    isProvider: true,
    fields: [secrets('secrets', 'Consumer secrets')],
  },
  zoom: {
    title: 'Zoom',
    isProvider: true,
    fields: [secrets('secrets', 'Secret tokens'), tolerance],
  },
  'standard-webhooks': {
    title: 'Standard Webhooks',
    fields: [secrets('secrets', 'Secrets and public keys'), tolerance],
  },
  hmac: {
    title: 'HMAC signature',
    fields: [
      { name: 'header', label: 'Signature header', as: 'text', placeholder: 'X-Signature' },
      { name: 'algorithm', label: 'Algorithm', as: ['sha256', 'sha512', 'sha1'] },
      { name: 'encoding', label: 'Encoding', as: ['hex', 'base64'] },
      { name: 'prefix', label: 'Prefix', as: 'text', placeholder: 'sha256=' },
      {
        name: 'timestamp.header',
        label: 'Timestamp header',
        as: 'text',
        hint: 'Empty: the signature covers the body alone.',
      },
      {
        name: 'timestamp.format',
        label: 'Timestamp format',
        as: ['unix-seconds', 'unix-milliseconds', 'iso-8601'],
      },
      { name: 'timestamp.signed', label: 'Signed text', as: 'text', placeholder: '{timestamp}.{body}' },
      secrets('secrets', 'Secrets'),
    ],
  },
}

export const schemeTypes = Object.keys(schemeForms) as SchemeType[]

const isProvider = (type: SchemeType): boolean => schemeForms[type].isProvider === true

/** As they are picked from: who sends, or, where that is nobody of these, how they prove it. */
export const schemeGroups: { title: string; types: SchemeType[] }[] = [
  { title: 'Providers', types: schemeTypes.filter(isProvider) },
  { title: 'Any sender', types: schemeTypes.filter(type => !isProvider(type)) },
]

export const schemeTitle = (type: SchemeType): string => schemeForms[type].title

/** What is typed, by the names of the fields; secrets one a line. */
export interface SchemeDraft {
  type: SchemeType
  values: Record<string, string>
}

export function draftOf(scheme: AuthenticationScheme): SchemeDraft {
  const values = schemeForms[scheme.type].fields.map(({ name, as }) => {
    const value = name.split('.').reduce<unknown>(reach, scheme)
    const text = Array.isArray(value) ? value.join('\n') : scalarText(value)
    return [name, typeof as === 'object' && text === '' ? as[0] : text]
  })
  return { type: scheme.type, values: Object.fromEntries(values) }
}

const scalarText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''

const reach = (from: unknown, name: string): unknown =>
  typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined

/** The scheme as the API takes it: what was left empty is left out. The API says what is missing. */
export function schemeOf({ type, values }: SchemeDraft): AuthenticationScheme {
  const scheme: Record<string, unknown> = { type }
  for (const { name, as } of schemeForms[type].fields) {
    const value = valueOf(values[name] ?? '', as)
    if (value === undefined) continue
    const [outer = name, inner] = name.split('.')
    if (inner === undefined) scheme[outer] = value
    else if (values[`${outer}.header`]) scheme[outer] = { ...(scheme[outer] as object), [inner]: value }
  }
  return scheme as unknown as AuthenticationScheme
}

function valueOf(text: string, as: SchemeField['as']): unknown {
  if (as === 'switch') return text === 'true' ? true : undefined
  if (text.trim() === '') return undefined
  if (as === 'secrets')
    return text
      .split('\n')
      .map(line => line.trim())
      .filter(Boolean)
  return as === 'number' ? Number(text) : text
}
