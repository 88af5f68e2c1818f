import { type Field, type KindDescription, number, text, time } from './kind-description.ts'
import { rejectionsToTell } from './alarm.ts'
import { failuresToOpen } from './breaker.ts'
import { vocabulary } from './vocabulary.ts'

const run = text('run.id', 'r_4Gq8ZrT1mXc7Lw2K', 'Id of the run')
const reaction = [
  text('reaction.id', 'rea_0198c1f0-7c1e-7a3b-9d55-0a4be1c2d3e4', 'Id of the reaction'),
  text('reaction.name', 'tell-team', 'Its name'),
]
const endpoint = [
  text('endpoint.id', 'ep_0198c1f0-6a2d-7f10-8e01-5b6c7d8e9fa0', 'Id of the endpoint'),
  text('endpoint.name', 'orders', 'Its name'),
]
const runData = [
  run,
  text('run.state', 'failed', 'How it stands'),
  text('run.label', 'The target answered 422 Unprocessable Entity', 'Its one line on how it stands'),
  ...reaction,
  text('event.id', 'evt_69201d8832c0a5f1d1e2b3c4', 'Id of the event that the run is for'),
]
const told = (sentence: string, page: string): Field[] => [
  text('text', sentence, 'All of it in one sentence, for people'),
  text('url', `https://signalbox.example.com/${page}`, 'Where the dashboard shows it'),
]
const endpointPage = 'endpoints/ep_0198c1f0-6a2d-7f10-8e01-5b6c7d8e9fa0'
const reactionPage = 'reactions/rea_0198c1f0-7c1e-7a3b-9d55-0a4be1c2d3e4'
const lane = [
  text('lane.id', 'hooks.example.com', 'The lane, which begins with the host of the target'),
  text('lane.name', 'hooks.example.com', 'How people call the target'),
]
const since = time('since', '2026-11-21T06:50:00.000Z', 'When the alarm began')
const never = 'never'
const always = 'always: the text'

type OwnKind = Omit<KindDescription, 'type'>

