/** The dates that .NET reads in the culture en-US, as far as they are met: ISO, month/day/year, and those with names. */
import { isInRange, localOffset, type Moment } from './moment.ts'
import { monthNames } from '../date-names.ts'

const time =
  /(?:[T ]\s*(?<hour>\d{1,2})(?::(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:\.(?<fraction>\d+))?)?)?\s*(?<half>[AP]\.?M\.?)?)?/
const zone = /\s*(?<zone>Z|GMT|UTC|[+-]\d{1,2}(?::?\d{2})?)?/
const day = /(?<day>\d{1,2})/
const year = /(?<year>\d{2}|\d{4})/
const name = /(?:[A-Za-z]{3,9},?\s+)?/
const month = /(?<monthName>[A-Za-z]{3,9})\.?/

const forms = [
  String.raw`(?<year>\d{4})(?<divider>[-/.])(?<month>\d{1,2})\k<divider>${day.source}`,
  String.raw`(?<month>\d{1,2})(?<divider>[-/.])${day.source}\k<divider>${year.source}`,
  String.raw`${name.source}${day.source}[ -]${month.source}[ -],?${year.source}`,
  String.raw`${name.source}${month.source}\s+${day.source},?\s+${year.source}`,
].map(date => new RegExp(String.raw`^\s*${date}${time.source}${zone.source}\s*$`, 'i'))

/** Null for what is no date. Without an offset, the zone is `none`, and the offset that of the server. */
export function parseDate(text: string): Moment | null {
  if (text.length > 100) return null
  for (const form of forms) {
    const found = form.exec(text)?.groups
    if (found) return momentOf(found)
  }
  return null
}

function momentOf(found: Partial<Record<string, string>>): Moment | null {
  const monthNumber = found.monthName === undefined ? Number(found.month) : monthOf(found.monthName)
  const dayNumber = Number(found.day)
  const hour = hourOf(found)
  const minute = Number(found.minute ?? 0)
  const second = Number(found.second ?? 0)
  if (hour === null || (found.hour !== undefined && found.minute === undefined && found.half === undefined))
    return null
  if (monthNumber < 1 || monthNumber > 12 || minute > 59 || second > 59) return null
  const date = new Date(0)
  date.setUTCFullYear(fullYear(found.year!), monthNumber - 1, dayNumber)
  if (date.getUTCDate() !== dayNumber) return null
  const fraction = Math.round(Number(`0.${found.fraction ?? '0'}`) * 10_000_000)
  const clockMs = date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + Math.floor(fraction / 10_000)
  const offset = found.zone === undefined ? null : offsetOf(found.zone)
  if (offset !== null && Math.abs(offset) > 14 * 60) return null
  const moment: Moment = {
    clockMs,
    ticks: fraction % 10_000,
    offsetMinutes: offset ?? localOffset(clockMs),
    zone: offset === null ? 'none' : /^[zgu]/i.test(found.zone!) ? 'utc' : 'offset',
  }
  return isInRange(moment) ? moment : null
}

const monthOf = (text: string): number =>
  monthNames.findIndex(
    full =>
      full.toLowerCase() === text.toLowerCase() || full.slice(0, 3).toLowerCase() === text.toLowerCase(),
  ) + 1

function hourOf({ hour, half }: Partial<Record<string, string>>): number | null {
  const shown = Number(hour ?? 0)
  if (half === undefined) return shown < 24 ? shown : null
  if (shown < 1 || shown > 12) return null
  return (shown % 12) + (/^p/i.test(half) ? 12 : 0)
}

const fullYear = (text: string): number =>
  text.length === 4 ? Number(text) : Number(text) + (Number(text) < 50 ? 2000 : 1900)

function offsetOf(text: string): number {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(text) ?? []
  return hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
