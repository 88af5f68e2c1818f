import type { Context } from './context.ts'
import type { Column } from './output.ts'
import type { EventSummary } from './shapes.ts'
import { plural } from './text.ts'
import { relative } from './times.ts'

export const eventColumns = ({ terminal }: Context): Column<EventSummary>[] => [
  { title: 'TIME', value: event => relative(event.time, terminal.nowMs()) },
  { title: 'ID', value: event => event.id },
  { title: 'KIND', value: event => ({ text: event.kind.name, style: event.error ? 'bad' : 'strong' }) },
  { title: 'TARGET', value: primaryTarget, shrinks: true },
  { title: 'WHAT', value: event => event.error || event.preview, shrinks: true },
]

export function primaryTarget(event: EventSummary): string {
  const [first, ...others] = event.targets
  if (first === undefined) return ''
  return `${first.type}:${first.value}${others.length > 0 ? ` and ${plural(others.length, 'other')}` : ''}`
}
