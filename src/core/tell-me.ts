import { Default } from 'typebox/value'
import { alarmKinds } from './alarm.ts'
import { ReactionDefinition } from './reaction.ts'
import { type PresetName, presets } from './tell-me-presets.ts'

/** The ready reaction that tells somebody what is wrong, and when it is right again: these kinds, as one message. */
export const tellMeKinds: readonly string[] = [
  ...Object.entries(alarmKinds).flatMap(([begins, { endsWith }]) => [begins, endsWith]),
  'alarm.test',
  'reaction.disabled',
  'disk.low',
]

/** A reaction like any other: what is not said here is as every reaction has it. */
export function tellMe(name: string, url: string, preset: PresetName): ReactionDefinition {
  const given = {
    name,
    description: 'Tells what is wrong, and when it is right again',
    trigger: { type: 'events' },
    filter: { kindTypes: ['signalbox'], kindNames: [...tellMeKinds] },
    action: {
      type: 'http',
      url,
      headers: [{ name: 'content-type', value: 'application/json' }],
      bodyFrom: 'template',
      body: presets[preset].body,
    },
    // Whoever is to be told of alarms must not be lost without one.
    failingAfter: 1,
  }
  return Default(ReactionDefinition, given) as ReactionDefinition
}
