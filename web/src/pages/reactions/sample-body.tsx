import { useQuery } from '@tanstack/react-query'
import { eventQuery } from '../../api/events.ts'
import { copyText } from '../../ui/copy.ts'
import { JsonTree } from '../../ui/json-tree.tsx'
import { toast } from '../../ui/toast.tsx'
import { ValueActions } from '../../ui/value-actions.ts'
import { bodyView } from '../events/inspector/body-view.ts'
import { both, celEquals, insertion } from './expressions.ts'
import type { StepProps } from './step-props.ts'

/** The body of the sample: a click on a value makes it a part of the filter or of what is sent. */
export function SampleBody({ sample, draft, set }: { sample: string } & Pick<StepProps, 'draft' | 'set'>) {
  const event = useQuery(eventQuery(sample)).data
  const view = event && bodyView(event.body)
  if (view?.as !== 'json') return null
  const copy = async (text: string) => {
    if (await copyText(text)) toast(<>Copied {text}</>)
  }
  return (
    <details>
      <summary className="cursor-pointer text-link">Its body: click a value to use it</summary>
      <div className="mt-2 max-h-96 overflow-auto rounded-lg border border-line p-2">
        <ValueActions
          value={(steps, value) => [
            {
              label: 'Only when it is this',
              run: () => set({ where: both(draft.where, celEquals(steps, value)) }),
            },
            {
              label: 'Add it to the body',
              run: () =>
                set({
                  bodyFrom: 'template',
                  body: (draft.bodyFrom === 'template' ? draft.body : '') + insertion(draft.language, steps),
                }),
            },
            { label: 'Copy as a template', run: () => void copy(insertion(draft.language, steps)) },
          ]}
        >
          <JsonTree value={view.value} root="body" />
        </ValueActions>
      </div>
    </details>
  )
}
