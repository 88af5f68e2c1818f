/** One kind of event, as docs/events.md shows it. */
export interface KindDescription {
  /** `type` and dotted name. */
  type: 'external' | 'platform' | 'signalbox'
  name: string
  meaning: string
  /** Types of its targets, the primary one first. */
  targets: readonly string[]
  /** What its data holds; empty for whatever the sender sent. */
  data: string
  /** When it tells of a failure, and what its error then says. */
  error: string
}

const run = ['run', 'reaction']
const runData =
  '`run` (id, state, label), `reaction` (id, name), `event` (id of the event that the run is for)'
const never = 'never'

/** The kinds that Signalbox makes by itself. Those of a platform's own events are up to whoever sends them. */
export const kinds: readonly KindDescription[] = [
  {
    type: 'external',
    name: 'webhook.received',
    meaning: 'A request came in on an endpoint that names no kind of its own (`kindName`).',
    targets: ['endpoint'],
    data: '',
    error: never,
  },
  {
    type: 'signalbox',
    name: 'run.created',
    meaning: 'A run was made. Told only for reactions that list `created` in `tellWhen`.',
    targets: run,
    data: runData,
    error: never,
  },
  {
    type: 'signalbox',
    name: 'run.succeeded',
    meaning: 'A run succeeded. Told only for reactions that list `succeeded` in `tellWhen`.',
    targets: run,
    data: runData,
    error: never,
  },
  {
    type: 'signalbox',
    name: 'run.failed',
    meaning: 'A run failed for good: its attempts are spent, or the failure is permanent.',
    targets: run,
    data: runData,
    error: "always: the run's last line on how it stands",
  },
  {
    type: 'signalbox',
    name: 'run.timed-out',
    meaning: 'The deadline of a run passed before it succeeded.',
    targets: run,
    data: runData,
    error: "always: the run's last line on how it stands",
  },
  {
    type: 'signalbox',
    name: 'reaction.disabled',
    meaning: 'Signalbox disabled a reaction by itself: its target answered 410 Gone.',
    targets: ['reaction'],
    data: '`reaction` (id, name), `run` (id of the run that met the answer), `reason`',
    error: 'always: the reason',
  },
]
