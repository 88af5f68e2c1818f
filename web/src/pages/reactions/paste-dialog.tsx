import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { readLine } from '../../api/reactions.ts'
import { asProblem } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextArea } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { toast } from '../../ui/toast.tsx'
import { definitionOf, draftOf, type ReactionDraft } from './draft.ts'

interface PasteDialogProps {
  draft: ReactionDraft
  onClose: () => void
  onDraft: (draft: ReactionDraft) => void
}

/** A line of curl or tsuru fills in what it tells of. */
export function PasteDialog({ draft, onClose, onDraft }: PasteDialogProps) {
  const [line, setLine] = useState('')
  const reading = useMutation({
    mutationFn: () => readLine(line),
    onSuccess({ definition: read, notes }) {
      const { definition } = definitionOf(draft)
      const { action, filter, retry, ...others } = read
      onDraft(
        draftOf({
          ...definition,
          ...others,
          action: { ...definition.action, ...action },
          filter: { ...definition.filter, ...filter },
          retry: { ...definition.retry, ...retry },
        }),
      )
      toast(<>{['The line is filled in.', ...notes].join(' ')}</>)
      onClose()
    },
  })
  const mistake = reading.error ? asProblem(reading.error).errors[0] : undefined
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Paste a line"
      description="Of curl, or of tsuru event-webhook-create. It fills in what it tells of; nothing of it is run."
      actions={
        <Button
          look="primary"
          busy={reading.isPending}
          disabled={line.trim() === ''}
          onClick={() => reading.mutate()}
        >
          Fill in
        </Button>
      }
    >
      <div className="mt-4 flex flex-col gap-4">
        <TextArea
          label="The line"
          mono
          rows={6}
          autoFocus
          placeholder={`curl -X POST https://hooks.example.com/ -H 'Content-Type: application/json' -d '{"text": "deployed"}'`}
          value={line}
          onChange={e => {
            reading.reset()
            setLine(e.target.value)
          }}
          error={mistake && `Line ${mistake.line}, column ${mistake.column}: ${mistake.message}`}
        />
        {reading.error && !mistake && <ProblemNote error={reading.error} what="The line was not read" />}
      </div>
    </Dialog>
  )
}
