import type { Command } from 'commander'
import type { Context, Runner } from './context.ts'
import type { Status } from './shapes.ts'
import { stateCell } from './state-style.ts'
import type { Field } from './output.ts'
import { relative } from './times.ts'

export function statusCommand(command: Command, run: Runner): void {
  command.action(
    run(async context => {
      const answer = await context.api.get<Status>('/api/status')
      context.print(answer, status => printStatus(context, status))
    }),
  )
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

function storeFields({ disk, store, retention }: Status, nowMs: number): Field[] {
  const fields: Field[] = []
  if (disk !== undefined)
    fields.push([
      'Disk',
      disk.note === null
        ? `${megabytes(disk.freeBytes)} of ${megabytes(disk.totalBytes)} free`
        : { text: disk.note, style: 'bad' },
    ])
  if (store !== undefined)
    fields.push(['Store', `${megabytes(store.bytes)}, of which ${megabytes(store.usedBytes)} in use`])
  if (retention !== undefined) {
    const { keepDays, maxBytes, oldestEventAt, forgotten, lastAt } = retention
    const age = keepDays === null ? 'for ever' : `${keepDays} days`
    fields.push(['Events are kept', maxBytes === null ? age : `${age}, at most ${megabytes(maxBytes)}`])
    fields.push(['Oldest event', relative(oldestEventAt, nowMs) || 'none'])
    if (lastAt !== null)
      fields.push(['Passed retention', `${forgotten} events, last ${relative(lastAt, nowMs)}`])
    if (retention.nextSweepAt) fields.push(['Next looked at', relative(retention.nextSweepAt, nowMs)])
  }
  return fields
}

function printStatus({ output, terminal, api }: Context, status: Status): void {
  const nowMs = terminal.nowMs()
  const { storage, waiting, visitors } = status
  output.fields([
    [
      'Signalbox',
      `${status.version}${status.nodeVersion ? ` on Node ${status.nodeVersion}` : ''} at ${api.connection.url.origin}`,
    ],
    ['Started', relative(status.startedAt, nowMs)],
    ['Listening', [status.listening].flat().join(', ')],
    ['A 202 means', status.durability],
    ['Data', status.dataDirectory],
    [
      'Storage',
      storage.ok ? { text: 'ok', style: 'good' } : { text: storage.reason ?? 'failing', style: 'bad' },
    ],
    ...storeFields(status, nowMs),
    ['Runs waiting', `${waiting.due} due, ${waiting.held} held`],
    [
      'Visitors',
      visitors.allowed === undefined
        ? null
        : `${visitors.allowed ? 'allowed' : 'not allowed'}: ${visitors.reason ?? ''}`,
    ],
  ])
  for (const { kind, text, since } of status.alarms ?? []) {
    const began = since === null ? '' : `, since ${relative(since, nowMs)}`
    output.line({ text: kind, style: 'bad' }, `  ${text}${began}`)
  }
  if (status.lanes.length === 0) return
  output.line('')
  output.table(
    [
      { title: 'LANE', value: lane => lane.lane, shrinks: true },
      { title: 'UNDER WAY', value: lane => String(lane.underWay) },
      { title: 'WAITING', value: lane => String(lane.waitingHere) },
      { title: 'FAILURES IN A ROW', value: lane => String(lane.failuresInARow || '') },
      { title: 'BREAKER', value: lane => stateCell(lane.breaker) },
      { title: 'NEXT PROBE', value: lane => relative(lane.opensAt, nowMs) },
    ],
    status.lanes,
  )
}
