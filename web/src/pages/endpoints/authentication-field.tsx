import { useQuery } from '@tanstack/react-query'
import { Plus, Trash2 } from 'lucide-react'
import { providersQuery } from '../../api/providers.ts'
import type { FieldError } from '../../api/types.ts'
import { Button } from '../../ui/button.tsx'
import { errorsUnder } from '../../ui/field-errors.ts'
import { Checkbox, Input, Select, TextArea } from '../../ui/field.tsx'
import {
  schemeForms,
  schemeGroups,
  schemeTitle,
  schemeTypes,
  type SchemeDraft,
  type SchemeField,
} from './scheme-fields.ts'

interface AuthenticationFieldProps {
  schemes: SchemeDraft[]
  onChange: (schemes: SchemeDraft[]) => void
  errors: readonly FieldError[]
}

/** How a sender proves who it is. All schemes listed must pass. */
export function AuthenticationField({ schemes, onChange, errors }: AuthenticationFieldProps) {
  const set = (at: number, scheme: SchemeDraft) =>
    onChange(schemes.map((one, index) => (index === at ? scheme : one)))
  const { data: providers } = useQuery(providersQuery)
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-1 font-medium">Authentication</legend>
      {schemes.length === 0 && (
        <p className="text-[13px] text-soft">
          None yet: a made-up path lets in whoever knows it, a path of your own asks for the endpoint’s token.
        </p>
      )}
      {schemes.length > 1 && <p className="text-[13px] text-soft">All of these must pass.</p>}
      {schemes.map((scheme, index) => (
        <div key={index} className="rounded-lg border border-line bg-surface p-3">
          <div className="flex items-end gap-2">
            <Select
              label="Scheme"
              quiet
              className="flex-1"
              value={scheme.type}
              onChange={({ target }) =>
                set(index, { type: schemeTypes.find(type => type === target.value) ?? 'none', values: {} })
              }
            >
              {schemeGroups.map(({ title, types }) => (
                <optgroup key={title} label={title}>
                  {types.map(type => (
                    <option key={type} value={type}>
                      {schemeTitle(type)}
                    </option>
                  ))}
                </optgroup>
              ))}
            </Select>
            <Button
              look="quiet"
              aria-label={`Remove ${schemeTitle(scheme.type)}`}
              onClick={() => onChange(schemes.filter((_, at) => at !== index))}
            >
              <Trash2 size={16} aria-hidden />
            </Button>
          </div>
          {providers?.items
            .filter(({ type }) => type === scheme.type)
            .map(({ type, title, page, secret, also }) => (
              <p key={type} className="mt-2 text-[13px] text-soft">
                At {title}: {page}. The secret: {secret}. {also}
              </p>
            ))}
          {schemeForms[scheme.type].fields.length > 0 && (
            <div className="mt-3 grid gap-3 sm:grid-cols-2">
              {schemeForms[scheme.type].fields.map(field => (
                <OneField
                  key={field.name}
                  field={field}
                  value={scheme.values[field.name] ?? ''}
                  error={errorsUnder(errors, `/authentication/${index}/${field.name.replace('.', '/')}`)}
                  onChange={value =>
                    set(index, { ...scheme, values: { ...scheme.values, [field.name]: value } })
                  }
                />
              ))}
            </div>
          )}
          <p className="text-[13px] text-danger">
            {errors.find(({ path }) => path === `/authentication/${index}`)?.message}
          </p>
        </div>
      ))}
      <Button
        size="small"
        className="self-start"
        onClick={() => onChange([...schemes, { type: 'bearer', values: {} }])}
      >
        <Plus size={14} aria-hidden />
        {schemes.length === 0 ? 'Ask who sends' : 'Ask for one more'}
      </Button>
    </fieldset>
  )
}

interface OneFieldProps {
  field: SchemeField
  value: string
  error: string | undefined
  onChange: (value: string) => void
}

function OneField({ field: { label, hint, placeholder, as }, value, error, onChange }: OneFieldProps) {
  if (as === 'switch') {
    return (
      <Checkbox
        label={label}
        checked={value === 'true'}
        onChange={e => onChange(e.target.checked ? 'true' : '')}
      />
    )
  }
  if (as === 'secrets') {
    return (
      <TextArea
        {...{ label, hint, error, value }}
        mono
        rows={2}
        className="sm:col-span-2"
        onChange={e => onChange(e.target.value)}
      />
    )
  }
  if (typeof as === 'object') {
    return (
      <Select {...{ label, hint, error, value: value || as[0] }} onChange={e => onChange(e.target.value)}>
        {as.map(choice => (
          <option key={choice}>{choice}</option>
        ))}
      </Select>
    )
  }
  return (
    <Input
      {...{ label, hint, error, placeholder, value }}
      inputMode={as === 'number' ? 'numeric' : 'text'}
      onChange={e => onChange(e.target.value)}
    />
  )
}
