import { errorsUnder } from '../../ui/field-errors.ts'
import { Checkbox, Input, Select, TextArea } from '../../ui/field.tsx'
import type { StepProps } from './step-props.ts'

type TextName =
  | 'timeout'
  | 'delays'
  | 'deadline'
  | 'concurrency'
  | 'successStatuses'
  | 'permanentStatuses'
  | 'retryStatuses'
  | 'followRedirects'
  | 'failingAfter'
  | 'proxyUrl'

/** How it is sent, how often it is tried, and what counts as success: each has a default that will do. */
export function DeliverySettings({ draft, set, errors }: StepProps) {
  const text = (name: TextName, path: string) => ({
    mono: true,
    value: draft[name],
    error: errorsUnder(errors, path),
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
  })
  const tell = (what: (typeof draft.tellWhen)[number], isOn: boolean) =>
    set({ tellWhen: isOn ? [...draft.tellWhen, what] : draft.tellWhen.filter(other => other !== what) })
  return (
    <details>
      <summary className="text-[13px] text-accent">Retries, time limits, signing and TLS</summary>
      <div className="mt-3 grid gap-4 sm:grid-cols-2">
        <Input
          label="Retry after"
          className="sm:col-span-2"
          hint="One entry a retry, each spread by ± 20 %. Empty: a single attempt."
          {...text('delays', '/retry/delaysMs')}
        />
        <Input label="Time for one attempt" {...text('timeout', '/action/timeoutMs')} />
        <Input
          label="Deadline of a run"
          hint="What has not ended by then is timed out."
          {...text('deadline', '/deadlineMs')}
        />
        <Input label="Statuses of success" {...text('successStatuses', '/action/successStatuses')} />
        <Input
          label="Runs at once"
          inputMode="numeric"
          placeholder="as the target host allows"
          {...text('concurrency', '/concurrency')}
        />
        <Input
          label="Never try these again"
          placeholder="409, 422"
          hint="Besides most 4xx, which never are."
          {...text('permanentStatuses', '/retry/permanentStatuses')}
        />
        <Input
          label="Try these again"
          placeholder="404, 423"
          hint="Besides 408, 425, 429 and all 5xx."
          {...text('retryStatuses', '/retry/retryStatuses')}
        />
        <Input
          label="Alarm after so many failed runs in a row"
          inputMode="numeric"
          hint="0: none. A run counts once it has failed for good."
          {...text('failingAfter', '/failingAfter')}
        />
        <Input
          label="Redirects to follow"
          inputMode="numeric"
          {...text('followRedirects', '/action/followRedirects')}
        />
        <Input label="Proxy" placeholder="http://proxy:3128" {...text('proxyUrl', '/action/proxyUrl')} />
        <TextArea
          label="Signing secrets"
          className="sm:col-span-2"
          mono
          rows={2}
          placeholder="whsec_…"
          hint="Signs by Standard Webhooks. One a line, the first is the current one; ••• keeps the stored one."
          value={draft.signingSecrets}
          onChange={e => set({ signingSecrets: e.target.value })}
          error={errorsUnder(errors, '/action/signingSecrets')}
        />
        <Select
          label="If Signalbox stops during an attempt"
          className="sm:col-span-2"
          value={draft.onLost}
          onChange={({ target }) => set({ onLost: target.value === 'fail' ? 'fail' : 'retry' })}
        >
          <option value="retry">Try again: the target may get it twice</option>
          <option value="fail">Give up: the outcome is unknown</option>
        </Select>
        <Checkbox
          label="Accept any TLS certificate"
          hint="Anybody on the way could read and change what is sent."
          checked={draft.insecure}
          onChange={e => set({ insecure: e.target.checked })}
        />
        {draft.language === 'go' && (
          <Checkbox
            label="Signalbox’s own template functions"
            hint="toJson, default, now … Without them such a name is refused, as in Go."
            checked={draft.extendedFunctions}
            onChange={e => set({ extendedFunctions: e.target.checked })}
          />
        )}
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 font-medium">Make an event of</legend>
          <Checkbox
            label="each run that is created"
            checked={draft.tellWhen.includes('created')}
            onChange={e => tell('created', e.target.checked)}
          />
          <Checkbox
            label="each run that succeeds"
            hint="Failures always make one."
            checked={draft.tellWhen.includes('succeeded')}
            onChange={e => tell('succeeded', e.target.checked)}
          />
        </fieldset>
      </div>
    </details>
  )
}
