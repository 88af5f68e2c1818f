import { goJson } from '../../core/template/tsuru/go-json.ts'

/** A webhook as tsuru has it; fields named and ordered as it writes them. */
export interface Webhook {
  name: string
  description: string
  team_owner: string
  event_filter: WebhookFilter
  url: string
  proxy_url: string
  headers: Record<string, string[]>
  method: string
  body: string
  insecure: boolean
}

export interface WebhookFilter {
  target_types: string[]
  target_values: string[]
  kind_types: string[]
  kind_names: string[]
  error_only: boolean
  success_only: boolean
}

export const emptyWebhook = (): Webhook => ({
  name: '',
  description: '',
  team_owner: '',
  event_filter: {
    target_types: [],
    target_values: [],
    kind_types: [],
    kind_names: [],
    error_only: false,
    success_only: false,
  },
  url: '',
  proxy_url: '',
  headers: {},
  method: '',
  body: '',
  insecure: false,
})

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : a > b ? 1 : 0)

/** As Go writes it, which sorts the keys of a map. A key that looks like a number must not come first. */
export function webhookJson(webhook: Webhook): string {
  const headers = Object.entries(webhook.headers)
    .toSorted(byName)
    .map(([name, values]) => `${goJson(name)}:${goJson(values)}`)
  const fields = Object.entries(webhook).map(
    ([field, value]) => `"${field}":${field === 'headers' ? `{${headers.join(',')}}` : goJson(value)}`,
  )
  return `{${fields.join(',')}}`
}
