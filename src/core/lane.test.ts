import assert from 'node:assert/strict'
import { test } from 'node:test'
import { someAction, someReaction } from '../../test/support/examples.ts'
import { laneOf, mayWaitClaimed, staticHost } from './lane.ts'

const laneTo = (url: string) => laneOf(someReaction({ definition: { action: { url } } }))

test('runs to one host and port share a lane', () => {
  assert.equal(laneTo('https://Hooks.Example.com/a?b=c'), 'hooks.example.com')
  assert.equal(laneTo('https://hooks.example.com:443/x'), 'hooks.example.com')
  assert.equal(laneTo('http://hooks.example.com:8080'), 'hooks.example.com:8080')
  assert.equal(laneTo('http://user:pass@hooks.example.com/'), 'hooks.example.com')
  assert.equal(laneTo('https://hooks.example.com/{{ .event.id }}'), 'hooks.example.com')
  assert.equal(laneTo('https://hooks.example.com?x={{ .event.id }}'), 'hooks.example.com')
  assert.equal(laneTo('http://[::1]:4000/'), '[::1]:4000')
})

test('where only the rendered URL tells the host, the reaction has a lane of its own', () => {
  for (const url of [
    'https://{{ .body.host }}/in',
    '{{ .body.url }}',
    'https://hooks.example.com{{ .body.port }}/in',
    'https://{{ index .headers "a/b" }}.example.com/',
    'https://user:{{ .body.password }}@hooks.example.com/',
    'no url at all',
    'ftp://hooks.example.com/',
  ])
    assert.equal(laneTo(url), 'reaction:rea_1', url)
  assert.equal(staticHost(someAction({ url: 'https:///' })), null)
})

test('a reaction with a limit of its own, or one that must not be sent twice, stands apart', () => {
  const lane = (definition: Parameters<typeof someReaction>[0] & object) => laneOf(someReaction(definition))
  assert.equal(lane({ definition: { concurrency: 2 } }), 'hooks.example.com|rea_1')
  assert.equal(lane({ definition: { onLost: 'fail' } }), 'hooks.example.com|once')
  assert.equal(lane({ definition: { onLost: 'fail', concurrency: 2 } }), 'hooks.example.com|rea_1|once')
  assert.ok(mayWaitClaimed('hooks.example.com|rea_1'))
  assert.ok(!mayWaitClaimed('hooks.example.com|rea_1|once'))
})
