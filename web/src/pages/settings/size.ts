/** `3.2 MB`, `1.5 GB`: in thousands, as retention is given in GB. */
export function size(bytes: number): string {
  const [unit, one] = bytes >= 1e9 ? ['GB', 1e9] : ['MB', 1e6]
  return `${(bytes / Number(one)).toLocaleString(undefined, { maximumFractionDigits: 1 })} ${unit}`
}
