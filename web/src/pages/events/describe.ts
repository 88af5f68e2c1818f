import type { EventSummary } from '../../api/types.ts'
import { presets } from '../../ui/range.ts'
import { shortTime } from '../../ui/format.ts'
import type { EventFilter } from './search.ts'

/** Where an event came from, in a few words. */
export function sourceOf(event: EventSummary): string {
  const [target] = event.targets
  const what = target ? target.value : ''
  if (event.endpointId !== null) return [event.method, what, event.sender].filter(Boolean).join(' · ')
  return target ? `${target.type} ${target.value}` : event.kind.type
}

/** What was searched, as parts of a sentence: "Searched …". */
export function describeFilters({
  text,
  where,
  kind,
  target,
  endpoint,
  outcome,
  range,
}: EventFilter): string[] {
  return [
    range ? describeRange(range) : 'everything that is kept',
    text && `for “${text}”`,
    where && `where ${where}`,
    kind && `of kind ${kind}`,
    target && `with the target ${target}`,
    endpoint && 'from one endpoint',
    outcome && (outcome === 'error' ? 'with an error' : 'without an error'),
  ].flatMap(part => part || [])
}

function describeRange(range: string): string {
  const preset = presets.find(([name]) => name === range)
  if (preset) return `the ${preset[1].toLowerCase()}`
  const [from, to] = range.split('/')
  return `from ${from ? shortTime(from) : 'the beginning'} to ${to ? shortTime(to) : 'now'}`
}
