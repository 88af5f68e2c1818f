/** An event is something that happened. It never changes. */
export interface Event {
  id: string
  /** Its place in the order of commits; 0 until it is stored. */
  position: number
  receivedAtMs: number
  kind: Kind
  /** The first one is the primary target. */
  targets: Target[]
  owner: Owner
  /** What went wrong, when the event tells of a failure; null when it tells of a success. */
  error: string | null
  /** The team that owns it; null is the whole organization. */
  team: string | null
  /** Further teams that may see it. */
  sharedWith?: readonly string[]
  actor: string
  endpointId: string | null
  cause: Cause | null
  /** How many runs stand between this event and the outside. */
  hops: number
  /** How it arrived, when it arrived as a request. */
  request: RequestDetails | null
  contentType: string | null
  bodyBytes: number
}

export const kindTypes = ['external', 'platform', 'permission', 'internal', 'signalbox'] as const
export type KindType = (typeof kindTypes)[number]

export interface Kind {
  type: KindType
  name: string
}

export interface Target {
  type: string
  value: string
}

export interface Owner {
  type: string
  name: string
}

/** What made this event happen: a run, and the event that the run was for. */
export interface Cause {
  runId: string
  eventId: string
}

export interface RequestDetails {
  method: string
  path: string
  /** Without the question mark. */
  query: string
  /** Lower-case names; a repeated header keeps each of its values. */
  headers: Record<string, string | string[]>
  /** The named parts of the endpoint's path. */
  params: Record<string, string>
  sender: string
  /** How the sender proved who it is, as the endpoint's owner reads it. */
  verified: string
  deliveryId: string | null
  /** It came compressed, in so many bytes; the body that is kept is what they inflate to. */
  inflated?: { encoding: string; bytes: number }
}

/** `app.update.env` answers to `app.update.env`, `app.update` and `app`. */
export function kindPrefixes(name: string): string[] {
  const prefixes = [name]
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    prefixes.push(name.slice(0, dot))
  }
  return prefixes
}
