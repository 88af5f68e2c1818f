import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from './testing/captured.ts'
import { startStandIn } from './testing/stand-in.ts'

const setting = (name: string, more: object) => ({
  name,
  flag: `--${name}`,
  variable: `SIGNALBOX_${name.toUpperCase().replaceAll('-', '_')}`,
  meaning: `What ${name} means`,
  value: null,
  default: null,
  source: 'default',
  secret: false,
  given: false,
  ...more,
})

const items = [
  setting('port', { value: 4620 }),
  setting('allow-hosts', { value: ['a.example', 'b.example'], source: 'environment', given: true }),
  setting('secret-key', { source: 'flag', secret: true, given: true }),
  setting('practice', { value: true }),
  setting('keep-events-days', { value: 7, source: 'administrator', given: true }),
]

test('settings are listed with their value, who said so, and what they mean', async context => {
  const server = await startStandIn(context, { 'GET /api/settings': { items } })
  const { code, stdout } = await run(['settings'], { server })
  assert.equal(code, 0)
  assert.match(stdout, /port +4620 +What port means\n/)
  assert.match(stdout, /allow-hosts +a\.example, b\.example +SIGNALBOX_ALLOW_HOSTS +What/)
  assert.match(stdout, /secret-key +••• +--secret-key +What/)
  assert.match(stdout, /practice +yes +What/)
  assert.match(stdout, /keep-events-days +7 +signalbox retention +What/)
})

test('--given leaves out what is as the default has it', async context => {
  const server = await startStandIn(context, { 'GET /api/settings': { items } })
  const { stdout } = await run(['settings', '--given'], { server })
  assert.doesNotMatch(stdout, /port|practice/)
  assert.match(stdout, /allow-hosts/)
})
