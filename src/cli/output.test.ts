import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Column, createOutput, type Output } from './output.ts'
import { start } from './testing/captured.ts'

function shown(columns: number | undefined, write: (output: Output) => void, color = false): string {
  const { terminal, stdout } = start(['--version'], columns === undefined ? {} : { columns })
  const before = stdout().length
  write(createOutput(terminal, { color, quiet: false }))
  return stdout().slice(before)
}

const rows = [
  { name: 'a', text: 'short' },
  { name: 'much-longer', text: 'x'.repeat(60) },
]
const columns: Column<{ name: string; text: string }>[] = [
  { title: 'NAME', value: row => row.name },
  { title: 'TEXT', value: row => row.text, shrinks: true },
]

test('a table fits the terminal, and a pipe gets it all', () => {
  const fitted = shown(40, output => output.table(columns, rows))
    .trimEnd()
    .split('\n')
  assert.deepEqual(fitted, ['NAME         TEXT', 'a            short', `much-longer  ${'x'.repeat(26)}…`])
  assert.match(
    shown(undefined, output => output.table(columns, rows)),
    /x{60}\n$/,
  )
})

test('the widest column gives way first, and one in which nothing stands is left out', () => {
  const both: Column<{ name: string; text: string }>[] = [
    { title: 'A', value: row => row.name.repeat(20), shrinks: true },
    { title: 'NONE', value: () => '' },
    { title: 'B', value: row => row.text, shrinks: true },
  ]
  const [title, row] = shown(40, output => output.table(both, [{ name: 'a', text: 'b'.repeat(60) }])).split(
    '\n',
  )
  assert.equal(title, `A${' '.repeat(20)}B`)
  assert.equal(row, `${'a'.repeat(18)}…  ${'b'.repeat(18)}…`)
})

test('cells with control characters stay in their row', () => {
  const evil = [{ name: 'a\n\u001b[2K', text: 'b' }]
  assert.equal(
    shown(undefined, output => output.table(columns, evil)),
    'NAME        TEXT\na\\n\\x1b[2K  b\n',
  )
})

test('JSON on a terminal means the same, without what the terminal would obey', () => {
  const document = JSON.stringify({ text: '\u009b31m\u202e\u001b[2J' })
  const text = shown(80, output => output.document(document))
  assert.doesNotMatch(text.trimEnd(), /[\p{Cc}\p{Bidi_Control}]/u)
  assert.deepEqual(JSON.parse(text), JSON.parse(document))
  assert.equal(
    shown(undefined, output => output.document(document)),
    `${document}\n`,
  )
})

test('a styled cell keeps its colour around escaped text', () => {
  assert.equal(
    shown(80, output => output.line({ text: 'a\u0007', style: 'bad' }), true),
    '\u001b[31ma\\x07\u001b[39m\n',
  )
})
