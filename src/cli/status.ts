import type { Command } from 'commander'
import type { Context, Runner } from './context.ts'
import type { Status } from './shapes.ts'
import { stateCell } from './state-style.ts'
import { relative } from './times.ts'

export function statusCommand(command: Command, run: Runner): void {
  command.action(
    run(async context => {
      const answer = await context.api.get<Status>('/api/status')
      context.print(answer, status => printStatus(context, status))
    }),
  )
}

function printStatus({ output, terminal, api }: Context, status: Status): void {
  const nowMs = terminal.nowMs()
  const { storage, waiting, visitors } = status
  output.fields([
    ['Signalbox', `${status.version} at ${api.connection.url.origin}`],
    ['Started', relative(status.startedAt, nowMs)],
    ['Listening', [status.listening].flat().join(', ')],
    ['A 202 means', status.durability],
    ['Data', status.dataDirectory],
    [
      'Storage',
      storage.ok ? { text: 'ok', style: 'good' } : { text: storage.reason ?? 'failing', style: 'bad' },
    ],
    ['Runs waiting', `${waiting.due} due, ${waiting.held} held`],
    [
      'Visitors',
      visitors.allowed === undefined
        ? null
        : `${visitors.allowed ? 'allowed' : 'not allowed'}: ${visitors.reason ?? ''}`,
    ],
  ])
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
