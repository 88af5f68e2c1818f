import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Problem } from '../../api/problem.ts'
import { changeSecret, makeSecret, type Secret } from '../../api/secrets.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { errorsUnder } from '../../ui/field-errors.ts'
import { Input, TextArea } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { toast } from '../../ui/toast.tsx'

interface SecretDialogProps {
  /** Null: a new one is made. */
  secret: Secret | null
  onClose: () => void
  onDone: () => void
}

/** What is typed as the value goes to the server and stays nowhere. */
export default function SecretDialog({ secret, onClose, onDone }: SecretDialogProps) {
  const [name, setName] = useState(secret?.name ?? '')
  const [value, setValue] = useState('')
  const [hosts, setHosts] = useState(secret?.hosts.join('\n') ?? '')
  const [description, setDescription] = useState(secret?.description ?? '')
  const save = useMutation({
    mutationFn: () => {
      const change = {
        ...(value === '' ? {} : { value }),
        hosts: hosts.split(/[\s,]+/).filter(host => host !== ''),
        description,
      }
      return secret === null ? makeSecret({ name, ...change }) : changeSecret(secret.id, change)
    },
    onSuccess(saved) {
      toast(secret === null ? `${saved.name} is set.` : `${saved.name} is changed.`)
      onDone()
      onClose()
    },
  })
  const errors = save.error instanceof Problem ? save.error.errors : []
  return (
    <Dialog
      open
      onClose={onClose}
      title={secret === null ? 'New secret' : `Change ${secret.name}`}
      description="Nobody reads the value again, not even you: keep it where you have it from."
    >
      <form
        className="mt-4 flex flex-col gap-4"
        onSubmit={event => {
          event.preventDefault()
          save.mutate()
        }}
      >
        {secret === null && (
          <Input
            label="Name"
            mono
            required
            maxLength={64}
            placeholder="GITHUB_TOKEN"
            value={name}
            onChange={event => setName(event.target.value)}
            error={errorsUnder(errors, '/name')}
          />
        )}
        <TextArea
          label="Value"
          mono
          rows={2}
          required={secret === null}
          autoComplete="off"
          value={value}
          onChange={event => setValue(event.target.value)}
          hint={secret === null ? 'At least 4 characters.' : 'Leave it empty to keep the one that is set.'}
          error={errorsUnder(errors, '/value')}
          className="[&_textarea]:[-webkit-text-security:disc]"
        />
        <TextArea
          label="Hosts"
          mono
          rows={2}
          placeholder="api.github.com"
          value={hosts}
          onChange={event => setHosts(event.target.value)}
          hint="The only ones that it may be sent to, one a line; *.example.com for all below one. Empty: any."
          error={errorsUnder(errors, '/hosts')}
        />
        <Input
          label="Description"
          maxLength={2000}
          value={description}
          onChange={event => setDescription(event.target.value)}
        />
        {save.isError && errors.length === 0 && <ProblemNote error={save.error} what="It was not saved" />}
        <Button look="primary" type="submit" className="self-start" busy={save.isPending}>
          {secret === null ? 'Set it' : 'Change it'}
        </Button>
      </form>
    </Dialog>
  )
}
