import { Plus, Trash2 } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { errorsUnder } from '../../ui/field-errors.ts'
import { Input } from '../../ui/field.tsx'
import type { FieldError } from '../../api/types.ts'

interface Header {
  name: string
  value: string
}

interface HeadersFieldProps {
  draft: { headers: Header[] }
  set: (part: { headers: Header[] }) => void
  errors: readonly FieldError[]
  /** Where they stand in what is saved. */
  path?: string
}

/** Names, and values that are templates. */
export function HeadersField({
  draft: { headers },
  set,
  errors,
  path = '/action/headers',
}: HeadersFieldProps) {
  const change = (at: number, part: Partial<Header>) =>
    set({ headers: headers.map((header, index) => (index === at ? { ...header, ...part } : header)) })
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 font-medium">Headers</legend>
      {headers.map((header, index) => (
        <div key={index} className="flex items-start gap-2">
          <Input
            label={`Name of header ${index + 1}`}
            quiet
            mono
            className="w-36 shrink-0 sm:w-48"
            placeholder="content-type"
            value={header.name}
            onChange={e => change(index, { name: e.target.value })}
            error={errorsUnder(errors, `${path}/${index}/name`)}
          />
          <Input
            label={`Value of header ${index + 1}`}
            quiet
            mono
            className="flex-1"
            value={header.value}
            onChange={e => change(index, { value: e.target.value })}
            error={errorsUnder(errors, `${path}/${index}/value`)}
          />
          <Button
            look="quiet"
            className="w-9"
            aria-label={`Remove header ${header.name || index + 1}`}
            onClick={() => set({ headers: headers.filter((_, at) => at !== index) })}
          >
            <Trash2 size={15} aria-hidden className="shrink-0" />
          </Button>
        </div>
      ))}
      <Button
        size="small"
        className="self-start"
        onClick={() => set({ headers: [...headers, { name: '', value: '' }] })}
      >
        <Plus size={14} aria-hidden />
        Add a header
      </Button>
    </fieldset>
  )
}
