import { useQuery } from '@tanstack/react-query'
import { kindsQuery } from '../../api/kinds.ts'
import { CodeField } from '../../ui/code-field.tsx'
import { errorsUnder } from '../../ui/field-errors.ts'
import { Checkbox, Input, Select, TextArea } from '../../ui/field.tsx'
import { WordOptions } from '../../ui/word-options.tsx'
import type { StepProps } from './step-props.ts'

const kindTypes = ['external', 'platform', 'permission', 'internal', 'signalbox']

export function FilterStep({ draft, set, errors }: StepProps) {
  const kinds = useQuery(kindsQuery).data?.items ?? []
  const targets = kinds.flatMap(kind => kind.targets)
  const targetTypes = [...new Set(targets.map(({ type }) => type))].toSorted()
  const targetValues = [...new Set(targets.flatMap(({ example }) => example ?? []))].toSorted()
  const text = (name: 'kindNames' | 'targetTypes' | 'targetValues') => ({
    mono: true,
    list: `${name}-options`,
    value: draft[name],
    error: errorsUnder(errors, `/filter/${name}`),
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
  })
  const isLong =
    draft.kindTypes.length > 0 ||
    [draft.targetTypes, draft.targetValues, draft.targets].some(value => value !== '')
  return (
    <>
      <WordOptions id="kindNames-options" value={draft.kindNames} words={kinds.map(({ name }) => name)} />
      <WordOptions id="targetTypes-options" value={draft.targetTypes} words={targetTypes} />
      <WordOptions id="targetValues-options" value={draft.targetValues} words={targetValues} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Input
          label="Kinds"
          placeholder="deployment.failed, app.update"
          hint="Each also takes whatever lies below it."
          {...text('kindNames')}
        />
        <Select
          label="Outcome"
          value={draft.outcome}
          onChange={({ target }) => set({ outcome: target.value as typeof draft.outcome })}
        >
          <option value="any">With or without an error</option>
          <option value="success">Without an error</option>
          <option value="error">With an error</option>
        </Select>
      </div>
      <CodeField
        label="Where"
        language="expression"
        placeholder={'body.action == "push" && body.branch in ["main", "release"]'}
        value={draft.where}
        onChange={where => set({ where })}
        errors={errors.filter(({ path }) => path === '/filter/where')}
        hint={
          <>
            A CEL expression over{' '}
            <code className="font-mono">event, body, headers, query, params, endpoint</code> and{' '}
            <code className="font-mono">raw</code>.
          </>
        }
      />
      <details open={isLong || undefined}>
        <summary className="text-[13px] text-accent">Targets and kind types</summary>
        <div className="mt-3 grid gap-4 sm:grid-cols-2">
          <Input label="Target types" placeholder="app" {...text('targetTypes')} />
          <Input label="Target values" placeholder="shop" {...text('targetValues')} />
          <TextArea
            label="Targets, type and value together"
            className="sm:col-span-2"
            mono
            rows={2}
            placeholder={'app: shop, cart\nenvironment: production'}
            hint="One type a line. Any of its values, and every type listed."
            value={draft.targets}
            error={errorsUnder(errors, '/filter/targets')}
            onChange={e => set({ targets: e.target.value })}
          />
          <fieldset className="sm:col-span-2">
            <legend className="mb-1 font-medium">Kind types</legend>
            <div className="flex flex-wrap gap-x-5 gap-y-1">
              {kindTypes.map(type => (
                <Checkbox
                  key={type}
                  label={type}
                  checked={draft.kindTypes.includes(type)}
                  onChange={({ target }) =>
                    set({
                      kindTypes: target.checked
                        ? [...draft.kindTypes, type]
                        : draft.kindTypes.filter(other => other !== type),
                    })
                  }
                />
              ))}
            </div>
          </fieldset>
        </div>
      </details>
    </>
  )
}
