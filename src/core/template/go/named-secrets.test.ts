import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TemplateError } from '../language.ts'
import { compileGoTemplate } from './template.ts'

const named = (source: string) => compileGoTemplate('t', source).secrets
const names = (source: string) => named(source).map(({ name }) => name)

test('a template tells which secrets it names, and where', () => {
  assert.deepEqual(named('a\n  {{ secret "TOKEN" }}'), [{ name: 'TOKEN', line: 2, column: 6 }])
  assert.deepEqual(names('{{"A" | secret}} {{secret `B` | b64enc}} {{printf "%s:%s" "me" (secret "C")}}'), [
    'A',
    'B',
    'C',
  ])
  assert.deepEqual(named('no secret "X" here, {{/* secret "Y" */}} {{ "secret Z" }}'), [])
})

test('also of branches that a render may never reach', () => {
  const source =
    '{{define "d"}}{{secret "D"}}{{end}}{{if .x}}{{secret "A"}}{{else if secret "B"}}{{else}}{{range .y}}{{with secret "C"}}{{.}}{{end}}{{end}}{{end}}{{template "d" secret "E"}}{{$v := secret "F"}}{{(secret "G").h}}'
  assert.deepEqual(new Set(names(source)), new Set(['A', 'B', 'C', 'D', 'E', 'F', 'G']))
})

test('a name that is not written out is told as such: nobody outside may choose a secret', () => {
  for (const source of [
    '{{secret .name}}',
    '{{.name | secret}}',
    '{{$n := "A"}}{{secret $n}}',
    '{{secret (print "A" .b)}}',
    '{{print secret}}',
    '{{print "A" | secret}}',
    '{{secret 5}}',
  ])
    assert.deepEqual(names(source), [null], source)
})

test('what the reader of secrets throws ends the render there, and stays the cause', () => {
  const cause = new Error('There is no secret TOKEN')
  const secrets = () => {
    throw cause
  }
  assert.throws(
    () => compileGoTemplate('t', 'ab\n{{ secret "TOKEN" }}').render({}, { secrets }),
    (error: unknown) => {
      assert.ok(error instanceof TemplateError)
      assert.deepEqual(
        [error.code, error.line, error.column, error.cause],
        ['template.execution', 2, 4, cause],
      )
      assert.match(error.message, /There is no secret TOKEN/)
      return true
    },
  )
})

test('in Go’s own language there is no such function', () => {
  assert.throws(() => compileGoTemplate('t', '{{secret "A"}}', { functions: 'builtin' }), TemplateError)
})
