import { formatDate } from './date-format.ts'
import { parseDate } from './date-parse.ts'
import { parseDecimal, parseDouble } from './digits.ts'
import { withOptions } from './filter.ts'
import { inLocal } from './moment.ts'
import { formatDecimalAs, formatDoubleAs, formatInt32As } from './number-format.ts'

/** A number if it is one, or else a date; the first of two options says what it has to be. */
export const format = withOptions(1, 2, (text, options) =>
  options.length === 1
    ? (decimal(text, options[0]!) ?? dateTimeOffset(text, options[0]!))
    : (types[options[0]!.toLowerCase()]?.(text, options[1]!) ?? null),
)

type Formatter = (text: string, format: string) => string | null

const decimal: Formatter = (text, wanted) => {
  const value = parseDecimal(text)
  return value && formatDecimalAs(value, wanted)
}

const int32: Formatter = (text, wanted) => {
  const value = /^\s*[+-]?\d{1,20}\s*$/.test(text) ? Number(text) : NaN
  return value >= -2_147_483_648 && value <= 2_147_483_647 ? formatInt32As(value, wanted) : null
}

const double: Formatter = (text, wanted) => {
  const value = parseDouble(text)
  return value === null ? null : formatDoubleAs(value, wanted)
}

const dateTimeOffset: Formatter = (text, wanted) => {
  const value = parseDate(text)
  return value && formatDate(value, wanted, 'DateTimeOffset')
}

/** A DateTime that says where it is from is shown as the server's clock has it. */
const dateTime: Formatter = (text, wanted) => {
  const value = parseDate(text)
  return value && formatDate(value.zone === 'none' ? value : inLocal(value), wanted, 'DateTime')
}

const types: Partial<Record<string, Formatter>> = Object.assign(
  Object.create(null) as Record<string, Formatter>,
  {
    int: int32,
    int32,
    double,
    decimal,
    date: dateTime,
    datetime: dateTime,
    datetimeoffset: dateTimeOffset,
  },
)
