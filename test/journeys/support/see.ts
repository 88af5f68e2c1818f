// What a user looks at until it shows what is waited for.
import { until } from '../../kill/support/until.ts'
import { send } from './ask.ts'
import type { Endpoint, Event, List, Run, RunSummary, Verdicts } from './shapes.ts'
import type { Signalbox } from './signalbox.ts'

type Box = Pick<Signalbox, 'api'>

/** Sends to an endpoint's URL; answers the id of the event that it became. */
export async function deliver(
  endpoint: Pick<Endpoint, 'url'>,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<string> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = await send(endpoint.url, text, headers)
  if (answer.status !== 202) throw new Error(`The sender was answered ${answer.status} ${answer.text}`)
  return (answer.json() as { id: string }).id
}

/** The verdicts of an event that has been put before the reactions. */
export const verdictsOn = (box: Box, eventId: string): Promise<Verdicts> =>
  until(
    () => `the event ${eventId} has been reacted to`,
    async () => {
      const verdicts = await box.api<Verdicts>('GET', `/api/events/${eventId}/verdicts`)
      return verdicts.state === 'reacted' ? verdicts : null
    },
  )

export const runsOf = async (box: Box, query: string): Promise<RunSummary[]> =>
  (await box.api<List<RunSummary>>('GET', `/api/runs?${query}`)).items

/** A run of which this holds; the message of the failure tells how it stood last. */
export async function runWhich(
  box: Box,
  runId: string,
  holds: (run: Run) => boolean,
  deadlineMs = 15_000,
): Promise<Run> {
  let last: Run | null = null
  return until(
    () => `the run is as expected; it stands ${JSON.stringify(last)}`,
    async () => {
      last = await box.api<Run>('GET', `/api/runs/${runId}`)
      return holds(last) ? last : null
    },
    { deadlineMs, everyMs: 25 },
  )
}

export const runInState = (box: Box, runId: string, state: string, deadlineMs?: number): Promise<Run> =>
  runWhich(box, runId, run => run.state === state, deadlineMs)

/** The one run that an event set off. */
export async function onlyRunFor(box: Box, eventId: string): Promise<RunSummary> {
  await verdictsOn(box, eventId)
  const { runs } = await box.api<Event>('GET', `/api/events/${eventId}`)
  const [run] = runs
  if (run === undefined || runs.length !== 1)
    throw new Error(`The event ${eventId} set off ${runs.length} runs, not one: ${JSON.stringify(runs)}`)
  return run
}

/** The header of a request as it was recorded. */
export const headerOf = (
  request: { headers: readonly (readonly [string, string])[] } | null,
  name: string,
): string | undefined => request?.headers.find(([other]) => other.toLowerCase() === name)?.[1]
