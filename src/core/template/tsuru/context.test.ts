import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileTemplate, TemplateError } from '../template.ts'
import { tsuruContext } from './context.ts'

const render = (template: string, event: unknown): string =>
  compileTemplate('go', 'hook', template, { functions: 'builtin' }).render(tsuruContext(event))

test('custom data may come as Go writes raw values: their kind, and their bytes in base64', () => {
  const bytes =
    'ZAAAAAJpbWFnZQADAAAAw6kAEG4A/f///xJsAADyBSoBAAAAAWYAAAAAAAAA4D8EYQAVAAAAAjAAAgAAAHgACjEACDIAAQAHaWQAXY8MHio7TF1uf4CRCWF0AJVkUIugAQAAAA=='
  const event = { EndCustomData: { Kind: 3, Data: bytes } }
  assert.equal(
    render('{{.EndCustomData}}', event),
    '{"image": "é","n": {"$numberInt":"-3"},"l": {"$numberLong":"5000000000"},"f": {"$numberDouble":"0.5"},"a": ["x",null,true],"id": {"$oid":"5d8f0c1e2a3b4c5d6e7f8091"},"at": {"$date":{"$numberLong":"1789043696789"}}}',
  )
  assert.equal(render('{{(.EndCustomData.Document.Lookup "image").StringValue}}', event), 'é')
  assert.equal(render('{{.StartCustomData}}', { StartCustomData: { Kind: 0, Data: null } }), '')
})

test('bytes that are cut off or of a type nobody keeps are an error, not a guess', () => {
  const event = {
    EndCustomData: { Kind: 3, Data: 'bgAAAAJpbWFnZQAD' },
    StartCustomData: { Kind: 11, Data: 'AAAA' },
  }
  assert.throws(() => render('{{.EndCustomData}}', event), /ends too early/)
  assert.throws(() => render('{{.StartCustomData}}', event), /BSON type 11/)
})

test('custom data is found where tsuru tells of a single event too', () => {
  assert.equal(render('{{.StartCustomData}}', { CustomData: { Start: ['a'] } }), '["a"]')
  assert.throws(
    () => render('{{.CustomData}}', { CustomData: { Start: ['a'] } }),
    /can't evaluate field CustomData/,
  )
})

test('nothing that changes an event is there to be called', () => {
  for (const method of [
    'SetCancelable',
    'SetOtherCustomData',
    'TryCancel',
    'AckCancel',
    'Done',
    'Abort',
    'Logf',
    'Write',
  ]) {
    assert.throws(() => render(`{{.${method}}}`, {}), TemplateError)
  }
})

test('what is no event at all reads as an event of zeros', () => {
  for (const given of [null, 5, 'text', [], { StartTime: 5, Target: [], ExtraTargets: 'x', Kind: null }]) {
    assert.equal(render('{{.}}', given), '() running "" start by   at 0001-01-01T00:00:00Z')
  }
})

test('any JSON reads as some event, or fails with a TemplateError', () => {
  const names = [
    'Target',
    'Kind',
    'Lock',
    'ExtraTargets',
    'StartCustomData',
    'EndCustomData',
    'StructuredLog',
    'StartTime',
    '__proto__',
  ]
  const source =
    '{{.}}{{.EventData}}{{.Log}}{{range .ExtraTargets}}{{.}}{{end}}{{.StartCustomData}}{{.EndCustomData.Type}}{{printf "%#v" .Lock}}'
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), fc.jsonValue()), event => {
      try {
        render(source, event)
      } catch (error) {
        assert.ok(error instanceof TemplateError, String(error))
      }
    }),
    { numRuns: 500 },
  )
})
