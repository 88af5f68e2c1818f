import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ConfigError, readConfig, settings } from './config.ts'

const refuses = (args: string[], environment: Record<string, string>, reason: RegExp) =>
  assert.throws(
    () => readConfig(args, environment),
    (error: unknown) => {
      assert.ok(error instanceof ConfigError)
      assert.match(error.message, reason)
      return true
    },
  )

test('without flags and variables there are defaults', () => {
  const config = readConfig([], {})
  assert.deepEqual([config.host, config.port, config.maxHops], ['127.0.0.1', 4620, 8])
  assert.equal(config.data, resolve('./data'))
  assert.deepEqual([config.publicUrl, config.allowTargets, config.allowVisitors], [null, [], null])
})

test('flags beat variables, and variables beat defaults', () => {
  const environment = { SIGNALBOX_PORT: '5000', SIGNALBOX_HOST_CONCURRENCY: '7', PORT: '1' }
  assert.equal(readConfig([], environment).port, 5000)
  assert.equal(readConfig(['--port', '6000'], environment).port, 6000)
  assert.equal(readConfig(['--port=6001'], environment).port, 6001)
  assert.equal(readConfig(['--port', '1', '--port', '2'], environment).port, 2)
  assert.equal(readConfig([], environment).hostConcurrency, 7)
})

test('a variable that is set to nothing is not set', () => {
  const environment = Object.fromEntries(Object.values(settings).map(({ variable }) => [variable, '']))
  assert.deepEqual(readConfig([], environment), readConfig([], {}))
})

test('a flag alone means yes where yes and no are asked for, and is refused elsewhere', () => {
  assert.equal(readConfig(['--allow-visitors'], {}).allowVisitors, true)
  assert.equal(readConfig(['--allow-visitors', '--port', '1'], {}).allowVisitors, true)
  for (const [given, expected] of [
    ['no', false],
    ['FALSE', false],
    ['0', false],
    ['On', true],
    ['1', true],
  ] as const)
    assert.equal(readConfig(['--allow-visitors', given], {}).allowVisitors, expected)
  refuses(['--port'], {}, /--port or SIGNALBOX_PORT takes a whole number/)
  // A host left empty would listen on every address of the machine.
  refuses(['--host'], {}, /--host or SIGNALBOX_HOST takes a value/)
  refuses(['--data', '--port', '5'], {}, /--data or SIGNALBOX_DATA takes a value/)
})

test('each mistake names the setting, both ways to give it, and the reason', () => {
  refuses(
    ['--port', '70000'],
    {},
    /^--port or SIGNALBOX_PORT takes a whole number from 0 to 65535 \(it was "70000"\)$/,
  )
  for (const port of ['-1', '1.5', '0x10', '1e3', 'many', '٣', '1_000'])
    refuses([], { SIGNALBOX_PORT: port }, /--port or/)
  refuses(['--max-hops', '0'], {}, /--max-hops .* from 1 to 100/)
  refuses(['--allow-visitors', 'perhaps'], {}, /--allow-visitors .* takes yes or no \(it was "perhaps"\)/)
  refuses(
    [],
    { SIGNALBOX_LOG_LEVEL: 'loud' },
    /--log-level or SIGNALBOX_LOG_LEVEL takes one of debug, info, .*"loud"/,
  )
  for (const url of ['signalbox.example.com', 'ftp://x', 'https:x', 'https://'])
    refuses(['--public-url', url], {}, /--public-url .* takes a URL such as/)
  refuses(['--nope'], {}, /There is no setting --nope/)
  refuses(['--nope', 'x', '--port', '1'], {}, /There is no setting --nope/)
  refuses(['port'], {}, /"port" is not understood; settings are given as --name value/)
  refuses(['-p', '1'], {}, /"-p" is not understood/)
  refuses(['--PORT', '1'], {}, /"--PORT" is not understood/)
})

test('lists are separated by commas, a public URL loses the slash at its end', () => {
  assert.deepEqual(readConfig(['--allow-hosts', ' a.example, b.example,,'], {}).allowHosts, [
    'a.example',
    'b.example',
  ])
  assert.equal(
    readConfig(['--public-url', 'https://box.example.com/hub//'], {}).publicUrl,
    'https://box.example.com/hub',
  )
  assert.equal(
    readConfig(['--public-url', 'HTTPS://box.example.com'], {}).publicUrl,
    'HTTPS://box.example.com',
  )
})

test('what belongs together is checked together', () => {
  refuses(['--tls-cert', 'a'], {}, /--tls-cert and --tls-key belong together/)
  refuses([], { SIGNALBOX_TLS_KEY: 'a' }, /--tls-cert and --tls-key belong together/)
  assert.equal(readConfig(['--tls-cert', 'a', '--tls-key', 'b'], {}).tlsKey, 'b')
  refuses(['--postgres-url', 'postgres://u:geheim@h/d'], {}, /needs --postgres-url and --nats-url together/)
  refuses(['--nats-url', 'nats://h'], {}, /needs --postgres-url and --nats-url together/)
  refuses(['--postgres-url', 'x', '--nats-url', 'y'], {}, /embedded store only/)
})

test('the value of a secret is not told', () => {
  for (const one of Object.values(settings)) {
    if (!one.secret) continue
    try {
      readConfig([`--${one.flag}`, 'geheim'], {})
    } catch (error) {
      assert.ok(!String(error).includes('geheim'))
    }
  }
})

test('whatever is given, there is a configuration or a sentence', () => {
  const flag = fc.constantFrom(
    ...Object.values(settings).map(one => `--${one.flag}`),
    '--',
    '-x',
    '--x=',
    '---',
  )
  const value = fc.oneof(fc.string(), fc.constantFrom('', 'yes', '1', '-1', 'https://x.example', ','))
  fc.assert(
    fc.property(fc.array(fc.oneof(flag, value), { maxLength: 6 }), args => {
      try {
        assert.ok(readConfig(args, {}).port >= 0)
      } catch (error) {
        assert.ok(error instanceof ConfigError && error.message.length > 0, String(error))
      }
    }),
    { numRuns: 2000 },
  )
})
