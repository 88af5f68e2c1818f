import { useQuery } from '@tanstack/react-query'
import { isPractice, practiceQuery } from '../../api/practice.ts'
import { Button } from '../../ui/button.tsx'
import { CodeField } from '../../ui/code-field.tsx'
import { errorsUnder } from '../../ui/field-errors.ts'
import { Input, Select } from '../../ui/field.tsx'
import type { StepProps } from './step-props.ts'
import { HeadersField } from './headers-field.tsx'
import { PracticePanel } from './practice.tsx'

const hints = {
  go: (
    <>
      Go template syntax. <code className="font-mono">{'{{ .body.name }}'}</code> inserts a value,{' '}
      <code className="font-mono">{'{{ toJson .body }}'}</code> inserts it as JSON.
    </>
  ),
  octostache: (
    <>
      <code className="font-mono">{'#{body.name}'}</code> inserts a value,{' '}
      <code className="font-mono">{'"#{body.name | JsonEscape}"'}</code> inserts it into JSON. What has no
      value stays as it stands.
    </>
  ),
  tsuru: (
    <>
      Go template syntax over tsuru’s event: <code className="font-mono">{'{{ .Kind.Name }}'}</code>,{' '}
      <code className="font-mono">{'{{ .Target.Value }}'}</code>. What is no template is sent as it stands.
    </>
  ),
}

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
            <option key={method} value={method}>
              {method === '' ? '(POST)' : method}
            </option>
          ))}
        </Select>
        <Input
          label="URL"
          mono
          required
          className="flex-1"
          placeholder={`https://hooks.example.com/${draft.language === 'octostache' ? '#{body.repository.name}' : '{{ .body.repository.name }}'}`}
          value={draft.url}
          onChange={e => set({ url: e.target.value })}
          error={draft.url !== '' && errorsUnder(errors, '/action/url')}
        />
      </div>
      <Practise url={draft.url} choose={url => set({ url })} />
      <HeadersField draft={draft} set={set} errors={errors} />
      <Select
        label="Template language"
        hint="Of the URL, the headers and the body."
        value={draft.language}
        onChange={({ target }) => set({ language: target.value as typeof draft.language })}
      >
        <option value="go">Go templates: {'{{ .body.name }}'}</option>
        <option value="octostache">Octostache, as in Octopus Deploy: {'#{body.name}'}</option>
        {draft.language === 'tsuru' && <option value="tsuru">tsuru’s webhooks</option>}
      </Select>
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
          language={draft.language === 'octostache' ? 'octostache' : 'template'}
          lines
          value={draft.body}
          onChange={body => set({ body })}
          errors={errors.filter(({ path }) => path === '/action/body')}
          hint={hints[draft.language]}
        />
      )}
    </>
  )
}

/** No receiver of one's own is needed to see a reaction at work. */
function Practise({ url, choose }: { url: string; choose: (url: string) => void }) {
  const { data } = useQuery({ ...practiceQuery, refetchInterval: false })
  if (isPractice(url)) return <PracticePanel />
  if (!data?.enabled) return null
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px] text-soft">
      <Button size="small" onClick={() => choose(data.url)}>
        Send it to the practice target
      </Button>
      A receiver inside of Signalbox, with a switch.
    </p>
  )
}