/** What Signalbox tells of itself. */
const own: readonly OwnKind[] = [
  {
    name: 'run.created',
    meaning: 'A run was made. Told only for reactions that list `created` in `tellWhen`.',
    targets: ['run', 'reaction'],
    data: runData,
    error: never,
  },
  {
    name: 'run.succeeded',
    meaning: 'A run succeeded. Told only for reactions that list `succeeded` in `tellWhen`.',
    targets: ['run', 'reaction'],
    data: runData,
    error: never,
  },
  {
    name: 'run.failed',
    meaning: 'A run failed for good: its attempts are spent, or the failure is permanent.',
    targets: ['run', 'reaction'],
    data: runData,
    error: "always: the run's last line on how it stands",
  },
  {
    name: 'run.timed-out',
    meaning: 'The deadline of a run passed before it succeeded.',
    targets: ['run', 'reaction'],
    data: runData,
    error: "always: the run's last line on how it stands",
  },
  {
    name: 'reaction.disabled',
    meaning: 'Signalbox disabled a reaction by itself: its target answered 410 Gone.',
    targets: ['reaction'],
    data: [
      ...reaction,
      run,
      text('reason', 'The target answered 410 Gone: it does not want these requests any more', 'Why'),
      text(
        'text',
        'tell-team was disabled: The target answered 410 Gone',
        'All of it in one sentence, for people',
      ),
    ],
    error: 'always: the reason',
  },
  {
    name: 'reaction.failing',
    meaning:
      'An alarm: so many runs of a reaction failed for good, one after the other, as its `failingAfter` says (3); or one run has failed 5 times and none has succeeded since it was made.',
    targets: ['reaction'],
    data: [
      ...reaction,
      run,
      number('failures', 3, 'How many of its runs failed in a row'),
      text('reason', 'The target answered 422 Unprocessable Entity', 'What the last of them says'),
      ...told(
        'The last 3 runs of tell-team failed: The target answered 422 Unprocessable Entity',
        reactionPage,
      ),
    ],
    error: always,
  },
  {
    name: 'reaction.recovered',
    meaning: 'The end of that alarm: the latest run of the reaction succeeded, and none failed for a minute.',
    targets: ['reaction'],
    data: [...reaction, since, ...told('tell-team works again: its latest run succeeded', reactionPage)],
    error: never,
  },
  {
    name: 'endpoint.silent',
    meaning:
      'An alarm: nothing has come in on an endpoint for as long as its `silentAfterMs` says (off by default).',
    targets: ['endpoint'],
    data: [
      ...endpoint,
      time('since', '2026-11-20T06:50:00.000Z', 'From when on nothing came'),
      number(
        'silentMs',
        86_400_000,
        'For how long, in milliseconds, while Signalbox was there to receive it',
      ),
      number('downMs', 0, 'How much of the time since then Signalbox itself was down'),
      ...told('Nothing has come in on orders for 1 d', endpointPage),
    ],
    error: always,
  },
  {
    name: 'endpoint.active-again',
    meaning: 'The end of that alarm: an event has come in.',
    targets: ['endpoint'],
    data: [...endpoint, since, ...told('orders is active again: an event has come in', endpointPage)],
    error: never,
  },
  {
    name: 'endpoint.rejecting',
    meaning: `An alarm: an endpoint turned away ${rejectionsToTell} requests in a row for the same reason, and took none in between.`,
    targets: ['endpoint'],
    data: [
      ...endpoint,
      text('reason', 'signature.mismatch', 'Why they were turned away'),
      number('count', rejectionsToTell, 'How many there were'),
      text('sender', '203.0.113.7', 'Where the last of them came from'),
      ...told(`orders turned away the last ${rejectionsToTell} requests: signature.mismatch`, endpointPage),
    ],
    error: always,
  },
  {
    name: 'endpoint.accepting-again',
    meaning:
      'The end of that alarm: a request was taken and none turned away for a minute, or none for a day.',
    targets: ['endpoint'],
    data: [...endpoint, since, ...told('orders takes requests again', endpointPage)],
    error: never,
  },
  {
    name: 'breaker.opened',
    meaning: `An alarm: a target failed ${failuresToOpen} times in a row. Its runs wait, and one at a time probes it.`,
    targets: ['lane'],
    data: [
      ...lane,
      run,
      number('failures', failuresToOpen, 'Failures in a row'),
      text('reason', 'The target answered 503 Service Unavailable', 'What the last of them says'),
      ...told(`hooks.example.com seems down: ${failuresToOpen} failures in a row. Its runs wait`, 'runs'),
    ],
    error: always,
  },
  {
    name: 'breaker.closed',
    meaning:
      'The end of that alarm: the target has answered for a minute, or no run has asked for it for a day.',
    targets: ['lane'],
    data: [...lane, since, ...told('hooks.example.com answers again', 'runs')],
    error: never,
  },
  {
    name: 'endpoint.expired',
    meaning: "The time of a visitor's endpoint was over; it takes nothing any more.",
    targets: ['endpoint'],
    data: [
      ...endpoint,
      text('text', 'The endpoint orders has expired', 'All of it in one sentence, for people'),
    ],
    error: never,
  },
  {
    name: 'alarm.test',
    meaning:
      'Nothing is wrong: somebody asked for a test message, to see whether they would be told of alarms.',
    targets: ['signalbox'],
    data: told('This is a test message, asked for by admin: alarms are told like this', 'overview'),
    error: never,
  },
  {
    name: 'disk.low',
    meaning: 'The disk that holds the store is nearly full; and again, without an error, once there is room.',
    targets: ['disk'],
    data: [
      text('disk.directory', '/var/lib/signalbox', 'Folder of the store'),
      number('disk.roomBytes', 83_886_080, 'What is left, with what the store has inside to use again'),
      number('disk.totalBytes', 10_737_418_240, 'How large the disk is'),
      text('disk.state', 'low', '`low`, or `recovered`'),
      text(
        'text',
        'The disk of the store is nearly full: 80 MiB of 10240 MiB are left',
        'All of it in one sentence, for people',
      ),
    ],
    error: 'while it is low: what is left',
  },
]

export const ownKinds: readonly KindDescription[] = own.map(kind => ({ type: 'signalbox', ...kind }))

const received: KindDescription = {
  type: 'external',
  name: 'webhook.received',
  meaning: 'A request came in on an endpoint that names no kind of its own (`kindName`).',
  targets: ['endpoint'],
  data: [],
  error: never,
}

/**
 * Every kind that the code knows. Names are an open set: whoever sends events may use others, and no filter is
 * checked against this list.
 */
export const kinds: readonly KindDescription[] = [received, ...ownKinds, ...vocabulary]

/** How a template and a `where` write a value of the data. */
export function spellings(path: string): { template: string; where: string } {
  const parts = path.split('.')
  const isPlain = parts.every(part => /^[A-Za-z_][A-Za-z0-9_]*$/.test(part))
  return {
    template: isPlain
      ? `{{.body.${path}}}`
      : `{{index .body ${parts.map(part => JSON.stringify(part)).join(' ')}}}`,
    where: parts.reduce(
      (whole, part) =>
        /^[A-Za-z_][A-Za-z0-9_]*$/.test(part) ? `${whole}.${part}` : `${whole}[${JSON.stringify(part)}]`,
      'body',
    ),
  }
}
