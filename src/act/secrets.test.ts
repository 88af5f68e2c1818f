import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { someDefinition, someEvent } from '../../test/support/examples.ts'
import { openStore } from '../../test/support/store.ts'
import { deriveKey } from '../core/cause.ts'
import { mask } from '../core/mask.ts'
import type { ReactionDefinition } from '../core/reaction.ts'
import { createSealer } from '../core/seal.ts'
import { RenderError, renderRequest } from './http-request.ts'
import { maskerOf } from './record.ts'
import { rehearse } from './rehearse.ts'
import { createReadSecrets, noSecrets, secretNames } from './secrets.ts'

const keys = { causeKey: deriveKey(randomBytes(32), 'cause'), nowMs: 1_700_000_000_000 }
type Action = Partial<ReactionDefinition['action']>
const definitionOf = (action: Action) =>
  someDefinition({ action: { url: 'https://api.example.com/', ...action } })

async function world(t: Parameters<typeof openStore>[0]) {
  const store = await openStore(t)
  const sealer = createSealer(randomBytes(32))
  const read = createReadSecrets(store, sealer)
  return {
    store,
    read,
    async secret(name: string, value: string, hosts: string[] = [], team: string | null = null) {
      const id = `sec_${name}_${team}`
      const row = { id, name, team, value_sealed: sealer.seal(value), hosts: JSON.stringify(hosts) }
      await store.execute('createSecret', { ...row, description: '', actor: 'ada', created_at: 1 })
      return {
        id,
        change: (fresh: string) =>
          store.execute('updateSecret', { id, set: { value_sealed: sealer.seal(fresh) }, atMs: 2 }),
      }
    },
    async render(action: Action, team: string | null = null, body = '{}') {
      const definition = definitionOf(action)
      const secrets = (await read(definition, team)) ?? noSecrets
      const sample = { event: someEvent(), body: Buffer.from(body) }
      return renderRequest(definition, sample, { id: 'r_1', attempt: 1 }, keys, secrets)
    },
  }
}

const bearer = (template: string) => ({ headers: [{ name: 'Authorization', value: `Bearer ${template}` }] })
const authorization = ({ headers }: { headers: [string, string][] }) =>
  headers.find(([name]) => name === 'Authorization')?.[1]

test('a secret stands wherever a template is: URL, headers, body, signing secret, proxy', async t => {
  const { secret, render } = await world(t)
  const key = `whsec_${randomBytes(24).toString('base64')}`
  await secret('TOKEN', 't0ken')
  await secret('KEY', key)
  const request = await render({
    ...bearer('{{secret "TOKEN"}}'),
    url: 'https://api.example.com/{{"TOKEN" | secret}}',
    bodyFrom: 'template',
    body: '{"t":{{secret "TOKEN" | toJson}}}',
    signingSecrets: ['{{secret "KEY"}}'],
    proxyUrl: 'http://me:{{secret "TOKEN"}}@proxy.example:3128',
  })
  assert.deepEqual(
    [request.url, authorization(request), request.body, request.proxyUrl],
    ['https://api.example.com/t0ken', 'Bearer t0ken', '{"t":"t0ken"}', 'http://me:t0ken@proxy.example:3128'],
  )
  assert.ok(request.headers.some(([name]) => name === 'webhook-signature'))
})

test('each attempt reads the value that it has then', async t => {
  const { secret, render } = await world(t)
  const { change } = await secret('TOKEN', 'former')
  assert.equal(authorization(await render(bearer('{{secret "TOKEN"}}'))), 'Bearer former')
  await change('newer')
  assert.equal(authorization(await render(bearer('{{secret "TOKEN"}}'))), 'Bearer newer')
})

test('a reaction reads its team’s secrets and those of all, nobody else’s', async t => {
  const { secret, render } = await world(t)
  await secret('TOKEN', 'everyones')
  await secret('TOKEN', 'of ops', [], 'ops')
  await secret('OTHER', 'of web', [], 'web')
  const token = async (name: string, team: string | null) =>
    authorization(await render(bearer(`{{secret "${name}"}}`), team))
  assert.deepEqual(
    [await token('TOKEN', null), await token('TOKEN', 'ops'), await token('TOKEN', 'web')],
    ['Bearer everyones', 'Bearer of ops', 'Bearer everyones'],
  )
  await assert.rejects(token('OTHER', 'ops'), { code: 'secret.missing' })
})

test('a secret that is gone ends the run, and is named; one that is not reached does not', async t => {
  const { render } = await world(t)
  await assert.rejects(render(bearer('\n{{secret "GONE"}}')), (error: unknown) => {
    assert.ok(error instanceof RenderError)
    assert.deepEqual([error.code, error.path, error.line], ['secret.missing', '/action/headers/0/value', 2])
    assert.match(error.message, /there is no secret GONE/)
    return true
  })
  const request = await render(bearer('{{if .body.x}}{{secret "GONE"}}{{else}}none{{end}}'))
  assert.equal(authorization(request), 'Bearer none')
})

