import type { ListenerSettings } from '../core/listener-settings.ts'
import { path } from './client.ts'
import type { Context } from './context.ts'
import { exitCodes, Failure, isTemporary } from './failure.ts'
import type { ListenState } from './listen-state.ts'
import type { Endpoint, Event } from './shapes.ts'
import { formatDuration } from './times.ts'

/** What a listener asks of the server. Each question is asked again until it is answered or refused for good. */
export interface ListenSession {
  listenerId: string
  queue(events: readonly string[], occasion: string): Promise<void>
  /** `underWay`: the runs that are being forwarded. */
  claim(limit: number, underWay: () => string[]): Promise<Claims>
  bodyOf(event: Event): Promise<Buffer>
  report(attempt: object): Promise<Verdict>
}

export interface Claim {
  runId: string
  claimNo: number
  attempt: number
  event: Event
}

interface Claims {
  endpointState: Endpoint['state']
  items: Claim[]
}

export interface Verdict {
  recorded: boolean
  state: string
  label: string
  dueAt: string | null
}

/** The last one repeats; each is spread, so that many listeners do not come back at once. */
const waitsMs = [500, 1000, 2000, 4000, 8000, 15_000]
export const spreadWaitMs = (failuresInARow: number): number =>
  (waitsMs[failuresInARow] ?? 15_000) * (0.8 + 0.4 * Math.random())

interface Opened {
  id: string
  session: string
}

export async function openSession(
  context: Context,
  endpoint: Endpoint,
  target: string,
  settings: ListenerSettings,
  state: ListenState | null,
  ended: AbortSignal,
): Promise<ListenSession> {
  const { api, output, terminal } = context

  const post = async <T>(path: string, body: object): Promise<T> => {
    const headers = new Headers({ 'content-type': 'application/json' })
    const response = await api.exchange('POST', path, { headers, body: JSON.stringify(body) })
    return (await response.json()) as T
  }
  const reopened = state && (await reopen(post, state.listenerId, settings))
  const { id, session } =
    reopened ?? (await post<Opened>('/api/listeners', { endpoint: endpoint.id, target, settings }))

  let lostAt: number | null = null
  /** Several questions may wait at once: the first one tells of it, and the first that is answered again. */
  const steadily = async <T>(ask: (isAgain: boolean) => Promise<T>): Promise<T> => {
    for (let failures = 0; ; failures++) {
      try {
        const answer = await ask(failures > 0)
        if (lostAt !== null) {
          output.warn(
            `Connected again after ${formatDuration(terminal.nowMs() - lostAt)}; nothing was missed.`,
          )
          lostAt = null
        }
        return answer
      } catch (error) {
        if (!isTemporary(error) || ended.aborted) throw explained(error)
        const waitMs = spreadWaitMs(failures)
        if (lostAt === null) {
          lostAt = terminal.nowMs()
          output.warn(`Lost the server: ${(error as Failure).message}. Trying again until it is back.`)
        }
        await terminal.wait(waitMs, ended)
      }
    }
  }

  return {
    listenerId: id,
    queue: async (events, occasion) => {
      await steadily(() => post(path`/api/listeners/${id}/runs`, { session, events, occasion }))
    },
    claim: (limit, underWay) =>
      steadily(isAgain =>
        post<Claims>(path`/api/listeners/${id}/claims`, {
          session,
          limit,
          // What an answer gave that was lost would else wait until its time is over.
          ...(isAgain ? { underWay: underWay() } : {}),
        }),
      ),
    bodyOf: async event => {
      // Text is told with the event, and only what is UTF-8 is text: its bytes are the same.
      if (event.body.text !== null) return Buffer.from(event.body.text)
      return steadily(async () =>
        Buffer.from(await (await api.exchange('GET', path`/api/events/${event.id}/body`)).arrayBuffer()),
      )
    },
    report: attempt =>
      steadily(async isAgain => {
        const verdict = await post<Verdict>(path`/api/listeners/${id}/attempts`, { session, ...attempt })
        // Its answer was lost: it was recorded the first time.
        return isAgain ? { ...verdict, recorded: true } : verdict
      }),
  }
}

/** Null when the server knows this listener no more: it was not started for long. */
async function reopen(
  post: <T>(path: string, body: object) => Promise<T>,
  id: string,
  settings: ListenerSettings,
): Promise<Opened | null> {
  try {
    return await post<Opened>(path`/api/listeners/${id}/session`, { settings })
  } catch (error) {
    if (error instanceof Failure && error.details.exitCode === exitCodes.notFound) return null
    throw error
  }
}

function explained(error: unknown): unknown {
  if (!(error instanceof Failure)) return error
  const { problem } = error.details
  if (problem?.code === 'state-conflict')
    return new Failure('Another `signalbox listen` forwards the same endpoint to the same target', {
      ...error.details,
      todo: 'It was started later, and goes on where this one stopped. End it first to listen here.',
    })
  return error
}
