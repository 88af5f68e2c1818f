import type { Context } from './context.ts'
import type { Column } from './output.ts'
import type { Reaction } from './shapes.ts'
import { recentMarks, stateCell } from './state-style.ts'
import { formatDuration, relative } from './times.ts'

export const reactionColumns = ({ terminal }: Context): Column<Reaction>[] => [
  { title: 'NAME', value: reaction => ({ text: reaction.definition.name, style: 'strong' }) },
  { title: 'STATE', value: reaction => stateCell(reaction.state) },
  { title: 'STARTED BY', value: startedBy, shrinks: true },
  { title: 'LAST RUNS', value: reaction => recentMarks(reaction.recent) },
  { title: 'CHANGED', value: reaction => relative(reaction.updatedAt, terminal.nowMs()) },
  { title: 'DOES', value: does, shrinks: true },
]

function startedBy({ definition, endpointName }: Reaction): string {
  const { trigger, filter } = definition
  if (trigger.type === 'endpoint') return `endpoint ${endpointName ?? trigger.endpoint}`
  return filter.kindNames.length > 0 ? `events ${filter.kindNames.join(', ')}` : 'events'
}

const does = ({ definition }: Reaction): string => `${definition.action.method} ${definition.action.url}`

export function printReaction({ output, terminal, global }: Context, reaction: Reaction): void {
  const { definition, state, stateReason } = reaction
  if (global.quiet) return output.line(definition.name)
  const { filter, action, retry } = definition
  const nowMs = terminal.nowMs()
  const targets = Object.entries(filter.targets).map(([type, values]) => `${type}:${values.join('|')}`)
  output.fields([
    ['Reaction', { text: definition.name, style: 'strong' }],
    ['Id', `${reaction.id} (version ${reaction.version})`],
    ['State', stateCell(state)],
    ['Because', stateReason],
    ['Description', definition.description],
    ['Started by', startedBy(reaction)],
    ['Kinds', [...filter.kindTypes, ...filter.kindNames].join(', ')],
    ['Targets', [...filter.targetTypes, ...filter.targetValues, ...targets].join(', ')],
    ['Outcome', filter.outcome === 'any' ? null : filter.outcome],
    ['Where', filter.where],
    ['Does', does(reaction)],
    ['Headers', action.headers.map(header => header.name).join(', ')],
    [
      'Body',
      action.bodyFrom === 'template'
        ? `a template of ${action.body.length} characters`
        : `the ${action.bodyFrom === 'event' ? 'event as JSON' : 'bytes as received'}`,
    ],
    ['Signed', action.signingSecrets.length > 0 ? 'by Standard Webhooks' : null],
    ['Timeout', formatDuration(action.timeoutMs)],
    [
      'Tries again',
      retry.delaysMs.length === 0 ? 'never' : `after ${retry.delaysMs.map(formatDuration).join(', ')}`,
    ],
    ['Last runs', recentMarks(reaction.recent)],
    ['Changed', relative(reaction.updatedAt, nowMs)],
  ])
}

/** The definition alone, to be edited and given back by `reaction edit --file`. */
export async function printYaml({ output }: Context, { definition }: Reaction): Promise<void> {
  const { stringify } = await import('yaml')
  output.text(stringify(definition, { lineWidth: 0 }))
}
