import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Scope } from './support/at-end.ts'
import { signalbox } from './support/command-line.ts'
import { deliver } from './support/see.ts'
import type { Endpoint } from './support/shapes.ts'
import { startSignalbox, temporaryFolder } from './support/signalbox.ts'

async function startWithOrder(t: Scope) {
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, 'data'))
  const box = await startSignalbox(t, { directory: join(folder, 'data') })
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  const event = await deliver(endpoint, { id: 41, who: '{{evil}} & co', lines: [{ sku: 'a' }, { sku: 'b' }] })
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  const run = (args: string[], input = '') => signalbox(args, { directory: folder, input })
  return { event, write, run }
}

test('somebody writes a template, and sees at the command line what it makes of an order that came', async t => {
  const { event, write, run } = await startWithOrder(t)
  write(
    'body.tmpl',
    '{"order": {{.body.id}}, "who": {{toJson .body.who}}, "skus": "{{range .body.lines}}{{.sku}};{{end}}"}',
  )
  const rendered = await run(['template', 'render', 'body.tmpl', '--event', event])
  assert.deepEqual(rendered, {
    exitCode: 0,
    err: '',
    out: '{"order": 41, "who": "{{evil}} & co", "skus": "a;b;"}',
  })

  // A slip: the line and column of it, as a compiler would say.
  const slip = await run(['template', 'render', '--event', event], 'order\n{{.body.id | upcase}}')
  assert.equal(slip.exitCode, 1)
  assert.match(slip.err, /^error: stdin:2:14: function "upcase" not defined/)
  const unfit = await run(['template', 'render', '--event', event], '{{.body.id.number}}')
  assert.match(unfit.err, /^error: stdin:1:8: can't evaluate field number in type int/)
})

test('a hook of tsuru is tried on its event, before there is any', async t => {
  const { write, run } = await startWithOrder(t)
  write(
    'deploy.json',
    '{"Kind": {"Type": "permission", "Name": "app.deploy"}, "Target": {"Type": "app", "Value": "shop"}}',
  )
  const line = 'payload={"text": "[{{.Kind.Name}}]: {{.Target.Type}} {{.Target.Value}}"}'
  const args = ['template', 'render', '--language', 'tsuru', '--context', 'deploy.json']
  const rendered = await run(args, line)
  assert.equal(rendered.out, 'payload={"text": "[app.deploy]: app shop"}')
  const unknown = await run(args, '{{toJson .}}')
  assert.match(unknown.err, /function "toJson" not defined/)
})

test('a filter is tried on an order that came, and on one that is written down', async t => {
  const { event, write, run } = await startWithOrder(t)
  const yes = await run(['filter', 'test', '--where', 'body.id == 41', '--event', event])
  assert.deepEqual([yes.exitCode, yes.out], [0, 'It matches.\n'])
  const no = await run(['filter', 'test', '--where', 'body.id > 100', '--event', event])
  assert.deepEqual(
    [no.exitCode, no.out],
    [0, 'It does not match: The expression is false: body.id > 100 (filter.where)\n'],
  )
  write('failed.yaml', 'event: {kind: app.deploy, error: boom}\nbody: {n: 1}\n')
  const failed = await run([
    'filter',
    'test',
    '--kind',
    'app',
    '--outcome',
    'success',
    '--context',
    'failed.yaml',
    '--json',
  ])
  assert.equal(JSON.parse(failed.out).verdict.code, 'filter.outcome')
  const slip = await run(['filter', 'test', '--where', 'body.id ==', '--event', event])
  assert.equal(slip.exitCode, 1)
  assert.match(slip.err, /^error: \/filter\/where:1:\d+: does not compile/)
  const gone = await run(['filter', 'test', '--where', 'true', '--event', 'evt_gone'])
  assert.equal(gone.exitCode, 4)
})
