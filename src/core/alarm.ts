import { formatDuration } from './duration.ts'
import type { Cause } from './event.ts'
import { type OwnEvent, ownEvent } from './own-events.ts'

/**
 * What is wrong now and should be known. An alarm begins and ends with an event of our own, each told once; while it
 * lasts nothing more is told of it, so that a reaction to alarms that fails itself cannot make a storm.
 */
export const alarmKinds = {
  'endpoint.silent': {
    about: 'endpoint',
    endsWith: 'endpoint.active-again',
    advice:
      'See whether the sender still runs and has the right URL. If so little is normal, give the silence alarm of the endpoint a longer time.',
  },
  'endpoint.rejecting': {
    about: 'endpoint',
    endsWith: 'endpoint.accepting-again',
    advice:
      'Compare the secret and the settings of the endpoint with those of the sender. If it is a stranger who tries, nothing of theirs was kept.',
  },
  'reaction.failing': {
    about: 'reaction',
    endsWith: 'reaction.recovered',
    advice:
      'Open its last run to see the request and the answer, mend the reaction or its target, then retry what failed.',
  },
  'breaker.opened': {
    about: 'lane',
    endsWith: 'breaker.closed',
    advice:
      'See whether the target runs and can be reached from here. Nothing is lost: one run at a time probes it, and the others follow once it answers.',
  },
} as const
export type AlarmKind = keyof typeof alarmKinds

/** What an alarm is about: an endpoint, a reaction, or a lane, whose id is its name. */
export interface AlarmSubject {
  id: string
  name: string
  team: string | null
}

export interface Beginning {
  kind: AlarmKind
  subject: AlarmSubject
  /** One sentence, for people. */
  text: string
  /** More that its event tells. */
  data: Record<string, unknown>
  cause: Cause | null
  /** Of the event that it comes from; 0 for what comes from outside. */
  hops: number
}

export interface Ending {
  kind: AlarmKind
  subject: AlarmSubject
  sinceMs: number
  text: string
}

/** Where the dashboard shows what an alarm is about, under its own root. */
export function alarmPage(about: string, subjectId: string): string {
  if (about === 'endpoint') return `endpoints/${subjectId}`
  if (about === 'reaction') return `reactions/${subjectId}`
  return about === 'lane' ? 'runs' : 'overview'
}

export const beginningEvent = (one: Beginning, dashboardUrl: string, nowMs: number): OwnEvent =>
  ownEvent(
    {
      name: one.kind,
      targets: [{ type: alarmKinds[one.kind].about, value: one.subject.name }],
      error: one.text,
      team: one.subject.team,
      cause: one.cause,
      hops: one.hops + 1,
      data: { ...subjectData(one), ...one.data, ...told(one, dashboardUrl) },
    },
    nowMs,
  )

export const endingEvent = (one: Ending, dashboardUrl: string, nowMs: number): OwnEvent =>
  ownEvent(
    {
      name: alarmKinds[one.kind].endsWith,
      targets: [{ type: alarmKinds[one.kind].about, value: one.subject.name }],
      error: null,
      team: one.subject.team,
      cause: null,
      hops: 1,
      data: {
        ...subjectData(one),
        since: new Date(one.sinceMs).toISOString(),
        ...told(one, dashboardUrl),
      },
    },
    nowMs,
  )

type Named = Pick<Beginning, 'kind' | 'subject'>

function subjectData({ kind, subject: { id, name } }: Named): Record<string, unknown> {
  const { about } = alarmKinds[kind]
  return { [about]: { id, name } }
}

const told = ({ kind, subject, text }: Named & { text: string }, dashboardUrl: string) => ({
  text,
  url: `${dashboardUrl}/${alarmPage(alarmKinds[kind].about, subject.id)}`,
})

export function silence(subject: AlarmSubject, sinceMs: number, silentMs: number, downMs: number): Beginning {
  const down =
    downMs < 1000 ? '' : `, not counting ${formatDuration(downMs)} in which Signalbox itself was down`
  return {
    kind: 'endpoint.silent',
    subject,
    text: `Nothing has come in on ${subject.name} for ${formatDuration(silentMs)}${down}`,
    data: { since: new Date(sinceMs).toISOString(), silentMs, downMs },
    cause: null,
    hops: 0,
  }
}

/** So many requests in a row, turned away for one reason: nobody gets in, or nobody who means it. */
export const rejectionsToTell = 10

export const rejecting = (
  subject: AlarmSubject,
  { reason, count, sender }: { reason: string; count: number; sender: string },
): Beginning => ({
  kind: 'endpoint.rejecting',
  subject,
  text: `${subject.name} turned away the last ${count} requests: ${reason}`,
  data: { reason, count, sender },
  cause: null,
  hops: 0,
})

/** A run that has failed so often counts for its reaction, though it is still tried: 13 minutes by the defaults. */
export const triesToTell = 5

export interface FailedRun {
  runId: string
  eventId: string
  label: string
  hops: number
}

export function failing(subject: AlarmSubject, failures: number, last: FailedRun): Beginning {
  const runs = failures === 1 ? 'The last run' : `The last ${failures} runs`
  return failingBecause(subject, failures, last, `${runs} of ${subject.name} failed: ${last.label}`)
}

export const stuck = (subject: AlarmSubject, tries: number, last: FailedRun): Beginning =>
  failingBecause(
    subject,
    0,
    last,
    `A run of ${subject.name} has failed ${tries} times and is tried again: ${last.label}`,
  )

const failingBecause = (
  subject: AlarmSubject,
  failures: number,
  { runId, eventId, label, hops }: FailedRun,
  text: string,
): Beginning => ({
  kind: 'reaction.failing',
  subject,
  text,
  data: { run: { id: runId }, failures, reason: label },
  cause: { runId, eventId },
  hops,
})

export function breakerOpened(
  lane: string,
  reactionName: string,
  failures: number,
  last: FailedRun,
): Beginning {
  const name = targetOf(lane) ?? `the target of ${reactionName}`
  return {
    kind: 'breaker.opened',
    subject: { id: lane, name, team: null },
    text: `${name} seems down: ${failures} failures in a row. Its runs wait`,
    data: { run: { id: last.runId }, failures, reason: last.label },
    cause: { runId: last.runId, eventId: last.eventId },
    hops: last.hops,
  }
}

/** A lane is a host, and perhaps more; or a reaction whose host only the rendered URL tells. See core/lane.ts. */
const targetOf = (lane: string): string | null =>
  lane.startsWith('reaction:') ? null : (lane.split('|', 1)[0] ?? lane)

/** Why an alarm is over, as people read it. */
export const endings: Record<AlarmKind, (name: string) => string> = {
  'endpoint.silent': name => `${name} is active again: an event has come in`,
  'endpoint.rejecting': name => `${name} takes requests again`,
  'reaction.failing': name => `${name} works again: its latest run succeeded`,
  'breaker.opened': name => `${name} answers again`,
}
