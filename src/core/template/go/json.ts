/** toJson: keys in the order they came, no HTML escapes; times as RFC 3339; `fromJson` is its reverse. */
import { fail, failLimit } from './failure.ts'
import { textSteps, type Meter } from './meter.ts'
import { maxPrintDepth } from './print.ts'
import { formatLayout } from './time.ts'
import { Byte, Float, GoStruct, mapEntry, mapKeys } from './values.ts'

export function toJson(value: unknown, meter: Meter, depth = 0): string {
  meter.charge(1)
  if (depth > maxPrintDepth) failLimit(`data nested deeper than ${maxPrintDepth} cannot be written as JSON`)
  switch (typeof value) {
    case 'string':
      meter.charge(textSteps(value.length))
      return JSON.stringify(value)
    case 'number':
      return Number.isFinite(value) ? JSON.stringify(value) : fail(`JSON has no number ${value}`)
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'object':
      return value === null ? 'null' : objectToJson(value, meter, depth)
    default:
      return 'null'
  }
}

function objectToJson(value: object, meter: Meter, depth: number): string {
  if (value instanceof Date && Number.isNaN(value.getTime())) return 'null'
  if (value instanceof Date) return JSON.stringify(formatLayout(value, '2006-01-02T15:04:05.999Z07:00'))
  if (value instanceof Byte || value instanceof Float) return toJson(value.value, meter, depth)
  if (value instanceof GoStruct) return structToJson(value, meter, depth)
  if (Array.isArray(value)) {
    return `[${joined(value.length, index => toJson(value[index], meter, depth + 1), meter)}]`
  }
  const keys = mapKeys(value).filter(key => mapEntry(value, key) !== undefined)
  return `{${joined(keys.length, index => member(keys[index] as string, mapEntry(value, keys[index] as string), meter, depth), meter)}}`
}

function structToJson<Self>({ type, self }: GoStruct<Self>, meter: Meter, depth: number): string {
  if (type.isNil === true) return 'null'
  if (type.integer !== undefined) return String(type.integer(self))
  const fields = [...type.fields]
  const write = (index: number): string => {
    const [name, read] = fields[index] as [string, (self: Self) => unknown]
    return member(name, read(self), meter, depth)
  }
  return `{${joined(fields.length, write, meter)}}`
}

const member = (name: string, value: unknown, meter: Meter, depth: number): string =>
  `${JSON.stringify(name)}:${toJson(value, meter, depth + 1)}`

function joined(count: number, write: (index: number) => string, meter: Meter): string {
  let text = ''
  for (let index = 0; index < count; index++) {
    text += (index > 0 ? ',' : '') + write(index)
    meter.checkLength(text.length)
  }
  return text
}

export function fromJson(text: string, meter: Meter): unknown {
  // A short text can become many values.
  meter.charge(text.length >> 2)
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    return fail(`not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}
