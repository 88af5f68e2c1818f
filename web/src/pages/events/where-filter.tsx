import { useState } from 'react'
import type { FieldError } from '../../api/types.ts'
import { Button } from '../../ui/button.tsx'
import { CodeField } from '../../ui/code-field.tsx'

interface WhereFilterProps {
  value: string | undefined
  errors: readonly FieldError[]
  onChange: (where: string | undefined) => void
}

/** An expression is searched with when it is told to be, not at each letter: half of one is no expression. */
export function WhereFilter({ value = '', errors, onChange }: WhereFilterProps) {
  const [where, setWhere] = useState(value)
  const isChanged = where.trim() !== value
  return (
    <div className="col-span-2 flex flex-col gap-1.5">
      <CodeField
        label="Where"
        language="expression"
        placeholder={'body.amount > 100 && event.error == null'}
        value={where}
        onChange={setWhere}
        errors={isChanged ? [] : errors.filter(({ path }) => path === '/where')}
        hint="A CEL expression, as in reactions."
      />
      {isChanged && (
        <Button className="justify-self-start self-start" onClick={() => onChange(where.trim() || undefined)}>
          Search with it
        </Button>
      )}
    </div>
  )
}
