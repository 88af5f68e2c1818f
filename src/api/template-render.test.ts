import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'

let world: World
let eventId: string
before(async () => {
  world = await startWorld()
  eventId = (await world.event({}, '{"amount": 12, "who": "A&B"}')).id
})
after(() => world.close())

const render = (body: object) => world.call('POST', '/api/templates/render', body)

test('a template is rendered over an event that happened', async () => {
  const template = '{{.body.who}} owes {{.body.amount}} in {{.event.id}} of {{.reaction.name}}'
  const { status, body } = await render({ template, event: eventId })
  assert.equal(status, 200, JSON.stringify(body))
  const output = `A&B owes 12 in ${eventId} of preview`
  assert.deepEqual(body, { output, outputBytes: output.length, errors: [], unresolved: [] })
})

test('or over what is written down, in the language that is named', async () => {
  const go = await render({ template: '{{.body.n}} {{.run.attempt}}', context: { body: { n: 7 } } })
  assert.equal(go.body.output, '7 1')
  const context = { Kind: { Name: 'app.deploy' }, Target: { Type: 'app', Value: 'shop' } }
  const tsuru = await render({ language: 'tsuru', template: '{{.Kind}} of {{.Target}}', context })
  assert.equal(tsuru.body.output, 'app.deploy of app(shop)')
  const nothing = await render({ template: '{{len "é"}}' })
  assert.equal(nothing.body.output, '2')
})

test('mistakes are an answer, with line and column', async () => {
  const syntax = await render({ template: 'a\n b{{if}}' })
  assert.deepEqual([syntax.status, syntax.body.output], [200, null])
  const { path, message, line, column } = syntax.body.errors[0]
  assert.deepEqual([path, message, line, column], ['/template', 'missing value for if', 2, 7])
  const unfit = await render({ template: '{{index .body 3}}', context: { body: [] } })
  assert.match(unfit.body.errors[0].message, /index out of range: 3/)
  assert.equal(unfit.body.errors[0].column, 3)
})

test('without our functions their names are unknown, and the message says why', async () => {
  const { body } = await render({ template: '{{toJson 1}}', extendedFunctions: false })
  assert.match(body.errors[0].message, /"toJson" not defined.*turned off/)
})

test('a secret is never shown', async () => {
  const { body } = await render({ template: 'Bearer {{secret "TOKEN"}}' })
  assert.equal(body.output, 'Bearer •••')
})

test('what would be endless or too long ends, and says so', async () => {
  const loop = '{{range 1000}}{{range 1000}}{{range 1000}}{{end}}{{end}}{{end}}'
  assert.match((await render({ template: loop })).body.errors[0].message, /too many steps/)
  const laughs = `{{define "a"}}${'{{.}}{{.}}'.repeat(50)}{{end}}{{range 10000}}{{template "a" "ha ha ha ha"}}{{end}}`
  assert.match((await render({ template: laughs })).body.errors[0].message, /longer than 262144 bytes/)
})

test('an event and a context do not go together, and an event that is not there is not found', async () => {
  const both = await render({ template: '', event: eventId, context: { body: 1 } })
  assert.deepEqual([both.status, both.body.errors[0].path], [422, '/context'])
  assert.equal((await render({ template: '', event: 'evt_none' })).status, 404)
})
