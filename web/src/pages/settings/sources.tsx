import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { fieldErrors } from '../../api/problem.ts'
import { addSource, deleteSource, type Source, sourcesQuery } from '../../api/sources.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { errorsUnder } from '../../ui/field-errors.ts'
import { Input } from '../../ui/field.tsx'
import { Section } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Ago } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.tsx'

/** Other products that are asked for their events, and how that goes. */
export function Sources() {
  const { data, error, refetch } = useQuery(sourcesQuery)
  const [isAdding, setAdding] = useState(false)
  return (
    <Section title="Sources">
      <p className="text-soft">
        Events of a tsuru server, fetched as they end there. A webhook of tsuru that is pointed at an endpoint
        brings them sooner.
      </p>
      {error && (
        <ProblemNote error={error} what="The sources could not be read" retry={() => void refetch()} />
      )}
      {data && data.items.length > 0 && (
        <ul aria-label="Sources" className="mt-3 flex flex-col gap-2">
          {data.items.map(source => (
            <Row key={source.id} source={source} />
          ))}
        </ul>
      )}
      <div className="mt-3">
        <Button onClick={() => setAdding(true)}>Add a tsuru server</Button>
      </div>
      {isAdding && <AddDialog onClose={() => setAdding(false)} />}
    </Section>
  )
}

function Row({ source }: { source: Source }) {
  const queries = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  const { name, url, problem, askedAt } = source
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg border border-line px-3 py-2">
      <span className="font-medium">{name}</span>
      <span className="font-mono text-[13px] text-soft [overflow-wrap:anywhere]">{url}</span>
      <span className="text-[13px] text-soft">
        {askedAt === null ? (
          'not asked yet'
        ) : (
          <>
            asked <Ago time={askedAt} />
          </>
        )}
      </span>
      <span className="ml-auto">
        <Button size="small" look="danger" aria-label={`Delete ${name}`} onClick={() => setAsking(true)}>
          Delete
        </Button>
      </span>
      {problem !== null && <p className="w-full text-danger [overflow-wrap:anywhere]">{problem}</p>}
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        title={`Delete ${name}`}
        description="Its events are fetched no more. Those that came stay."
        label="Delete"
        danger
        run={() => deleteSource(source.id)}
        onDone={() => {
          toast(`${name} is deleted.`)
          void queries.invalidateQueries(sourcesQuery)
        }}
      />
    </li>
  )
}

function AddDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient()
  const [draft, setDraft] = useState({ name: '', url: '', token: '' })
  const add = useMutation({
    mutationFn: () => addSource({ ...draft, name: draft.name.trim(), token: draft.token.trim() }),
    onSuccess: ({ name }) => {
      toast(`${name} is asked for its events from now on.`)
      void queries.invalidateQueries(sourcesQuery)
      onClose()
    },
  })
  const errors = fieldErrors(add.error)
  const field = (name: keyof typeof draft) => ({
    value: draft[name],
    error: errorsUnder(errors, `/${name}`),
    onChange: ({ target }: { target: { value: string } }) => setDraft({ ...draft, [name]: target.value }),
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title="Add a tsuru server"
      description="Its events that begin from now on come in here, each once."
      actions={
        <Button look="primary" type="submit" form="add-source" busy={add.isPending}>
          Add
        </Button>
      }
    >
      <form
        id="add-source"
        className="mt-3 flex flex-col gap-4"
        onSubmit={event => {
          event.preventDefault()
          add.mutate()
        }}
      >
        <Input label="Name" mono required placeholder="cloud" {...field('name')} />
        <Input
          label="URL"
          mono
          required
          placeholder="https://tsuru.example.com"
          hint="Where its API answers."
          {...field('url')}
        />
        <Input
          label="Token"
          type="password"
          mono
          required
          autoComplete="off"
          hint="It is kept sealed and never shown again."
          {...field('token')}
        />
        {add.isError && errors.length === 0 && (
          <ProblemNote error={add.error} what="The source was not added" />
        )}
      </form>
    </Dialog>
  )
}
