import Type from 'typebox'
import { includesTeam } from '../core/permission.ts'
import { timeText } from '../core/summary.ts'
import { behaviours, longestDelayMs, meanings } from '../practice/behaviour.ts'
import { practiceKey } from '../practice/target.ts'
import { Problem } from './errors.ts'
import { teamsOf } from './permit.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import type { Member } from './member.ts'

const Behaviour = Type.Enum([...behaviours], {
  description: behaviours.map(name => `\`${name}\`: ${meanings[name]}`).join('; '),
})

const Practice = Type.Object({
  enabled: Type.Boolean({ description: 'Whether the operator lets reactions call it' }),
  url: Type.String({ description: 'For the action of a reaction; any path below it will do' }),
  behaviour: Behaviour,
  delayMs: Type.Integer({ description: 'How long `slow` takes' }),
  received: Type.Integer({ description: 'Requests since the start' }),
  requests: Type.Array(
    Type.Object({
      number: Type.Integer(),
      receivedAt: schema.Time,
      method: Type.String(),
      path: Type.String(),
      headers: Type.Array(Type.Array(Type.String()), { description: 'Pairs of name and value' }),
      body: Type.String({ description: 'At most its first 64 KiB' }),
      bodyBytes: Type.Integer(),
      bodyTruncated: Type.Boolean(),
      answeredStatus: schema.nullable(Type.Integer({ description: 'Null while it is not answered' })),
      signature: Type.Object({
        state: Type.Enum(['valid', 'invalid', 'unsigned', 'unknown']),
        detail: Type.String(),
      }),
      run: schema.nullable(
        Type.Object({
          id: Type.String(),
          eventId: Type.String(),
          reactionId: Type.String(),
          reactionName: Type.String(),
        }),
      ),
    }),
    { description: 'The last 20, newest first; secrets are masked' },
  ),
})

/** The receiver to practise with: its switch, and what reached it. */
export function practiceRoutes({ config, configuration, practice, storage }: Services): Route[] {
  /** What somebody's own reactions sent; without a reaction, it is for those who see everything. */
  const seenBy = (viewer: Member) => {
    const teams = teamsOf(viewer, 'practice.read')
    if (teams === 'all') return practice.requests
    return practice.requests.filter(({ proof: { run } }) =>
      includesTeam(teams, (run && configuration.reactions.get(run.reactionId)?.team) ?? null),
    )
  }
  const answer = (viewer: Member) => ({
    enabled: config.practice,
    url: practice.url,
    behaviour: practice.setting.behaviour,
    delayMs: practice.setting.delayMs,
    received: practice.count,
    requests: seenBy(viewer).map(({ receivedAtMs, proof: { signature, detail, run }, ...request }) => ({
      ...request,
      receivedAt: timeText(receivedAtMs),
      signature: { state: signature, detail },
      run,
    })),
  })
  return [
    route({
      method: 'GET',
      url: '/api/practice',
      access: { permission: 'practice.read' },
      tag: 'Reactions',
      summary: 'The practice target, and what reached it',
      description:
        'A receiver inside of Signalbox that only reactions can reach, by its own name. What it received is kept in ' +
        'memory: the last 20 requests since the start.',
      status: 200,
      answer: Practice,
      handler: async ({ viewer }) => answer(viewer),
    }),
    route({
      method: 'PUT',
      url: '/api/practice',
      access: { permission: 'practice.update', organization: true },
      tag: 'Reactions',
      summary: 'Turn the switch of the practice target',
      description: 'It holds until it is turned again, over a restart too.',
      body: Type.Object(
        {
          behaviour: Behaviour,
          delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: longestDelayMs })),
        },
        schema.strict,
      ),
      audit: 'practice.update',
      status: 200,
      answer: Practice,
      async handler({ body: { behaviour, delayMs }, viewer }) {
        if (!config.practice)
          throw new Problem(
            'practice.off',
            'Signalbox was started with --practice no, so no reaction may call it',
          )
        const setting = { behaviour, delayMs: delayMs ?? practice.setting.delayMs }
        await storage.execute('setInstallation', { key: practiceKey, value: JSON.stringify(setting) })
        practice.set(setting)
        return answer(viewer)
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/practice/requests',
      access: { permission: 'practice.update', organization: true },
      tag: 'Reactions',
      summary: 'Forget what the practice target received',
      audit: { inMemory: 'practice.clear' },
      status: 204,
      answer: null,
      handler: async () => practice.clear(),
    }),
  ]
}
