import type { EventContext } from './context.ts'
import type { Event } from './event.ts'

/** What is sent when a reaction names no body of its own: the event, with what it carried as `data`. */
export function eventJson(event: Event, context: EventContext): string {
  const { request } = event
  return JSON.stringify({
    id: event.id,
    time: new Date(event.receivedAtMs).toISOString(),
    kind: event.kind,
    targets: event.targets,
    owner: event.owner,
    error: event.error,
    endpoint: context.endpoint,
    request: request && {
      method: request.method,
      path: request.path,
      query: request.query,
      headers: request.headers,
    },
    data: context.data,
  })
}
