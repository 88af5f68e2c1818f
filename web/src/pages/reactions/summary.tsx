import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Reaction } from '../../api/types.ts'
import { Code } from '../../ui/code.tsx'
import { Step } from './step.tsx'

/** What a reaction does, in the order in which it happens. */
export function Summary({ reaction }: { reaction: Reaction }) {
  const { trigger, filter, action } = reaction.definition
  const conditions = conditionsOf(reaction)
  return (
    <ol>
      <Step title="Trigger" sentence="">
        {trigger.type === 'endpoint' ? (
          <p>
            A request on{' '}
            {reaction.endpointName === null ? (
              'an endpoint that is gone'
            ) : (
              <Link
                to="/endpoints/$endpointId"
                params={{ endpointId: trigger.endpoint }}
                className="text-link"
              >
                {reaction.endpointName}
              </Link>
            )}
          </p>
        ) : (
          <p>Events, chosen by the filter</p>
        )}
      </Step>
      <Step title="Filter" sentence="">
        {conditions.length === 0 && filter.where === '' && <p>Every one of them counts.</p>}
        {conditions.length > 0 && (
          <ul className="list-disc pl-5">
            {conditions.map(([name, values]) => (
              <li key={name}>
                {name}: <span className="font-mono text-[13px]">{values}</span>
              </li>
            ))}
          </ul>
        )}
        {filter.where !== '' && (
          <Code label="Where" wrap>
            {filter.where}
          </Code>
        )}
      </Step>
      <Step title="Action" sentence="" last>
        <p className="font-mono text-[13px] break-words [overflow-wrap:anywhere]">
          {action.method || 'POST'} {action.url}
        </p>
        <Body action={action} />
      </Step>
    </ol>
  )
}

function Body({ action }: { action: Reaction['definition']['action'] }): ReactNode {
  const isTsuru = action.language === 'tsuru'
  const label = {
    go: 'Body template',
    octostache: 'Body template in Octostache',
    tsuru: 'Body template over tsuru’s event',
  }
  if (action.bodyFrom === 'event')
    return (
      <p className="text-soft">
        {isTsuru ? 'With the event as tsuru writes it.' : 'With the event as JSON.'}
      </p>
    )
  if (action.bodyFrom === 'original')
    return <p className="text-soft">With the bytes as they were received.</p>
  return (
    <Code label={label[action.language]} wrap>
      {action.body}
    </Code>
  )
}

function conditionsOf({ definition: { filter } }: Reaction): [string, string][] {
  const lists: [string, readonly string[]][] = [
    ['Kind type', filter.kindTypes],
    ['Kind', filter.kindNames],
    ['Target type', filter.targetTypes],
    ['Target', filter.targetValues],
    ...Object.entries(filter.targets),
    ['Outcome', filter.outcome === 'any' ? [] : [filter.outcome]],
  ]
  return lists.filter(([, values]) => values.length > 0).map(([name, values]) => [name, values.join(' or ')])
}
