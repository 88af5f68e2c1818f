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
    const isForVisitors = typeof access === 'object' && access.visitors === true
    assert.equal(operation.security.length, access === 'public' ? 0 : isForVisitors ? 3 : 2)
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

test('what has a default may be left out, and a body that may be empty may be missing', async () => {
  const { requestBody } = document.paths['/api/endpoints'].post
  assert.equal(requestBody.required, false)
  assert.equal(requestBody.content['application/json'].schema.required, undefined)
  assert.equal((await world.call('POST', '/api/endpoints')).status, 201)
  assert.equal(document.paths['/api/session'].post.requestBody.required, true)
  assert.deepEqual(document.components.schemas.ReactionDefinition.required, ['name', 'trigger', 'action'])
})

test('the masked secrets that an endpoint shows fit what is described', async () => {
  const scheme = { type: 'github', secrets: ['the-secret'] }
  const { body } = await world.call('POST', '/api/endpoints', { authentication: [scheme] })
  const ajv = addFormats.default(new Ajv2020({ strict: false, discriminator: true }))
  ajv.addSchema({ $id: 'doc', components: document.components })
  const validate = ajv.compile({ $ref: 'doc#/components/schemas/AuthenticationScheme' })
  assert.deepEqual(body.authentication[0].secrets, ['•••'])
  assert.ok(validate(body.authentication[0]), JSON.stringify(validate.errors))
  assert.ok(!JSON.stringify(document.components.schemas.AuthenticationScheme).includes('writeOnly'))
})

test('what is made or listed links to whatever is done with it', () => {
  const { links } = document.paths['/api/endpoints'].post.responses['201']
  assert.deepEqual(links.patchEndpointsByReference.parameters, { reference: '$response.body#/id' })
  const listed = document.paths['/api/runs'].get.responses['200'].links
  assert.deepEqual(listed.postRunsByIdRetry.parameters, { id: '$response.body#/items/0/id' })
  const sent = document.paths['/api/events'].post.responses['202'].links
  assert.deepEqual(sent.postEventsByIdReplay.parameters, { id: '$response.body#/events/0/id' })
})

test('a method that an address does not take is told with those that it takes', async () => {
  const refused = await world.inject({ method: 'PATCH', url: '/api/runs/r_1?a=1' })
  assert.equal(refused.statusCode, 405)
  assert.equal(refused.headers['allow'], 'GET, HEAD')
  assert.equal(refused.json().code, 'method.not-allowed')
  const besideOneWithParameter = await world.inject({ method: 'OPTIONS', url: '/api/jobs/replay' })
  assert.equal(besideOneWithParameter.headers['allow'], 'POST')
  // A method that asks for a body, without one.
  const query = await world.inject({ method: 'QUERY', url: '/api/status' })
  assert.equal(query.statusCode, 405)
  assert.equal((await world.inject({ method: 'PUT', url: '/api/nothing' })).statusCode, 404)
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
