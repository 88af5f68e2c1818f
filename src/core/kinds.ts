import { type KindDescription, text } from './kind-description.ts'
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
const never = 'never'

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
    name: 'disk.low',
    meaning: 'The disk that holds the store is nearly full; and again, without an error, once there is room.',
    targets: ['disk'],
    data: [
      text('disk.directory', '/var/lib/signalbox', 'Folder of the store'),
      {
        path: 'disk.roomBytes',
        type: 'number',
        example: 83_886_080,
        meaning: 'What is left, with what the store has inside to use again',
      },
      { path: 'disk.totalBytes', type: 'number', example: 10_737_418_240, meaning: 'How large the disk is' },
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
