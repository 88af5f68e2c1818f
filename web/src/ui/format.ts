/** Texts for numbers and times, in the reader's own time zone. */

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
})
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' })

/** `06:50:00` today, `20 Nov 06:50:00` on other days. */
export function shortTime(time: string, now = new Date()): string {
  const date = new Date(time)
  const isToday = date.toDateString() === now.toDateString()
  return isToday ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`
}

export const fullTime = (time: string): string => full.format(new Date(time))

const units: [unit: string, ms: number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
]

/** `320 ms`, `4.2 s`, `2 min 10 s`, `3 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${Math.round(ms / 100) / 10} s`
  const at = units.findIndex(([, size]) => ms >= size)
  const [unit, size] = units[at] ?? ['s', 1000]
  const whole = Math.floor(ms / size)
  const below = units[at + 1]
  const rest = below ? Math.floor((ms - whole * size) / below[1]) : 0
  return below && rest > 0 ? `${whole} ${unit} ${rest} ${below[0]}` : `${whole} ${unit}`
}

/** `just now`, `5 min ago`. */
export function ago(time: string, nowMs: number): string {
  const ms = nowMs - Date.parse(time)
  if (ms < 5000) return 'just now'
  const [unit, size] = units.find(([, size]) => ms >= size) ?? ['s', 1000]
  return `${Math.floor(ms / size)} ${unit} ago`
}

export function bytes(count: number): string {
  if (count < 1024) return `${count} B`
  const kib = count / 1024
  return kib < 1024 ? `${trim(kib)} KiB` : `${trim(kib / 1024)} MiB`
}

const trim = (value: number): string => (value < 10 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(0))

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString()} ${number === 1 ? one : many}`
