import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { startWorld, type World } from '../../test/support/api-world.ts'
import { createRoutes } from './routes.ts'

type Json = ReturnType<typeof JSON.parse>
let world: World
let document: Json
before(async () => {
  world = await startWorld()
  document = (await world.call('GET', '/api/openapi.json', undefined, null)).body
})
after(() => world.close())

test('the description names every route of the table, with its access', () => {
  assert.equal(document.openapi, '3.1.0')
  for (const { method, url, access, status } of createRoutes(world.services)) {
    const operation = document.paths[url.replace(/:([a-z]+)/g, '{$1}')]?.[method.toLowerCase()]
    assert.ok(operation?.summary, `${method} ${url}`)
    assert.equal(operation.security.length, { public: 0, admin: 2, visitor: 3 }[access])
    assert.ok(operation.responses[status])
    assert.ok(operation.responses['4XX'].content['application/problem+json'])
  }
  const operationIds = Object.values<Json>(document.paths).flatMap(path =>
    Object.values<Json>(path).map(operation => operation.operationId),
  )
  assert.equal(new Set(operationIds).size, operationIds.length)
})

test('every reference in it leads somewhere, and shared shapes stand under their names', () => {
  const references = new Set(JSON.stringify(document).match(/"\$ref":"[^"]+"/g))
  for (const reference of references) {
    const pointer = reference.slice(8, -1)
    assert.match(pointer, /^#\//)
    const found = pointer
      .slice(2)
      .split('/')
      .reduce((part: Json, name) => part?.[name], document)
    assert.ok(found, pointer)
  }
  for (const name of [
    'Event',
    'Endpoint',
    'Reaction',
    'ReactionDefinition',
    'Run',
    'Problem',
    'AuthenticationScheme',
  ])
    assert.ok(document.components.schemas[name], name)
})

test('what is answered fits what is described', async () => {
  const ajv = addFormats.default(new Ajv2020({ strict: false, discriminator: true }))
  ajv.addSchema({ $id: 'doc', components: document.components })
  const check = (name: string, value: unknown) => {
    const validate = ajv.compile({ $ref: `doc#/components/schemas/${name}` })
    assert.ok(validate(value), `${name}: ${JSON.stringify(validate.errors)}`)
  }
  const endpoint = (await world.call('POST', '/api/endpoints', {})).body
  const definition = {
    name: 'a',
    trigger: { type: 'events' },
    action: { type: 'http', url: 'https://a.example' },
  }
  const reaction = (await world.call('POST', '/api/reactions', definition)).body
  const event = await world.event()
  const [runId] = await world.react(event, [reaction.id])
  check('Endpoint', endpoint)
  check('Reaction', reaction)
  check('Event', (await world.call('GET', `/api/events/${event.id}`)).body)
  check('EventSummary', (await world.call('GET', '/api/events')).body.items[0])
  check('Run', (await world.call('GET', `/api/runs/${runId}`)).body)
  check('RunSummary', (await world.call('GET', '/api/runs')).body.items[0])
  check('Problem', (await world.call('POST', '/api/endpoints', { x: 1 })).body)
})

test('its rendering needs nothing from elsewhere and no inline script', async () => {
  for (const url of ['/api/docs', '/api/docs/']) {
    const page = await world.inject({ method: 'GET', url })
    assert.equal(page.statusCode, 200)
    assert.ok(!/(?:src|href)="(?:https?:)?\/\//.test(page.body), 'no other host')
    assert.ok(!/<script(?![^>]* src=)/.test(page.body), 'no inline script')
    const policy = String(page.headers['content-security-policy'])
    assert.match(policy, /script-src 'self';/)
    assert.ok(!/https?:/.test(policy))
    const paths = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '')
    assert.ok(paths.length >= 5)
    for (const path of paths) {
      const part = await world.inject({ method: 'GET', url: new URL(path, `http://x${url}`).pathname })
      assert.equal(part.statusCode, 200, path)
    }
  }
})
