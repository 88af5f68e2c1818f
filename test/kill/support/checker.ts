// Holds what the sender and the target wrote down against what the API tells. It knows no other source.
import type { Rule } from './rules.ts'
import type { SenderJournal } from './sender.ts'
import { all, type Signalbox } from './signalbox.ts'
import type { Call } from './sink.ts'
import { until } from './until.ts'

export interface EventSummary {
  id: string
  preview: string
  targets: { type: string; value: string }[]
  kind: { type: string; name: string }
}

export interface RunSummary {
  id: string
  eventId: string
  reactionName: string
  replay: boolean
  state: string
  label: string
  attempts: number
}

export interface Attempt {
  number: number
  outcome: string
  response: { status: number } | null
}

/** Runs that the API called succeeded, and when it had said so. */
export type Witnessed = Map<string, number>

/** Replays asked for by hand, by event and reaction: answered ones, and ones whose answer never came. */
export interface Replays {
  reaction: string
  confirmed: string[]
  unknown: Map<string, number>
}

export interface Evidence {
  journal: SenderJournal
  calls: readonly Call[]
  rules: readonly Rule[]
  witnessed?: Witnessed
  replays?: Replays
  /** How often the process was killed: no run can have lost more attempts. */
  kills: number
}

/** Waits until react has seen every event. */
export async function reacted(box: Signalbox, deadlineMs = 40_000): Promise<void> {
  const newest: { items: EventSummary[] } = await box.api('GET', '/api/events?kindType=external&limit=1')
  const last = newest.items[0]?.id
  if (last === undefined) return
  const seen = async () => {
    const answer: { state: string } = await box.api('GET', `/api/events/${last}/verdicts`)
    return answer.state === 'reacted'
  }
  await until(() => `react has seen ${last}, the newest event`, seen, { deadlineMs, everyMs: 50 })
}

/** Waits until every event was reacted to and no run waits any more. */
export async function drained(box: Signalbox, deadlineMs = 40_000): Promise<void> {
  await reacted(box, deadlineMs)
  let waiting = 0
  const nothingWaits = async () => {
    const status: { waiting: { due: number } } = await box.api('GET', '/api/status')
    waiting = status.waiting.due
    return waiting === 0
  }
  await until(() => `${waiting} runs still wait, and should have ended`, nothingWaits, {
    deadlineMs,
    everyMs: 50,
  }).catch(async (error: Error) => {
    const runs: { items: RunSummary[] } = await box.api('GET', '/api/runs?state=due&state=trying&limit=5')
    throw new Error(`${error.message}, such as ${JSON.stringify(runs.items, null, 1)}`)
  })
}

/** Asks which runs have succeeded: from now on, none of them may reach its target again. */
export async function witness(box: Signalbox, witnessed: Witnessed): Promise<void> {
  const page: { items: RunSummary[] } = await box.api('GET', '/api/runs?state=succeeded&limit=500')
  const atMs = Date.now()
  for (const { id } of page.items) if (!witnessed.has(id)) witnessed.set(id, atMs)
}

/** Everything that does not hold; an empty list is a pass. The store must be drained. */
export async function findProblems(box: Signalbox, evidence: Evidence): Promise<string[]> {
  const events = await all<EventSummary>(box, '/api/events?kindType=external')
  const runs = await all<RunSummary>(box, '/api/runs')
  const callsOf = Map.groupBy(evidence.calls, call => call.webhookId)
  return [
    ...evidence.journal.contradictions,
    ...lostOrDoubledEvents(events, evidence.journal),
    ...lostOrDoubledRuns(events, runs, evidence),
    ...runs.flatMap(run => problemsOfRun(run, callsOf.get(run.id) ?? [], evidence)),
    ...callsOfNobody(runs, callsOf),
    ...calledAfterSuccess(callsOf, evidence.witnessed ?? new Map()),
    ...untoldFailures(runs, await all<EventSummary>(box, '/api/events?kind=run.failed'), evidence.rules),
    ...(await problemsOfAttempts(box, runs, callsOf, evidence)),
  ]
}

const deliveryOf = (event: EventSummary): string => /"id":"(\w+)"/.exec(event.preview)?.[1] ?? '(none)'

/** Each delivery that got a 202 is stored, once, in the event that the answer named; no other one more than once. */
export function lostOrDoubledEvents(events: readonly EventSummary[], journal: SenderJournal): string[] {
  const stored = Map.groupBy(events, deliveryOf)
  const lost: string[] = []
  const problems: string[] = []
  for (const [delivery, eventId] of journal.accepted) {
    const found = stored.get(delivery) ?? []
    if (found.length === 0) lost.push(`LOST: ${delivery} was accepted as ${eventId} and is not stored`)
    else if (!found.some(event => event.id === eventId))
      problems.push(`${delivery} was accepted as ${eventId} and is stored as ${found[0]!.id}`)
  }
  for (const [delivery, found] of stored) {
    if (found.length > 1)
      problems.push(`STORED TWICE: ${delivery}, as ${found.map(event => event.id).join(', ')}`)
    if (!journal.sent.has(delivery)) problems.push(`${found[0]!.id} holds ${delivery}, which nobody sent`)
  }
  return [...lost, ...problems]
}

