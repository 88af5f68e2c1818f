/** Bytes as `00000010  68 65 6c 6c 6f …  |hello…|`, sixteen a line. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let offset = 0; offset < bytes.length; offset += 16) {
    const row = bytes.subarray(offset, offset + 16)
    const hex = Array.from(row, byte => byte.toString(16).padStart(2, '0')).join(' ')
    const text = Array.from(row, byte =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
    ).join('')
    lines.push(`${offset.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  |${text}|`)
  }
  return lines.join('\n')
}
