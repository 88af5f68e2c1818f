import { useQuery } from '@tanstack/react-query'
import { Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { endpointsQuery } from '../../api/endpoints.ts'
import { useShortcuts } from '../../app/keys.ts'
import { Button } from '../../ui/button.tsx'
import { Input, Select } from '../../ui/field.tsx'
import { RangeSelect } from '../../ui/range-select.tsx'
import { isFiltered, type EventSearch } from './search.ts'

interface EventFiltersProps {
  search: EventSearch
  onChange: (search: EventSearch) => void
}

export function EventFilters({ search, onChange }: EventFiltersProps) {
  const endpoints = useQuery(endpointsQuery).data?.items ?? []
  const change = (part: EventSearch) => onChange({ ...search, ...part })
  return (
    <div className="grid grid-cols-2 gap-2 lg:grid-cols-4" role="search" aria-label="Filter events">
      <TextFilter value={search.text} onChange={text => change({ text })} />
      <TypedFilter
        label="Kind"
        placeholder="Kind, e.g. deployment"
        value={search.kind}
        onChange={kind => change({ kind })}
      />
      <Select
        label="Endpoint"
        quiet
        value={search.endpoint ?? ''}
        onChange={event => change({ endpoint: event.target.value || undefined })}
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
      <RangeSelect value={search.range} onChange={range => change({ range })} />
      <TypedFilter
        label="Target"
        placeholder="Target, e.g. app:shop"
        value={search.target}
        onChange={target => change({ target })}
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
  useShortcuts('Filters', [
    { key: '/', label: 'Search', run: () => box.current?.querySelector('input')?.focus() },
  ])
  return (
    <div ref={box} className="relative col-span-2">
      <Search size={15} aria-hidden className="absolute top-[11px] left-3 text-soft" />
      <TypedFilter
        label="Search"
        placeholder="Search bodies, kinds and paths"
        value={value}
        onChange={onChange}
        inset
      />
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
