import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'

export const percentile = (values: readonly number[], percent: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN
}
export const median = (values: readonly number[]): number => percentile(values, 50)

/** One line of the table: what was measured, and whether the promise held. */
export interface Row {
  bench: string
  what: string
  measured: string
  promise: string
  /** null where nothing is promised. */
  held: boolean | null
}

/** A promise fails only if the whole spread lies beyond it. */
export function atLeast(
  bench: string,
  what: string,
  values: readonly number[],
  promise: number,
  format: (value: number) => string,
): Row {
  return {
    bench,
    what,
    measured: spread(values, format),
    promise: `≥ ${format(promise)}`,
    held: Math.max(...values) >= promise,
  }
}

export function atMost(
  bench: string,
  what: string,
  values: readonly number[],
  promise: number,
  format: (value: number) => string,
): Row {
  return {
    bench,
    what,
    measured: spread(values, format),
    promise: `≤ ${format(promise)}`,
    held: Math.min(...values) <= promise,
  }
}

export const told = (
  bench: string,
  what: string,
  values: readonly number[],
  format: (value: number) => string,
): Row => ({
  bench,
  what,
  measured: spread(values, format),
  promise: '',
  held: null,
})

function spread(values: readonly number[], format: (value: number) => string): string {
  const middle = format(median(values))
  return values.length === 1
    ? middle
    : `${middle} (${format(Math.min(...values))} … ${format(Math.max(...values))})`
}

export const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ms`
export const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`
export const ratio = (value: number): string => `${value.toFixed(2)} ×`
export const megabytes = (value: number): string => `${Math.round(value)} MB`

/** What a latency promise allows on this disk: it means "where fsync p99 ≤ 1 ms; else 4 × the measured one more". */
export function fsyncP99Ms(): number {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-fsync-'))
  const file = openSync(join(directory, 'file'), 'w')
  const block = Buffer.alloc(4096, 1)
  const took = Array.from({ length: 300 }, () => {
    writeSync(file, block)
    const startedAt = performance.now()
    fsyncSync(file)
    return performance.now() - startedAt
  })
  closeSync(file)
  rmSync(directory, { recursive: true })
  return percentile(took, 99)
}

export const machine = (): string => {
  const [first] = cpus()
  return `${cpus().length} × ${first?.model ?? 'unknown CPU'}, Node ${process.versions.node}, load ${loadavg()[0]!.toFixed(1)}`
}

/** Latencies are promised where fsync p99 ≤ 1 ms; elsewhere four times the measured one is added. */
export const slack = (fsyncMs: number): number => (fsyncMs <= 1 ? 0 : 4 * fsyncMs)
