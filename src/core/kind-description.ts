import type { KindType } from './event.ts'

/** One value of an event's data: where it stands, and what somebody finds there. */
export interface Field {
  /** Dotted: `run.id` is `{{.body.run.id}}` in a template and `body.run.id` in a `where`. */
  path: string
  type: 'text' | 'number' | 'time'
  example: string | number
  meaning: string
}

/** One kind of event, as docs/events.md and GET /api/kinds show it. */
export interface KindDescription {
  type: KindType
  /** Dotted. */
  name: string
  meaning: string
  /** Types of its targets, the primary one first. */
  targets: readonly string[]
  /** What its data holds; empty for whatever the sender sent. */
  data: readonly Field[]
  /** When it tells of a failure, and what its error then says. */
  error: string
}

const field =
  <T extends Field['type']>(type: T) =>
  (path: string, example: T extends 'number' ? number : string, meaning: string): Field => ({
    path,
    type,
    example,
    meaning,
  })
export const text = field('text')
export const number = field('number')
export const time = field('time')
