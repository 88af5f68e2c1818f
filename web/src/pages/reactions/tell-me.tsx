import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { BellRing } from 'lucide-react'
import { useState } from 'react'
import { alarmsQuery, makeTellMe, tellMeQuery } from '../../api/alarms.ts'
import { fieldErrors } from '../../api/problem.ts'
import { reactionsQuery } from '../../api/reactions.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { errorsUnder } from '../../ui/field-errors.ts'
import { Input, Select } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'

/** A button, and behind it the ready reaction that tells of alarms. */
export function TellMe({ look }: { look: 'button' | 'link' }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      {look === 'link' ? (
        <button type="button" className="text-link" onClick={() => setOpen(true)}>
          Tell me of alarms
        </button>
      ) : (
        <Button onClick={() => setOpen(true)}>
          <BellRing size={16} aria-hidden />
          Tell me of alarms
        </Button>
      )}
      {isOpen && <TellMeDialog close={() => setOpen(false)} />}
    </>
  )
}

function TellMeDialog({ close }: { close: () => void }) {
  const [url, setUrl] = useState('')
  const [preset, setPreset] = useState('')
  const presets = useQuery(tellMeQuery).data?.presets ?? []
  const queries = useQueryClient()
  const navigate = useNavigate()
  const making = useMutation({
    mutationFn: () => makeTellMe({ url: url.trim(), ...(preset === '' ? {} : { preset }) }),
    onSuccess(reaction) {
      void queries.invalidateQueries({ ...reactionsQuery, exact: true })
      void queries.invalidateQueries(alarmsQuery)
      close()
      void navigate({ to: '/reactions/$reactionId', params: { reactionId: reaction.id } })
    },
  })
  const errors = fieldErrors(making.error)
  const urlError = errorsUnder(errors, '/url')
  const hint = presets.find(({ name }) => name === preset)?.hint
  return (
    <Dialog
      open
      onClose={close}
      title="Tell me of alarms"
      description="Posts one message when an alarm begins, and one when it ends: an endpoint that is silent or lets nobody in, a reaction that fails, a target that seems down. It is a reaction like any other."
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            type="submit"
            form="tell-me"
            look="primary"
            busy={making.isPending}
            disabled={url.trim() === ''}
          >
            Make the reaction
          </Button>
        </>
      }
    >
      <form
        id="tell-me"
        className="mt-4 flex flex-col gap-4"
        onSubmit={event => {
          event.preventDefault()
          making.mutate()
        }}
      >
        <Input
          label="URL of the webhook"
          mono
          autoFocus
          placeholder="https://hooks.slack.com/services/…"
          value={url}
          error={urlError}
          {...(hint ? { hint } : {})}
          onChange={event => {
            setUrl(event.target.value)
            making.reset()
          }}
        />
        <Select label="Written for" value={preset} onChange={event => setPreset(event.target.value)}>
          <option value="">By the URL; else plain JSON</option>
          {presets.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </Select>
        {making.isError && !urlError && <ProblemNote error={making.error} what="Nothing was made" />}
      </form>
    </Dialog>
  )
}
