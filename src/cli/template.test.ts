import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { run } from './testing/captured.ts'
import { startStandIn } from './testing/stand-in.ts'

const folder = mkdtempSync(join(tmpdir(), 'signalbox-template-'))
function fileOf(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

test('template render sends the file and the context, and prints what came out as it is', async context => {
  const json = { output: '{"n": 1}\n', outputBytes: 9, errors: [], unresolved: [] }
  const server = await startStandIn(context, { 'POST /api/templates/render': json })
  const file = fileOf('body.tmpl', '{"n": {{.body.n}}}\n')
  const sample = fileOf('context.yaml', 'body: {n: 1}')
  const { code, stdout, stderr } = await run(
    ['template', 'render', file, '--context', sample, '--language', 'go', '--no-extended-functions'],
    { server },
  )
  assert.deepEqual([code, stdout, stderr], [0, '{"n": 1}\n', ''])
  assert.deepEqual(server.received[0]?.json, {
    template: '{"n": {{.body.n}}}\n',
    language: 'go',
    extendedFunctions: false,
    context: { body: { n: 1 } },
  })
})

test('template render tells mistakes on stderr as compilers do, and ends with 1', async context => {
  const errors = [{ path: '/template', message: 'missing value for if', line: 2, column: 7 }]
  const json = { output: null, outputBytes: 0, errors, unresolved: [] }
  const server = await startStandIn(context, { 'POST /api/templates/render': json })
  const file = fileOf('broken.tmpl', 'a\n b{{if}}')
  const { code, stdout, stderr } = await run(['template', 'render', file, '--event', 'evt_1'], { server })
  assert.deepEqual([code, stdout, stderr], [1, '', `error: ${file}:2:7: missing value for if\n`])
  const asJson = await run(['template', 'render', file, '--json'], { server })
  assert.deepEqual([asJson.code, JSON.parse(asJson.stdout)], [1, json])
})

test('filter test takes a reaction file, its options change it, and a no is no failure', async context => {
  const verdict = { matches: false, code: 'filter.where', reason: 'The expression is false: body.n > 3' }
  const server = await startStandIn(context, { 'POST /api/filters/test': { verdict, errors: [] } })
  const file = fileOf('reaction.yaml', 'name: r\nfilter:\n  kindNames: [app]\n  outcome: error\n')
  const { code, stdout } = await run(
    ['filter', 'test', '-f', file, '--where', 'body.n > 3', '--outcome', 'success', '--event', 'evt_1'],
    { server },
  )
  assert.deepEqual(
    [code, stdout],
    [0, 'It does not match: The expression is false: body.n > 3 (filter.where)\n'],
  )
  assert.deepEqual(server.received[0]?.json, {
    filter: { kindNames: ['app'], outcome: 'success', where: 'body.n > 3' },
    event: 'evt_1',
  })
})

test('what cannot be tried is said before the server is asked', async context => {
  const server = await startStandIn(context, {})
  const nothing = await run(['filter', 'test', '--where', 'true'], { server })
  assert.deepEqual(
    [nothing.code, nothing.stderr.split('\n')[0]],
    [2, 'signalbox: Give --event or --context to try it on'],
  )
  const both = await run(['template', 'render', '-', '--event', 'evt_1', '--context', '-'], { server })
  assert.equal(both.code, 2)
  assert.equal(server.received.length, 0)
})
