import type { Terminal } from './terminal.ts'
import { escapeControls, escapeLines, padEnd, truncate, widthOf } from './text.ts'

const styles = {
  good: [32, 39],
  bad: [31, 39],
  waiting: [33, 39],
  faint: [2, 22],
  strong: [1, 22],
} as const
export type Style = keyof typeof styles

/** Text is always escaped; a style is put around it only on a terminal that wants colour. */
export type Cell = string | { text: string; style: Style }

export interface Column<Row> {
  title: string
  value(row: Row): Cell
  /** This one gives way when the terminal is too narrow. */
  shrinks?: boolean
}

export interface Output {
  /** One line on stdout. */
  line(...cells: Cell[]): void
  /** Several lines at once on stdout; false asks to wait for `drain`, as a stream does. */
  lines(rows: readonly Cell[][]): boolean
  /** One line on stderr, left out with --quiet. */
  note(...cells: Cell[]): void
  /** One line on stderr, always. */
  warn(...cells: Cell[]): void
  /** Text of several lines, indented. */
  block(text: string): void
  /** The same as it is, for a text that will be read by a program: escaped on a terminal only. */
  text(text: string): void
  /** A column in which nothing stands is left out. */
  table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void
  /** Names and values under each other; those without a value are left out. */
  fields(pairs: readonly Field[]): void
  /** The API's JSON, as it came. */
  document(text: string): boolean
}

export type Field = [name: string, value: Cell | null | undefined]

interface OutputOptions {
  color: boolean
  quiet: boolean
}

const narrowestColumn = 8
const gap = '  '

export function createOutput(terminal: Terminal, { color, quiet }: OutputOptions): Output {
  const { stdout, stderr } = terminal
  const wantsColor = color && !terminal.environment['NO_COLOR'] && terminal.environment['TERM'] !== 'dumb'
  const painter = (stream: { isTTY?: boolean }) => (cell: Cell, width?: number) => {
    const escaped = escapeControls(textOf(cell))
    const fitted = width === undefined ? escaped : truncate(escaped, width)
    return wantsColor && stream.isTTY === true && typeof cell !== 'string'
      ? paint(fitted, cell.style)
      : fitted
  }
  const paintOut = painter(stdout)
  const paintErr = painter(stderr)
  // Asked each time: a window may be resized while events are followed.
  const terminalWidth = (): number =>
    stdout.isTTY === true ? (stdout.columns ?? 80) : Number.POSITIVE_INFINITY
  const render = (row: readonly Cell[]): string => `${row.map(cell => paintOut(cell)).join('')}\n`
  const warn = (...cells: Cell[]): void =>
    void stderr.write(`${cells.map(cell => paintErr(cell)).join('')}\n`)

  const lines = (rows: readonly Cell[][]): boolean =>
    rows.length === 0 || stdout.write(rows.map(row => fit(row)).join(''))
  function fit(row: readonly Cell[]): string {
    let left = terminalWidth()
    let text = ''
    for (const cell of row) {
      if (left <= 0) break
      text += paintOut(cell, left)
      left -= widthOf(escapeControls(textOf(cell)))
    }
    return `${text}\n`
  }

  function table<Row>(all: readonly Column<Row>[], rows: readonly Row[]): void {
    const columns = all.filter(column => rows.some(row => !isMissing(column.value(row))))
    const cells = rows.map(row => columns.map(column => column.value(row)))
    const widths = fitWidths(columns, cells, terminalWidth())
    const row = (values: readonly Cell[]): string => {
      const padded = values.map((value, index) => {
        const width = widths[index] ?? 0
        const shown = truncate(escapeControls(textOf(value)), width)
        return paintOut(value, width) + ' '.repeat(Math.max(0, width - widthOf(shown)))
      })
      return `${padded.join(gap).trimEnd()}\n`
    }
    stdout.write(
      row(columns.map(column => ({ text: column.title, style: 'faint' }))) + cells.map(row).join(''),
    )
  }

  function fields(pairs: readonly [string, Cell | null | undefined][]): void {
    const given = pairs.filter((pair): pair is [string, Cell] => !isMissing(pair[1]))
    const width = Math.max(0, ...given.map(([name]) => widthOf(name)))
    for (const [name, value] of given) {
      stdout.write(render([{ text: padEnd(name, width + gap.length), style: 'faint' }, value]))
    }
  }

  return {
    line: (...cells) => void stdout.write(render(cells)),
    lines,
    note: (...cells) => void (quiet || warn(...cells)),
    warn,
    block: text => void stdout.write(`${escapeLines(text).replace(/^/gm, gap).trimEnd()}\n`),
    text: text => void stdout.write(stdout.isTTY === true ? escapeLines(text) : text),
    table,
    fields,
    document: text => stdout.write(`${stdout.isTTY === true ? escapeJson(text) : text}\n`),
  }
}

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text)
const isMissing = (cell: Cell | null | undefined): boolean =>
  cell === null || cell === undefined || textOf(cell) === ''

function paint(text: string, style: Style): string {
  const [on, off] = styles[style]
  return `\u001b[${on}m${text}\u001b[${off}m`
}

/** What does not fit is taken from the widest column that may shrink, again and again. */
function fitWidths<Row>(
  columns: readonly Column<Row>[],
  cells: readonly Cell[][],
  terminalWidth: number,
): number[] {
  const widths = columns.map((column, index) =>
    Math.max(widthOf(column.title), ...cells.map(row => widthOf(escapeControls(textOf(row[index] ?? ''))))),
  )
  const shrinking = [...columns.keys()].filter(index => columns[index]?.shrinks === true)
  let excess = widths.reduce((sum, width) => sum + width + gap.length, -gap.length) - terminalWidth
  for (; excess > 0; excess--) {
    const widest = shrinking.reduce(
      (best, index) => ((widths[index] ?? 0) >= (widths[best] ?? 0) ? index : best),
      -1,
    )
    const width = widths[widest] ?? 0
    if (width <= narrowestColumn) break
    widths[widest] = width - 1
  }
  return widths
}

/** JSON.stringify leaves DEL and the C1 controls as they are, and a terminal obeys them; both spellings mean the same. */
const escapeJson = (text: string): string =>
  text.replace(
    /[\u007f-\u009f\p{Bidi_Control}]/gu,
    character => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
