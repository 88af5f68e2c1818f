/**
 * Somebody's `signalbox listen`: it takes an endpoint's events to where it runs, makes the request there, and reports
 * what came of it as the attempt of a run. Its runs wait in a lane of its own, which act leaves alone.
 */

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
