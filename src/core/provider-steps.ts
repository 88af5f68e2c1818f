import type { SchemeType } from './authentication.ts'

/** What is done on a provider's own pages, in the words that stand there. */
export interface ProviderSteps {
  title: string
  /** Where webhooks are made. */
  page: string
  /** What the URL is entered as. */
  url: string
  /** Where the secret of the endpoint is entered, or is found. */
  secret: string
  /** What else it wants to be told, or does. */
  also: string
}

const same = 'the same as here'

export const providerSteps = {
  github: {
    title: 'GitHub',
    page: 'Repository or organization → Settings → Webhooks → Add webhook',
    url: 'Payload URL',
    secret: `into Secret, ${same}`,
    also: 'Content type: application/json. Its ping comes in as github.ping.',
  },
  gitlab: {
    title: 'GitLab',
    page: 'Project or group → Settings → Webhooks → Add new webhook',
    url: 'URL',
    secret: `into Secret token, ${same}; newer versions make a signing token (whsec_…): enter it here`,
    also: 'Choose the triggers.',
  },
  bitbucket: {
    title: 'Bitbucket',
    page: 'Repository settings → Webhooks → Add webhook',
    url: 'URL',
    secret: `into Secret, ${same}`,
    also: 'Choose the triggers.',
  },
  gitea: {
    title: 'Gitea, Forgejo',
    page: 'Repository → Settings → Webhooks → Add webhook → Gitea or Forgejo',
    url: 'Target URL',
    secret: `into Secret, ${same}`,
    also: 'HTTP method: POST; content type: application/json.',
  },
  slack: {
    title: 'Slack',
    page: 'api.slack.com/apps → the app → Event Subscriptions → Enable Events',
    url: 'Request URL',
    secret: 'Basic Information → App Credentials → Signing Secret: enter it here',
    also: 'Enter the secret here first: Slack checks the URL (url_verification) and is answered.',
  },
  stripe: {
    title: 'Stripe',
    page: 'Workbench → Webhooks → Create an event destination → Webhook endpoint',
    url: 'Endpoint URL',
    secret: 'on the page of the destination, Signing secret (whsec_…): enter it here',
    also: 'Payload style: snapshot or thin. A test mode has a secret of its own.',
  },
  shopify: {
    title: 'Shopify',
    page: 'Settings → Notifications → Webhooks → Create webhook; for an app, in its configuration',
    url: 'URL',
    secret: 'shown below the list of webhooks; for an app, its client secret: enter it here',
    also: 'Format: JSON.',
  },
  twilio: {
    title: 'Twilio',
    page: 'Phone Numbers → Manage → Active numbers → the number → Configure',
    url: 'A message comes in, or A call comes in: Webhook, HTTP POST',
    secret: 'Account info → Auth Token: enter it here',
    also: 'Twilio signs the URL too: enter exactly the one that is shown here.',
  },
  pagerduty: {
    title: 'PagerDuty',
    page: 'Integrations → Generic Webhooks (v3) → New Webhook',
    url: 'Webhook URL',
    secret: 'shown once, when the webhook is added: enter it here',
    also: 'Choose the scope and the events.',
  },
  alertmanager: {
    title: 'Alertmanager, Grafana',
    page: 'alertmanager.yml → receivers → webhook_configs; Grafana: Alerting → Contact points → Webhook',
    url: 'url; Grafana: URL',
    secret: `into http_config.authorization.credentials (Grafana: Authorization Header, Credentials), ${same}`,
    also: 'Nothing is signed: use https.',
  },
  x: {
    title: 'X (Twitter)',
    page: 'no page: POST /2/webhooks of its API, with the bearer token of the app',
    url: '"url" in the body, https and without a port',
    secret: 'developer portal → the app → Keys and tokens → Consumer Keys → API Key Secret: enter it here',
    also: 'Enter the secret here first: X checks the URL (crc_token) and is answered with the first one.',
  },
  zoom: {
    title: 'Zoom',
    page: 'App Marketplace → Manage → the app → Features → Access → Event Subscriptions',
    url: 'Event notification endpoint URL',
    secret: 'Secret Token, on the same page: enter it here',
    also: 'Enter the secret here first: Zoom checks the URL (endpoint.url_validation) and is answered.',
  },
} satisfies Partial<Record<SchemeType, ProviderSteps>>

export const stepsOf = (type: string): ProviderSteps | undefined =>
  Object.hasOwn(providerSteps, type) ? providerSteps[type as keyof typeof providerSteps] : undefined
