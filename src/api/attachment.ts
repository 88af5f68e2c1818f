/**
 * A Content-Disposition (RFC 6266) under the name that a sender gave: its last segment, without what no file name has.
 */
export function attachment(filename: string | null, otherwise: string): string {
  const last = filename?.split(/[\\/]/).at(-1) ?? ''
  const clean = last.replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, '').replace(/^[.\s]+|[.\s]+$/g, '')
  const name = clean.slice(0, 120).toWellFormed() || otherwise
  const ascii = name.replace(/[^\x20-\x7e]|[%;\\"]/g, '_')
  const extended = encodeURIComponent(name).replace(
    /['()*!]/g,
    one => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${extended}`
}
