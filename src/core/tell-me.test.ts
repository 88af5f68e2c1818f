import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Check } from 'typebox/value'
import { beginningEvent, endingEvent, failing } from './alarm.ts'
import { eventContext } from './context.ts'
import { diskEvent } from './disk-event.ts'
import { ownKinds } from './kinds.ts'
import type { OwnEvent } from './own-events.ts'
import { ReactionDefinition } from './reaction.ts'
import { tellMe, tellMeKinds } from './tell-me.ts'
import { presetFor, type PresetName, presetNames, presets } from './tell-me-presets.ts'
import { tellsOfAlarms } from './tells-of-alarms.ts'
import { compileTemplate } from './template/template.ts'

const hostile = 'The target answered 422 <!channel> & "[click](https://evil.example)"\n`'
const url = 'https://signalbox.example.com'
const began = failing({ id: 'rea_1', name: 'deploy', team: null }, 3, {
  runId: 'r_1',
  eventId: 'evt_1',
  label: hostile,
  hops: 0,
})
const begins = beginningEvent(began, url, 0)
const ends = endingEvent({ ...began, sinceMs: 0, text: 'deploy works again' }, url, 0)

const message = (preset: PresetName, { event, body }: OwnEvent): Record<string, unknown> =>
  JSON.parse(
    compileTemplate('go', 'body', presets[preset].body).render({ ...eventContext(event, body) }),
  ) as Record<string, unknown>

test('each preset writes JSON of any alarm, with what is wrong in it and where to look', () => {
  for (const preset of presetNames) {
    const wrong = JSON.stringify(message(preset, begins))
    assert.match(wrong, /The last 3 runs of deploy failed/, preset)
    assert.match(wrong, /https:\/\/signalbox\.example\.com\/reactions\/rea_1/, preset)
    assert.match(JSON.stringify(message(preset, ends)), /deploy works again/, preset)
    const disk = diskEvent({ directory: '/data', roomBytes: 1, totalBytes: 2, isLow: true }, 0)
    assert.match(JSON.stringify(message(preset, disk)), /nearly full/, `${preset}: what has no page`)
  }
})

test('what is wrong and what is right again look different', () => {
  assert.match(String(message('slack', begins)['text']), /^🔴 /)
  assert.match(String(message('slack', ends)['text']), /^🟢 /)
  assert.deepEqual(
    [message('json', begins)['state'], message('json', ends)['state']],
    ['wrong', 'right-again'],
  )
})

test('what a target said mentions nobody, and makes no link', () => {
  const slack = String(message('slack', begins)['text'])
  assert.match(slack, /&lt;!channel&gt; &amp; /)
  assert.deepEqual(slack.match(/<[^>]*>/g), [`<${url}/reactions/rea_1|Open in Signalbox>`])
  const discord = message('discord', begins)
  assert.deepEqual(discord['allowed_mentions'], { parse: [] })
  assert.match(String(discord['content']), /\\\[click\]/)
  assert.ok(String(message('discord', { ...begins, body: long() })['content']).length < 2_000)
})

const long = () => new TextEncoder().encode(JSON.stringify({ text: 'x'.repeat(10_000), url }))

test('a preset goes by the host of the URL', () => {
  const hosts: [string, PresetName][] = [
    ['https://hooks.slack.com/services/T0/B0/x', 'slack'],
    ['https://acme.webhook.office.com/webhookb2/1', 'teams'],
    ['https://prod-7.westeurope.logic.azure.com:443/workflows/1', 'teams'],
    ['https://discord.com/api/webhooks/1/x', 'discord'],
    ['https://hooks.slack.com.evil.example/', 'json'],
    ['no url', 'json'],
  ]
  for (const [given, preset] of hosts) assert.equal(presetFor(given), preset, given)
})

test('it is a whole reaction, tells of kinds that exist, and is known as one that tells of alarms', () => {
  const definition = tellMe('tell-me', url, 'json')
  assert.ok(Check(ReactionDefinition, definition))
  assert.deepEqual([definition.retry.delaysMs.length, definition.filter.outcome], [9, 'any'])
  assert.ok(tellsOfAlarms(definition))
  const known = new Set(ownKinds.map(({ name }) => name))
  for (const kind of tellMeKinds) assert.ok(known.has(kind), kind)
  const of = (kindNames: string[]) =>
    tellsOfAlarms({ ...definition, filter: { ...definition.filter, kindNames } })
  assert.deepEqual([of(['reaction']), of(['run.failed']), of([])], [true, false, false])
})
