import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startWorld } from '../../test/support/api-world.ts'
import { sourcesOf } from '../config.ts'

interface Setting {
  name: string
  value: unknown
  source: string
  given: boolean
  secret: boolean
}

const settingsOf = async (world: Awaited<ReturnType<typeof startWorld>>) => {
  const { items } = (await world.call('GET', '/api/settings')).body as { items: Setting[] }
  return (name: string) => {
    const found = items.find(item => item.name === name)
    assert.ok(found, `there is ${name}`)
    const { value, source, given, secret } = found
    return { value, source, given, secret }
  }
}

test('every setting tells its value and who said so; a secret only that it is set', async t => {
  const key = Buffer.alloc(32, 3).toString('base64')
  const world = await startWorld(['--max-hops', '5', '--secret-key', key])
  t.after(world.close)
  const answer = await world.call('GET', '/api/settings')
  assert.equal(answer.status, 200)
  assert.ok(!JSON.stringify(answer.body).includes(key))
  const setting = await settingsOf(world)
  assert.deepEqual(setting('max-hops'), { value: 5, source: 'flag', given: true, secret: false })
  assert.deepEqual(setting('secret-key'), { value: null, source: 'flag', given: true, secret: true })
  assert.deepEqual(setting('host-concurrency'), {
    value: 64,
    source: 'default',
    given: false,
    secret: false,
  })
})

test('what an administrator changed while it runs is told as theirs', async t => {
  const world = await startWorld()
  t.after(world.close)
  assert.equal((await settingsOf(world))('keep-events-days').source, 'default')
  await world.call('PUT', '/api/retention', { keepDays: 7, maxGb: 2 })
  const changed = await settingsOf(world)
  assert.deepEqual(
    [changed('keep-events-days').value, changed('keep-max-gb').value, changed('keep-max-gb').source],
    [7, 2, 'administrator'],
  )
  const preview = await world.call('POST', '/api/retention/preview', { keepDays: 1, maxGb: null })
  assert.deepEqual(preview.body, { events: 0, isExact: true, before: null })
  assert.equal((await world.call('POST', '/api/retention/preview', { keepDays: 0, maxGb: null })).status, 422)
})

test('nobody else reads the settings', async t => {
  const world = await startWorld()
  t.after(world.close)
  assert.equal((await world.inject({ method: 'GET', url: '/api/settings' })).statusCode, 401)
})

test('a flag beats a variable, and a variable that is set to nothing is not set', () => {
  const sources = sourcesOf(['--port=1'], {
    SIGNALBOX_PORT: '2',
    SIGNALBOX_HOST: '::1',
    SIGNALBOX_MAX_HOPS: '',
  })
  assert.deepEqual(
    [sources.port, sources.host, sources.maxHops, sources.data],
    ['flag', 'environment', 'default', 'default'],
  )
})
