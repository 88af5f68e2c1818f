import type { Context } from './context.ts'
import { createIntake, type IntakeOptions, takeIn } from './listen-intake.ts'
import type { Claim, ListenSession, Verdict } from './listen-session.ts'
import { type Incoming, type Outgoing, forward, type ForwardOptions, outgoingOf } from './listen-target.ts'
import { plural } from './text.ts'

export interface LoopOptions extends ForwardOptions, Omit<IntakeOptions, 'wake'> {
  target: URL
  /** How many requests are under way at once. */
  concurrency: number
  tell(tried: Tried): void
}

export interface Tried {
  claim: Claim
  outgoing: Outgoing
  body: Buffer
  incoming: Incoming
  durationMs: number
  verdict: Verdict
}

const pollMs = 1_000
/** As much of it is recorded. */
const longestUrl = 16_000
const downWaitsMs = [1_000, 2_000, 3_000, 5_000]

/**
 *   feed → pending → queued on the server as runs → claimed → forwarded → reported
 *
 * What is queued is durable, and the cursor is kept only then; a run is claimed until it is reported. So whatever dies,
 * and whenever: each event is forwarded, and after a recorded answer never again.
 */
export async function forwardEvents(
  context: Context,
  session: ListenSession,
  options: LoopOptions,
  ending: AbortController,
): Promise<void> {
  const ended = ending.signal
  let failure: unknown = null
  const guard = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => {
      failure ??= error
      ending.abort()
    })
  const worker = createWorker(context, session, options, guard, ended)
  const intakeOptions = { ...options, wake: worker.wake }
  const intake = createIntake(session, intakeOptions, guard, ended)
  await Promise.all([guard(takeIn(context, intake, intakeOptions, guard, ended)), guard(worker.work())])
  const left = worker.underWay.size
  if (failure === null && left > 0)
    context.output.note(`Finishing ${plural(left, 'request')} under way. Ctrl-C once more ends at once.`)
  await Promise.all(worker.underWay.values())
  await intake.settled()
  if (failure !== null) throw failure
}

/** Claims the runs that are due, forwards each, and reports what came of it. */
function createWorker(
  { terminal, output }: Context,
  session: ListenSession,
  options: LoopOptions,
  guard: (work: Promise<void>) => Promise<void>,
  ended: AbortSignal,
) {
  const underWay = new Map<string, Promise<void>>()
  let downInARow = 0
  let endpointState = 'active'
  let woken = new AbortController()
  const wake = () => woken.abort()
  ended.addEventListener('abort', wake)

  async function rest(): Promise<void> {
    await terminal.wait(pollMs, woken.signal)
    woken = new AbortController()
  }

  async function attempt(claim: Claim): Promise<void> {
    const body = await session.bodyOf(claim.event)
    const outgoing = outgoingOf(claim.event, options.target, claim.runId)
    const startedAtMs = terminal.nowMs()
    const incoming = await forward(outgoing, body, options)
    const durationMs = Math.max(0, terminal.nowMs() - startedAtMs)
    const { runId, claimNo } = claim
    const { method, url, headers } = outgoing
    const verdict = await session.report({
      runId,
      claimNo,
      durationMs,
      request: { method, url: url.slice(0, longestUrl), headers },
      ...('status' in incoming ? { response: incoming } : { error: incoming }),
    })
    options.tell({ claim, outgoing, body, incoming, durationMs, verdict })
    noteHealth('status' in incoming)
  }

  function noteHealth(isUp: boolean): void {
    if (isUp && downInARow > 0) output.warn(`${options.target.host} answers again.`)
    downInARow = isUp ? 0 : downInARow + 1
  }

  function noteState(state: string): void {
    if (state === endpointState) return
    endpointState = state
    output.warn(
      state === 'active'
        ? 'The endpoint takes requests again.'
        : `The endpoint is ${state}: it takes no requests.`,
    )
  }

  function start(claim: Claim): void {
    const done = guard(attempt(claim)).finally(() => {
      underWay.delete(claim.runId)
      wake()
    })
    underWay.set(claim.runId, done)
  }

  return {
    underWay,
    wake,
    /** A target that is down is asked by one event at a time: the others wait on the server, where nothing is lost. */
    async work(): Promise<void> {
      while (!ended.aborted) {
        const isDown = downInARow > 0
        const room = (isDown ? 1 : options.concurrency) - underWay.size
        if (room <= 0) {
          await Promise.race(underWay.values())
          continue
        }
        if (isDown) await terminal.wait(downWaitsMs[downInARow - 1] ?? downWaitsMs.at(-1)!, ended)
        if (ended.aborted) return
        const { endpointState: state, items } = await session.claim(room, () => [...underWay.keys()])
        noteState(state)
        for (const claim of items) start(claim)
        if (items.length < room && !isDown) await rest()
      }
    },
  }
}
