/** Text that came from outside, made safe and measured for a terminal. */

const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu
const short: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Shows control characters instead of sending them: an escape sequence in a payload could otherwise move the cursor,
 * rename the window or hide text, and a bidirectional override could show a line in another order than it is read.
 */
export function escapeControls(text: string): string {
  return text.toWellFormed().replace(unsafe, character => short[character] ?? codeOf(character))
}

/** The same for text of several lines: line ends and tabs stay. */
export function escapeLines(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map(line => line.split('\t').map(escapeControls).join('  '))
    .join('\n')
}

function codeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return code <= 0xff
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`
}

const printableAscii = /^[ -~]*$/
const takesNoColumn = /^[\p{M}\p{Cf}]$/u
const takesTwoColumns =
  /^[\p{Emoji_Presentation}\u{1100}-\u{115f}\u{2e80}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{20000}-\u{3fffd}]$/u

function columnsOf(character: string): number {
  if (takesNoColumn.test(character)) return 0
  return takesTwoColumns.test(character) ? 2 : 1
}

/** How many columns of a terminal the text takes: Chinese, Japanese and Korean characters and emoji take two. */
export function widthOf(text: string): number {
  if (printableAscii.test(text)) return text.length
  let width = 0
  for (const character of text) width += columnsOf(character)
  return width
}

/** At most `width` columns; what is cut off is shown by an ellipsis. */
export function truncate(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  let used = 0
  for (const character of text) {
    const columns = columnsOf(character)
    if (used + columns > width - 1) break
    kept += character
    used += columns
  }
  return width > 0 ? `${kept}…` : ''
}

export const padEnd = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)))

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`
