import { useQuery } from '@tanstack/react-query'
import { Search, SlidersHorizontal, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { endpointsQuery } from '../../api/endpoints.ts'
import { useSearchKey } from '../../app/keys.ts'
import type { FieldError } from '../../api/types.ts'
import { Button } from '../../ui/button.tsx'
import { Input, Select } from '../../ui/field.tsx'
import { RangeSelect } from '../../ui/range-select.tsx'
import { isFiltered, type EventFilter } from './search.ts'
import { WhereFilter } from './where-filter.tsx'

interface EventFiltersProps {
  search: EventFilter
  /** What the server says is wrong with them. */
  errors: readonly FieldError[]
  onChange: (search: EventFilter) => void
}

/** The search is always there; the other filters open below it. */
export function EventFilters({ search, errors, onChange }: EventFiltersProps) {
  const { text, ...others } = search
  const [isOpen, setOpen] = useState(isFiltered(others))
  const chosen = Object.values(others).filter(value => value !== undefined).length
  return (
    <div role="search" aria-label="Filter events" className="flex flex-col gap-2">
      <div className="flex gap-2">
        <TextFilter value={text} onChange={text => onChange({ ...search, text })} />
        <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <SlidersHorizontal size={15} aria-hidden />
          {chosen > 0 ? `Filters: ${chosen}` : 'Filters'}
        </Button>
      </div>
      {isOpen && <MoreFilters search={search} errors={errors} onChange={onChange} />}
    </div>
  )
}

function MoreFilters({ search, errors, onChange }: EventFiltersProps) {
  const endpoints = useQuery(endpointsQuery).data?.items ?? []
  const change = (part: EventFilter) => onChange({ ...search, ...part })
  return (
    <div className="grid grid-cols-2 gap-2">
      <Select
        label="Source"
        quiet
        value={search.endpoint ?? ''}
        onChange={({ target }) => change({ endpoint: target.value || undefined })}
      >
        <option value="">Any source</option>
        {endpoints.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
        {search.endpoint && !endpoints.some(({ id }) => id === search.endpoint) && (
          <option value={search.endpoint}>{search.endpoint}</option>
        )}
      </Select>
      <Select
        label="Outcome"
        quiet
        value={search.outcome ?? ''}
        onChange={({ target }) =>
          change({
            outcome: target.value === 'success' || target.value === 'error' ? target.value : undefined,
          })
        }
      >
        <option value="">Any outcome</option>
        <option value="success">Without an error</option>
        <option value="error">With an error</option>
      </Select>
      <TypedFilter
        label="Kind"
        placeholder="Kind: deployment"
        value={search.kind}
        onChange={kind => change({ kind })}
      />
      <TypedFilter
        label="Target"
        placeholder="Target: app:shop"
        value={search.target}
        onChange={target => change({ target })}
      />
      <RangeSelect value={search.range} onChange={range => change({ range })} />
      <WhereFilter
        key={search.where ?? ''}
        value={search.where}
        errors={errors}
        onChange={where => change({ where })}
      />
      {isFiltered(search) && (
        <Button look="quiet" className="justify-self-start" onClick={() => onChange({})}>
          <X size={15} aria-hidden />
          Clear filters
        </Button>
      )}
    </div>
  )
}

interface TypedFilterProps {
  value: string | undefined
  onChange: (value: string | undefined) => void
}

function TextFilter({ value, onChange }: TypedFilterProps) {
  const box = useRef<HTMLDivElement>(null)
  useSearchKey(box)
  return (
    <div ref={box} className="relative min-w-0 flex-1">
      <Search size={15} aria-hidden className="absolute top-[11px] left-3 text-soft" />
      <TypedFilter label="Search" placeholder="Search" value={value} onChange={onChange} inset />
    </div>
  )
}

const settledAfterMs = 300

/** Text that filters once the typing pauses, or at Enter; Escape leaves. */
function TypedFilter(props: TypedFilterProps & { label: string; placeholder: string; inset?: boolean }) {
  const { value = '', onChange, label, placeholder, inset } = props
  const [text, setText] = useState(value)
  const [former, setFormer] = useState(value)
  if (former !== value) {
    setFormer(value)
    setText(value)
  }
  const settle = useRef(onChange)
  settle.current = onChange
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => settle.current(text.trim() || undefined), settledAfterMs)
    return () => clearTimeout(timer)
  }, [text, value])
  return (
    <Input
      label={label}
      quiet
      type="search"
      placeholder={placeholder}
      value={text}
      className={inset ? '[&_input]:pl-9' : ''}
      onChange={event => setText(event.target.value)}
      onKeyDown={event => {
        if (event.key === 'Escape') event.currentTarget.blur()
        if (event.key === 'Enter') onChange(text.trim() || undefined)
      }}
    />
  )
}
