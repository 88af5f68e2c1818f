import { useState } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Input, Select } from './field.tsx'
import { presets } from './range.ts'
import { shortTime } from './format.ts'

interface RangeSelectProps {
  value: string | undefined
  onChange: (range: string | undefined) => void
  /** There is always a range: "any time" is no choice. */
  required?: boolean
}

/** Choices of a time range: up to now, or between two times. */
export function RangeSelect({ value, onChange, required = false }: RangeSelectProps) {
  const [choosing, setChoosing] = useState(false)
  const isCustom = value?.includes('/') ?? false
  return (
    <>
      <Select
        label="Time"
        quiet
        value={value ?? ''}
        onChange={({ target }) =>
          target.value === 'custom' ? setChoosing(true) : onChange(target.value || undefined)
        }
      >
        {!required && <option value="">Any time</option>}
        {presets.map(([range, label]) => (
          <option key={range} value={range}>
            {label}
          </option>
        ))}
        {isCustom && <option value={value}>{describe(value ?? '')}</option>}
        <option value="custom">Between two times…</option>
      </Select>
      {choosing && <Between onClose={() => setChoosing(false)} onChoose={onChange} />}
    </>
  )
}

function describe(range: string): string {
  const [from, to] = range.split('/')
  return `${from ? shortTime(from) : 'the beginning'} – ${to ? shortTime(to) : 'now'}`
}

function Between({ onClose, onChoose }: { onClose: () => void; onChoose: (range: string) => void }) {
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const wrongOrder = from !== '' && to !== '' && from >= to
  const iso = (local: string) => (local === '' ? '' : new Date(local).toISOString())
  return (
    <Dialog
      open
      onClose={onClose}
      title="Between two times"
      description="In your time zone. Leave one empty for no limit."
      actions={
        <Button
          look="primary"
          disabled={(from === '' && to === '') || wrongOrder}
          onClick={() => {
            onChoose(`${iso(from)}/${iso(to)}`)
            onClose()
          }}
        >
          Show
        </Button>
      }
    >
      <div className="mt-3 grid gap-3 sm:grid-cols-2">
        <Input
          label="From"
          type="datetime-local"
          step={1}
          value={from}
          onChange={e => setFrom(e.target.value)}
        />
        <Input
          label="Until"
          type="datetime-local"
          step={1}
          value={to}
          onChange={e => setTo(e.target.value)}
          error={wrongOrder && 'This is before the other time.'}
        />
      </div>
    </Dialog>
  )
}
