import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useSession } from '../../app/session.ts'
import { EndpointDesk } from './endpoint-desk.tsx'
import { GetWebhook } from './get-webhook.tsx'

const route = getRouteApi('/')

/** First the one button; then the endpoint that it made, and what arrives there. */
export function StartPage() {
  const { endpoint, event, tab } = route.useSearch()
  const { signedIn, endpoints } = useSession()
  const navigate = useNavigate()
  const open = (id: string) => navigate({ to: '/', search: { endpoint: id } })
  const shown = endpoint ?? (signedIn ? undefined : endpoints.at(-1))
  return shown ? (
    <EndpointDesk key={shown} endpointId={shown} eventId={event} tab={tab} onOpen={open} />
  ) : (
    <GetWebhook onOpen={open} />
  )
}
