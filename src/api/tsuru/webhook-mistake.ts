import { goUrlError } from './go-url.ts'
import type { Webhook } from './webhook.ts'

/** What tsuru refuses; it takes far more than can be sent, and so does this: the run then says why it was not. */
export const nameMistake = (name: string): string | null =>
  name === ''
    ? 'webhook name must not be empty'
    : /^[a-z][a-z0-9-]{0,39}$/.test(name)
      ? null
      : 'Invalid webhook name, webhook name should have at most 40 characters, containing only lower case letters, numbers or dashes, starting with a letter.'

export function urlMistake({ url, proxy_url }: Webhook): string | null {
  if (url === '') return 'webhook url must not be empty'
  const wrong = goUrlError(url)
  if (wrong !== null) return `webhook url is not valid: ${wrong}`
  const wrongProxy = proxy_url === '' ? null : goUrlError(proxy_url)
  return wrongProxy === null ? null : `webhook proxy url is not valid: ${wrongProxy}`
}
