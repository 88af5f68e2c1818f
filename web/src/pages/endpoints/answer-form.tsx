import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changeEndpoint, endpointQuery, previewAnswer } from '../../api/endpoints.ts'
import { asProblem, fieldErrors } from '../../api/problem.ts'
import type { CustomAnswer, Endpoint, FieldError } from '../../api/types.ts'
import { Button } from '../../ui/button.tsx'
import { errorsUnder } from '../../ui/field-errors.ts'
import { Input, TextArea } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { toast } from '../../ui/toast.tsx'
import { HeadersField } from '../reactions/headers-field.tsx'
import { useSettled } from '../reactions/use-settled.ts'

const firstAnswer: CustomAnswer = {
  status: 200,
  headers: [{ name: 'Content-Type', value: 'application/json' }],
  body: '{"received": {{toJson .event.id}}}',
}

/** What senders are answered once their event is stored, with the answer to the newest one as it is typed. */
export function AnswerForm({ endpoint: { id, answer } }: { endpoint: Endpoint }) {
  const queries = useQueryClient()
  const [draft, setDraft] = useState(answer)
  const saving = useMutation({
    mutationFn: (wish: CustomAnswer | null) => changeEndpoint(id, { answer: wish }),
    onSuccess(_, wish) {
      toast(wish === null ? 'Senders get the plain answer again.' : 'Saved. The next sender is answered so.')
      return queries.invalidateQueries(endpointQuery(id))
    },
  })
  const preview = usePreview(id, draft)
  if (draft === null) {
    return (
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-0 flex-1 basis-60 text-soft">Senders are answered 202 and the id of the event.</p>
        <Button onClick={() => setDraft(firstAnswer)}>Answer otherwise</Button>
      </div>
    )
  }
  const errors = [...preview.errors, ...withinAnswer(fieldErrors(saving.error))]
  const set = (part: Partial<CustomAnswer>) => setDraft({ ...draft, ...part })
  return (
    <form
      className="grid gap-5 lg:grid-cols-2"
      onSubmit={event => {
        event.preventDefault()
        saving.mutate(draft)
      }}
    >
      <div className="flex min-w-0 flex-col gap-4">
        <Input
          label="Status"
          inputMode="numeric"
          hint="200 to 299: the event is stored."
          value={draft.status || ''}
          error={errorsUnder(errors, '/status')}
          onChange={({ target }) => set({ status: Number(target.value) || 0 })}
        />
        <HeadersField draft={draft} set={set} errors={errors} path="/headers" />
        <TextArea
          label="Body of the answer"
          mono
          rows={6}
          hint="A template over the event, as in reactions."
          value={draft.body}
          error={errorsUnder(errors, '/body')}
          onChange={({ target }) => set({ body: target.value })}
        />
        {saving.isError && <ProblemNote error={saving.error} what="The answer was not saved" />}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" look="primary" busy={saving.isPending}>
            Save the answer
          </Button>
          <Button
            onClick={() => {
              setDraft(null)
              if (answer !== null) saving.mutate(null)
            }}
          >
            Plain answer
          </Button>
        </div>
      </div>
      <Preview preview={preview} />
    </form>
  )
}

interface PreviewState {
  rendered: { status: number; headers: string[][]; body: string } | null
  errors: readonly FieldError[]
  /** Why there is none, when the answer is not to blame. */
  failure: string | null
}

function usePreview(id: string, draft: CustomAnswer | null): PreviewState {
  const settled = useSettled(JSON.stringify(draft))
  const { data, error } = useQuery({
    queryKey: ['endpoints', id, 'answer', settled],
    queryFn: ({ signal }) => previewAnswer(id, JSON.parse(settled) as CustomAnswer, signal),
    enabled: settled !== 'null',
    placeholderData: keepPreviousData,
    retry: false,
  })
  if (!error) return { rendered: data?.answer ?? null, errors: data?.errors ?? [], failure: null }
  const problem = asProblem(error)
  const errors = withinAnswer(problem.errors)
  return { rendered: null, errors, failure: errors.length > 0 ? null : problem.detail }
}

const withinAnswer = (errors: readonly FieldError[]): FieldError[] =>
  errors.map(error => ({ ...error, path: error.path.replace(/^\/answer/, '') }))

function Preview({ preview: { rendered, failure } }: { preview: PreviewState }) {
  const head = rendered && [String(rendered.status), ...rendered.headers.map(pair => pair.join(': '))]
  return (
    <section aria-label="Answer to the newest event" className="min-w-0">
      <h3 className="mb-1 font-medium">To the newest event it would be</h3>
      {head ? (
        <pre
          tabIndex={0}
          className="overflow-x-auto rounded-lg border border-line bg-surface p-3 font-mono text-[12.5px] whitespace-pre-wrap [overflow-wrap:anywhere]"
        >
          {`${head.join('\n')}\n\n${rendered.body}`}
        </pre>
      ) : (
        <p className="text-soft">{failure ?? 'It cannot be made yet: see what is marked.'}</p>
      )}
    </section>
  )
}
