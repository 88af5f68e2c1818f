import { useMutation } from '@tanstack/react-query'
import { ClipboardPaste } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import { fieldErrors, Problem } from '../../api/problem.ts'
import type { FieldError, Reaction, ReactionDefinition } from '../../api/types.ts'
import { Button } from '../../ui/button.tsx'
import { errorsUnder } from '../../ui/field-errors.ts'
import { Input } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { ActionStep } from './action-step.tsx'
import { DeliverySettings } from './delivery-settings.tsx'
import { definitionOf, type ReactionDraft } from './draft.ts'
import { FilterStep } from './filter-step.tsx'
import { PasteDialog } from './paste-dialog.tsx'
import { Past } from './past.tsx'
import { Preview } from './preview.tsx'
import { SampleBody } from './sample-body.tsx'
import { Step } from './step.tsx'
import type { StepProps } from './step-props.ts'
import { TriggerStep } from './trigger-step.tsx'
import { useDryRun } from './use-dry-run.ts'

interface EditorProps {
  initial: ReactionDraft
  initialSample: string | undefined
  /** The id of the reaction that is changed; none for a new one. */
  reactionId?: string
  label: string
  save: (definition: ReactionDefinition) => Promise<Reaction>
  onSaved: (reaction: Reaction) => void
  cancel: ReactNode
}

/** Trigger, filter and action one below the other; beside them what a real event would set off. */
export function Editor({ initial, initialSample, reactionId, label, save, onSaved, cancel }: EditorProps) {
  const [draft, setDraft] = useState(initial)
  const [sample, setSample] = useState(initialSample)
  const [isPasting, setPasting] = useState(false)
  const { definition, errors: unread } = useMemo(() => definitionOf(draft), [draft])
  const trial = useDryRun(definition, sample, reactionId)
  const saving = useMutation({
    mutationFn: () => {
      if (unread.length === 0) return save(definition)
      throw new Problem(
        0,
        'reaction.unread',
        'Some fields cannot be read',
        'Mend what is listed and save again.',
        unread,
      )
    },
    onSuccess: onSaved,
  })
  const set = (part: Partial<ReactionDraft>) => {
    saving.reset()
    setDraft(former => ({ ...former, ...part }))
  }
  const refused = fieldErrors(saving.error)
  const errors = useMemo(() => merge(unread, trial.errors, refused), [unread, trial.errors, refused])
  const step: StepProps = { draft, set, errors }

  return (
    <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]">
      <form
        className="min-w-0"
        onSubmit={event => {
          event.preventDefault()
          saving.mutate()
        }}
      >
        <div className="mb-4 flex justify-end">
          <Button type="button" size="small" onClick={() => setPasting(true)}>
            <ClipboardPaste size={14} aria-hidden />
            Paste a curl or tsuru line
          </Button>
        </div>
        <div className="mb-6 grid gap-4 sm:grid-cols-2">
          <Input
            label="Name"
            mono
            required
            placeholder="tell-the-team"
            value={draft.name}
            onChange={e => set({ name: e.target.value })}
            error={errorsUnder(errors, '/name')}
          />
          <Input
            label="Description"
            value={draft.description}
            onChange={e => set({ description: e.target.value })}
            error={errorsUnder(errors, '/description')}
          />
        </div>
        {isPasting && <PasteDialog draft={draft} onDraft={set} onClose={() => setPasting(false)} />}
        <ol>
          <Step title="Trigger" sentence="What starts it.">
            <TriggerStep {...step} />
          </Step>
          <Step title="Filter" sentence="Which of those events count. Empty takes all of them.">
            <FilterStep {...step} />
          </Step>
          <Step title="Action" sentence="What is done." last>
            <ActionStep {...step} />
            <DeliverySettings {...step} />
          </Step>
        </ol>
        {saving.isError && (
          <div className="mt-4">
            <ProblemNote error={saving.error} what="The reaction was not saved" />
          </div>
        )}
        <div className="mt-5 flex gap-2">
          <Button type="submit" look="primary" busy={saving.isPending}>
            {label}
          </Button>
          {cancel}
        </div>
      </form>
      <div className="flex min-w-0 flex-col gap-6">
        <Preview
          trial={trial}
          sample={sample}
          onSample={setSample}
          endpoint={draft.trigger === 'endpoint' ? draft.endpoint : ''}
          hasUrl={definition.action.url !== ''}
        >
          {sample !== undefined && <SampleBody sample={sample} draft={draft} set={set} />}
        </Preview>
        <Past definition={definition} />
      </div>
    </div>
  )
}

/** Several sources may tell of the same mistake. */
function merge(...lists: (readonly FieldError[])[]): FieldError[] {
  const byText = new Map(lists.flat().map(error => [`${error.path} ${error.message}`, error]))
  return [...byText.values()]
}
