import type { ReactNode } from 'react'
import type { DryRun } from '../../api/types.ts'
import { AspectLabel } from '../../ui/aspect.tsx'
import { Code } from '../../ui/code.tsx'
import { bytes } from '../../ui/format.ts'
import { pretty } from '../../ui/exact-json.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { SampleSelect } from './sample-select.tsx'
import type { Trial } from './use-dry-run.ts'

interface PreviewProps {
  trial: Trial
  sample: string | undefined
  onSample: (id: string | undefined) => void
  /** Samples come from here; '' for anywhere. */
  endpoint: string
  hasUrl: boolean
  children?: ReactNode
}

/** What the reaction would do with a real event. Nothing is sent. */
export function Preview({ trial, sample, onSample, endpoint, hasUrl, children }: PreviewProps) {
  return (
    <section
      aria-label="Preview"
      className="flex min-w-0 flex-col gap-4 rounded-xl border border-line bg-surface p-4"
    >
      <div className="flex items-baseline gap-2">
        <h2 className="flex-1 font-semibold">Preview</h2>
        <span className="text-[13px] text-soft">{trial.isStale ? 'Trying…' : 'Nothing is sent'}</span>
      </div>
      <SampleSelect endpoint={endpoint} value={sample} onChange={onSample} />
      {children}
      {sample !== undefined && !hasUrl && (
        <p className="text-soft">Fill in the URL to see the verdict and the request.</p>
      )}
      {sample !== undefined && hasUrl && <Outcome trial={trial} />}
    </section>
  )
}

function Outcome({ trial: { result, errors, failure, isStale } }: { trial: Trial }) {
  if (failure) return <ProblemNote error={failure} what="The preview could not be made" />
  return (
    <div aria-live="polite" aria-busy={isStale} className="flex flex-col gap-4">
      {result?.verdict && <VerdictLine verdict={result.verdict} />}
      {errors.length > 0 && (
        <p>
          <AspectLabel aspect="danger">
            {errors.length === 1 ? 'One thing to mend' : `${errors.length} things to mend`}
          </AspectLabel>
          <span className="mt-1 block text-[13px] text-soft">Each is told under its field.</span>
        </p>
      )}
      {result?.request && <Rendered request={result.request} />}
    </div>
  )
}

function VerdictLine({ verdict }: { verdict: NonNullable<DryRun['verdict']> }) {
  return (
    <div>
      <AspectLabel aspect={verdict.fires ? 'clear' : 'off'}>
        {verdict.fires ? 'It would fire on this event' : 'It would not fire on this event'}
      </AspectLabel>
      {!verdict.fires && verdict.reason && (
        <p className="mt-1 break-words text-soft [overflow-wrap:anywhere]">{verdict.reason}</p>
      )}
    </div>
  )
}

function Rendered({ request }: { request: NonNullable<DryRun['request']> }) {
  const head = [
    `${request.method} ${request.url}`,
    ...request.headers.map(([name, value]) => `${name}: ${value}`),
  ]
  return (
    <div>
      <h3 className="mb-1 text-[13px] font-medium text-soft">
        The request, {bytes(request.bodyBytes)} of body
      </h3>
      <Code label="Rendered request" wrap>
        {[...head, '', pretty(request.body)].join('\n')}
      </Code>
    </div>
  )
}
