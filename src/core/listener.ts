import Type, { type Static } from 'typebox'

/**
 * Somebody's `signalbox listen`: it takes an endpoint's events to where it runs, makes the request there, and reports
 * what came of it as the attempt of a run. Its runs wait in a lane of its own, which act leaves alone.
 */

export const ListenerSettings = Type.Object(
  {
    where: Type.String({
      maxLength: 4000,
      default: '',
      description: 'A CEL expression; empty takes every event',
    }),
    kindNames: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
      maxItems: 50,
      default: [],
      description: 'Any of these dotted names, or whatever lies below one',
    }),
    retry: Type.Enum(['none', 'down', 'all'], {
      default: 'down',
      description:
        'What is tried again: nothing; requests that got no answer; those and the answers 408, 425, 429 and 5xx',
    }),
    timeoutMs: Type.Integer({
      minimum: 100,
      maximum: 600_000,
      default: 30_000,
      description: 'For one attempt',
    }),
  },
  { additionalProperties: false },
)
export type ListenerSettings = Static<typeof ListenerSettings>

/** A local server is restarted within seconds, or after lunch: some 30 minutes of tries. */
export const listenerDelaysMs: readonly number[] = [
  1_000,
  2_000,
  5_000,
  10_000,
  20_000,
  30_000,
  ...Array.from({ length: 28 }, () => 60_000),
]

/** What a listener has not brought to an end by then is timed out. */
export const listenerDeadlineMs = 3 * 86_400_000

/** How the lanes of all listeners begin. */
export const listenerLanes = 'listener:'

/** The lane says where to besides, so that a run of it is named without another look. */
export const listenerLane = (id: string, target: string): string => `${listenerLanes}${id} ${target}`
export const isListenerLane = (lane: string): boolean => lane.startsWith(listenerLanes)
/** How a run of a listener is called; null for a run of a reaction. */
export const listenerName = (lane: string): string | null =>
  isListenerLane(lane) ? `listen ${lane.slice(lane.indexOf(' ') + 1)}` : null
