import { CodeField } from '../../ui/code-field.tsx'
import { errorsUnder } from '../../ui/field-errors.ts'
import { Input, Select } from '../../ui/field.tsx'
import type { StepProps } from './step-props.ts'
import { HeadersField } from './headers-field.tsx'

const methods = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET', 'HEAD']

export function ActionStep({ draft, set, errors }: StepProps) {
  const chosen = methods.includes(draft.method) ? methods : [...methods, draft.method]
  return (
    <>
      <div className="flex gap-2">
        <Select
          label="Method"
          className="w-28 shrink-0"
          value={draft.method}
          onChange={({ target }) => set({ method: target.value })}
          error={errorsUnder(errors, '/action/method')}
        >
          {chosen.map(method => (
            <option key={method}>{method}</option>
          ))}
        </Select>
        <Input
          label="URL"
          mono
          required
          className="flex-1"
          placeholder="https://hooks.example.com/{{ .body.repository.name }}"
          value={draft.url}
          onChange={e => set({ url: e.target.value })}
          error={draft.url !== '' && errorsUnder(errors, '/action/url')}
        />
      </div>
      <HeadersField draft={draft} set={set} errors={errors} />
      <Select
        label="Body"
        value={draft.bodyFrom}
        onChange={({ target }) => set({ bodyFrom: target.value as typeof draft.bodyFrom })}
      >
        <option value="event">The event as JSON</option>
        <option value="original">The bytes as they were received</option>
        <option value="template">A template</option>
      </Select>
      {draft.bodyFrom === 'template' && (
        <CodeField
          label="Body template"
          language="template"
          lines
          value={draft.body}
          onChange={body => set({ body })}
          errors={errors.filter(({ path }) => path === '/action/body')}
          hint={
            <>
              Go template syntax. <code className="font-mono">{'{{ .body.name }}'}</code> inserts a value,{' '}
              <code className="font-mono">{'{{ toJson .body }}'}</code> inserts it as JSON.
            </>
          }
        />
      )}
    </>
  )
}
