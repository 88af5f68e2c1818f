const stepsMs: Record<string, number> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '6h': 21_600_000,
  '1d': 86_400_000,
}

export const stepMsOf = (step: string): number => stepsMs[step] ?? 60_000

/** A range as addresses hold it. */
export const rangeBetween = (fromMs: number, toMs: number): string =>
  `${new Date(fromMs).toISOString()}/${new Date(toMs).toISOString()}`

const share = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 })

/** `98.5 %`; a hair below all is not shown as all. */
export function successRate({ succeeded, failed }: { succeeded: number; failed: number }): string {
  if (succeeded + failed === 0) return '–'
  const rate = succeeded / (succeeded + failed)
  return failed > 0 && rate > 0.999 ? '> 99.9%' : share.format(rate)
}

/** `12 /s`, `0.4 /s`, `3 /min`: as fine as it can be read. */
export function perTime(count: number, spanMs: number): string {
  const perSecond = count / (spanMs / 1000)
  if (count === 0) return '0 /s'
  if (perSecond >= 0.1) return `${perSecond.toLocaleString(undefined, { maximumSignificantDigits: 3 })} /s`
  return `${(perSecond * 60).toLocaleString(undefined, { maximumSignificantDigits: 2 })} /min`
}
