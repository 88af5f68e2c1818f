import type { Context } from './context.ts'
import type { Column } from './output.ts'
import type { RunSummary } from './shapes.ts'
import { stateCell } from './state-style.ts'
import { relative } from './times.ts'

export const runColumns = ({ terminal }: Context): Column<RunSummary>[] => [
  { title: 'RUN', value: run => run.id },
  { title: 'STATE', value: run => stateCell(run.state) },
  { title: 'REACTION', value: run => `${run.reactionName}${run.replay ? ' (replay)' : ''}` },
  { title: 'EVENT', value: run => run.eventId },
  { title: 'TRIES', value: run => String(run.attempts) },
  { title: 'CREATED', value: run => relative(run.createdAt, terminal.nowMs()) },
  { title: 'NEXT TRY', value: run => (run.state === 'due' ? relative(run.dueAt, terminal.nowMs()) : '') },
  { title: 'HOW IT STANDS', value: run => run.label, shrinks: true },
]