test('what comes from outside chooses no secret, not even one that exists', async t => {
  const { secret, render } = await world(t)
  await secret('TOKEN', 't0ken')
  await assert.rejects(render(bearer('{{secret .body.name}}'), null, '{"name":"TOKEN"}'), {
    code: 'secret.missing',
  })
})

test('with another key a secret cannot be read, and the error says what to do', async t => {
  const { store } = await world(t)
  const row = {
    id: 'sec_1',
    name: 'TOKEN',
    team: null,
    hosts: '[]',
    description: '',
    actor: 'a',
    created_at: 1,
  }
  await store.execute('createSecret', { ...row, value_sealed: createSealer(randomBytes(32)).seal('lost') })
  const definition = definitionOf(bearer('{{secret "TOKEN"}}'))
  const secrets = await createReadSecrets(store, createSealer(randomBytes(32)))(definition, null)
  assert.throws(() => secrets!.find('TOKEN'), { code: 'secret.unreadable', message: /Set its value anew/ })
})

test('a request knows which secrets are in it, and where each may go', async t => {
  const { secret, render } = await world(t)
  await secret('A', 'aaaa', ['api.example.com'])
  await secret('B', 'bbbb', ['proxy.example'])
  await secret('C', 'cccc')
  const request = await render({
    ...bearer('{{secret "A"}}{{if .body.x}}{{secret "C"}}{{end}}'),
    proxyUrl: 'http://me:{{secret "B"}}@proxy.example',
  })
  assert.deepEqual(request.confined, [{ id: 'sec_A_null', secret: 'A', hosts: ['api.example.com'] }])
  assert.deepEqual(
    request.confinedInProxy?.map(one => one.secret),
    ['B'],
  )
})

test('a reaction that names none costs no look into the store', async t => {
  const { store, read } = await world(t)
  const before = store.asked.length
  assert.equal(read(definitionOf(bearer('{{.body.secret}}')), null), null)
  assert.deepEqual(secretNames(definitionOf({ bodyFrom: 'original', body: '{{secret "X"}}' })), [])
  assert.equal(store.asked.length, before)
})

test('records are kept clear of every value, in every form, also beside the reaction’s own secrets', async t => {
  const { secret, read } = await world(t)
  const value = 'p/ss "wörd"'
  await secret('TOKEN', value)
  const definition = definitionOf({
    headers: [
      { name: 'Authorization', value: 'Bearer {{secret "TOKEN"}}' },
      { name: 'X-Api-Key', value: 'own-key' },
    ],
  })
  const { values } = (await read(definition, null))!
  const hide = maskerOf(definition, values)
  const basic = Buffer.from(`me:${value}`).toString('base64')
  const text = [value, encodeURIComponent(value), JSON.stringify({ value }), basic, 'own-key'].join(' | ')
  assert.doesNotMatch(hide(text), /p.ss|rd|own/)
  const asHeader = Buffer.from(value).toString('latin1')
  assert.equal(hide(`x ${asHeader} x`), `x ${mask} x`)
  assert.notEqual(
    maskerOf(definition, ['newer value'])('newer value'),
    'newer value',
    'of a value that changed',
  )
})

test('a rehearsal reads dots, whatever a template makes of them, and tells what would not be sent', async t => {
  const { secret, read } = await world(t)
  await secret('TOKEN', 'abcdef', ['api.example.com'])
  await secret('KEY', `whsec_${randomBytes(24).toString('base64')}`)
  const tryIt = (action: Action) =>
    rehearse(definitionOf(action), { event: someEvent(), body: Buffer.from('{}'), team: null }, keys, read)
  const spelled = await tryIt({
    bodyFrom: 'template',
    body: '{{range split "" (secret "TOKEN")}}{{.}} {{end}}{{secret "TOKEN" | sha256}}',
    signingSecrets: ['{{secret "KEY"}}'],
  })
  assert.deepEqual(spelled.problems, [])
  assert.match(spelled.request!.body, /^• • • [0-9a-f]{64}$/)
  const elsewhere = await tryIt({ url: 'https://evil.example/', ...bearer('{{secret "TOKEN"}}') })
  assert.match(
    elsewhere.problems[0]!.message,
    /TOKEN may be sent to api\.example\.com only, and evil\.example/,
  )
  const gone = await tryIt(bearer('{{secret "GONE"}}'))
  assert.match(gone.problems[0]!.message, /there is no secret GONE/)
})
