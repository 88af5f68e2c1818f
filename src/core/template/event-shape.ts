import type { Event } from '../event.ts'

/** How an event looks to the templates of a language that came with another product's events. */
export interface EventShape {
  context(event: Event, body: Uint8Array): object
  /** The same of JSON that somebody wrote down. */
  fromJson(json: unknown): object
  /** What is sent when a reaction names no body of its own. */
  json(event: Event, body: Uint8Array): string
}

/** Whose events an endpoint may take for what they are. */
export const eventShapes = ['tsuru'] as const
export type EventShapeName = (typeof eventShapes)[number]

/** What a body that is another product's event says of it. */
export type ShapedEvent = Pick<Event, 'kind' | 'targets' | 'owner' | 'error' | 'team'> & {
  /** Further teams that may see it. */
  sharedWith: string[]
  /** What tells it from others of its product, whenever it is sent again; '' for none. */
  deliveryId: string
  atMs: number | null
}