/** Exactly one run for each event and reaction that fires on it, and one for each replay. */
export function lostOrDoubledRuns(
  events: readonly EventSummary[],
  runs: readonly RunSummary[],
  { journal, rules, replays }: Pick<Evidence, 'journal' | 'rules' | 'replays'>,
): string[] {
  const problems: string[] = []
  const madeFor = Map.groupBy(runs, run => `${run.eventId} ${run.reactionName} ${run.replay}`)
  const count = (eventId: string, reaction: string, replay: boolean) =>
    madeFor.get(`${eventId} ${reaction} ${replay}`)?.length ?? 0
  for (const event of events) {
    const group = journal.sent.get(deliveryOf(event))?.group ?? ''
    for (const rule of rules) {
      const wanted = rule.groups.includes(group) ? 1 : 0
      const made = count(event.id, rule.name, false)
      if (made !== wanted)
        problems.push(`RUNS: ${event.id} has ${made} runs of "${rule.name}" instead of ${wanted}`)
    }
    if (!replays) continue
    const confirmed = replays.confirmed.filter(id => id === event.id).length
    const most = confirmed + (replays.unknown.get(event.id) ?? 0)
    const made = count(event.id, replays.reaction, true)
    if (made < confirmed || made > most)
      problems.push(
        `RUNS: ${event.id} has ${made} replayed runs; ${confirmed} replays were answered, ${most} asked for`,
      )
  }
  return problems
}

const isSuccess = (call: Call): boolean => call.answer >= 200 && call.answer < 300

function problemsOfRun(run: RunSummary, calls: readonly Call[], { rules }: Evidence): string[] {
  const rule = rules.find(one => one.name === run.reactionName)
  if (!rule) return [`${run.id} belongs to "${run.reactionName}", which the test did not make`]
  const problems: string[] = []
  const say = (text: string) => problems.push(`${run.id} of "${rule.name}" ${text} (${run.label})`)
  const lostForGood = rule.once && run.state === 'failed' && run.label.startsWith('Outcome unknown')
  if (run.state !== 'succeeded' && !lostForGood) say(`is ${run.state} and not succeeded`)
  if (run.state === 'succeeded' && !calls.some(isSuccess))
    say('is called succeeded, and its target never said so')
  if (calls.length > run.attempts) say(`reached its target ${calls.length} times in ${run.attempts} attempts`)
  if (new Set(calls.map(call => call.attempt)).size < calls.length)
    say(`made one attempt twice: ${calls.map(call => call.attempt).join(', ')}`)
  if (calls.some(call => call.eventId !== run.eventId)) say('told its target of another event')
  if (rule.once && calls.length > 1)
    say(`reached its target ${calls.length} times and must not be sent twice`)
  return problems
}

function callsOfNobody(runs: readonly RunSummary[], callsOf: ReadonlyMap<string, Call[]>): string[] {
  const known = new Set(runs.map(run => run.id))
  return [...callsOf.keys()]
    .filter(id => !known.has(id))
    .map(id => `LOST: the run ${id} reached its target and is not stored`)
}

function calledAfterSuccess(callsOf: ReadonlyMap<string, Call[]>, witnessed: Witnessed): string[] {
  return [...witnessed].flatMap(([runId, atMs]) => {
    const later = (callsOf.get(runId) ?? []).find(call => call.atMs > atMs)
    return later
      ? [`DELIVERED AGAIN: ${runId} had succeeded, and reached its target ${later.atMs - atMs} ms later`]
      : []
  })
}

/** A run that is lost for good tells so with one event, written in the same transaction. */
function untoldFailures(
  runs: readonly RunSummary[],
  events: readonly EventSummary[],
  rules: readonly Rule[],
): string[] {
  const once = new Set(rules.filter(rule => rule.once).map(rule => rule.name))
  const told = Map.groupBy(events, event => event.targets.find(target => target.type === 'run')?.value)
  return runs
    .filter(run => once.has(run.reactionName))
    .flatMap(run => {
      const count = told.get(run.id)?.length ?? 0
      const wanted = run.state === 'failed' ? 1 : 0
      return count === wanted
        ? []
        : [`TOLD: ${run.id} is ${run.state}, and ${count} events tell of a failure`]
    })
}

const readInFull = 150

/** Of runs with several attempts: each is listed once, in order, and says what the target saw. */
async function problemsOfAttempts(
  box: Signalbox,
  runs: readonly RunSummary[],
  callsOf: ReadonlyMap<string, Call[]>,
  { kills }: Evidence,
): Promise<string[]> {
  const problems: string[] = []
  for (const { id, attempts, state } of runs.filter(run => run.attempts > 1).slice(0, readInFull)) {
    const { attemptList }: { attemptList: Attempt[] } = await box.api('GET', `/api/runs/${id}`)
    const numbers = attemptList.map(attempt => attempt.number)
    if (numbers.some((number, at) => number !== at + 1) || numbers.length !== attempts)
      problems.push(`ATTEMPTS: ${id} counts ${attempts} and lists ${numbers.join(', ')}`)
    const lost = attemptList.filter(attempt => attempt.outcome === 'lost').length
    if (lost > kills) problems.push(`ATTEMPTS: ${id} lost ${lost} attempts in ${kills} kills`)
    const succeeded = attemptList.filter(attempt => attempt.outcome === 'succeeded')
    if (succeeded.length !== (state === 'succeeded' ? 1 : 0))
      problems.push(`ATTEMPTS: ${id} is ${state} and lists ${succeeded.length} successes`)
    for (const { number, outcome, response } of attemptList) {
      const call = (callsOf.get(id) ?? []).find(one => one.attempt === number)
      if (outcome === 'lost') continue
      if (!call) problems.push(`ATTEMPTS: number ${number} of ${id} is ${outcome}; its target saw nothing`)
      else if ((response?.status ?? 0) !== call.answer)
        problems.push(
          `ATTEMPTS: number ${number} of ${id} was answered ${call.answer}, recorded as ${response?.status}`,
        )
    }
  }
  return problems
}

/** For an assertion: how many there are, and the first of them. */
export const shown = (problems: readonly string[]): string =>
  [`${problems.length} do not hold:`, ...problems.slice(0, 12)].join('\n  ')
