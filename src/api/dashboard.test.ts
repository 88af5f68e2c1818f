import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import Fastify, { type FastifyInstance } from 'fastify'
import { startWorld, type World } from '../../test/support/api-world.ts'
import { registerApi } from './register.ts'
import { createRefuseUnrouted } from './allowed-methods.ts'
import { registerDashboard } from './dashboard.ts'

let world: World
let folder: string
let server: FastifyInstance
before(async () => {
  world = await startWorld()
  folder = await mkdtemp(join(tmpdir(), 'signalbox-dashboard-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>the page</title>')
  await writeFile(join(folder, 'assets', 'main-1a2b.js'), 'export {}')
  await writeFile(join(folder, 'signal.svg'), '<svg/>')
  server = await serve(folder)
})
after(async () => {
  await server.close()
  await world.close()
  await rm(folder, { recursive: true })
})

async function serve(directory: string): Promise<FastifyInstance> {
  const server = Fastify()
  server.post('/hooks/*', async () => 'taken')
  await registerApi(server, world.services)
  await registerDashboard(server, directory, world.services, createRefuseUnrouted([]))
  await server.ready()
  return server
}

const get = (url: string, headers: Record<string, string> = {}, from = server) =>
  from.inject({
    method: 'GET',
    url,
    headers: { host: 'localhost:4620', accept: 'text/html,*/*', ...headers },
  })

test('every address of the dashboard answers with its page, which is asked for anew each time', async () => {
  for (const url of ['/', '/events', '/events/evt_1?x=1', '/reactions/a.b/edit', '/sign-in']) {
    const { statusCode, body, headers } = await get(url)
    assert.equal(statusCode, 200, url)
    assert.match(body, /the page/)
    assert.equal(headers['cache-control'], 'no-cache')
    assert.equal(headers['content-type'], 'text/html; charset=utf-8')
    assert.match(String(headers['content-security-policy']), /script-src 'self';.*frame-ancestors 'none'/)
    assert.equal(headers['x-content-type-options'], 'nosniff')
  }
})

test('files with a hash in their name are kept for good, others are asked for anew', async () => {
  const script = await get('/assets/main-1a2b.js')
  assert.equal(script.headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.match(String(script.headers['content-type']), /javascript/)
  assert.equal((await get('/signal.svg')).headers['cache-control'], 'no-cache')
})

test('what is for machines is never answered with a page', async () => {
  for (const [url, accept] of [
    ['/hooks/typo', 'text/html'],
    ['/api/nothing', 'text/html'],
    ['/data', 'text/html'],
    ['/assets/gone-3c4d.js', 'text/html'],
    ['/events', 'application/json'],
    ['/../secret.key', 'application/json'],
    ['/assets/..%2f..%2fsecret.key', '*/*'],
  ] as const) {
    const { statusCode, headers } = await get(url, { accept })
    assert.ok(statusCode === 404 || statusCode === 403, `${url} ${statusCode}`)
    assert.match(String(headers['content-type']), /problem\+json/, url)
  }
  const posted = await server.inject({ method: 'POST', url: '/events', headers: { host: 'localhost' } })
  assert.equal(posted.statusCode, 404)
})

test('the page is for known hosts, and senders of webhooks may use any', async () => {
  assert.equal((await get('/', { host: 'evil.example' })).statusCode, 421)
  assert.equal((await get('/events', { host: 'evil.example' })).statusCode, 421)
  assert.equal((await get('/assets/main-1a2b.js', { host: 'evil.example' })).statusCode, 421)
  const hook = await server.inject({ method: 'POST', url: '/hooks/a', headers: { host: 'evil.example' } })
  assert.equal(hook.statusCode, 200)
})

test('a new build is served without a restart', async () => {
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>the new page</title>')
  assert.match((await get('/')).body, /the new page/)
})

test('without a build the page says how to make one', async () => {
  const bare = await serve(join(folder, 'nothing'))
  const { statusCode, body } = await get('/', {}, bare)
  assert.equal(statusCode, 503)
  assert.match(body, /npx vite build web/)
  await bare.close()
})
