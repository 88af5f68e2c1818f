import Type from 'typebox'
import { timeTextOrNull } from '../core/summary.ts'
import type { RetentionPolicy } from '../retention.ts'
import { type Route, route } from './route.ts'
import { nullable, strict, Time } from './schemas.ts'
import type { Services } from './services.ts'

const gb = 1e9
const given = {
  keepDays: nullable(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: 36_500,
      description: 'How long events are kept; null: for ever',
    }),
  ),
  maxGb: nullable(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: 1_000_000,
      description: 'How large the store may become; null: as it is needed',
    }),
  ),
}
const policyOf = ({
  keepDays,
  maxGb,
}: {
  keepDays: number | null
  maxGb: number | null
}): RetentionPolicy => ({
  keepDays,
  maxBytes: maxGb === null ? null : maxGb * gb,
})
const Answer = Type.Object({
  ...given,
  changed: Type.Boolean({
    description: 'Whether it was set here, in the place of the settings of the start',
  }),
})

export function retentionRoutes({ retention }: Services): Route[] {
  const answer = async () => {
    const { keepDays, maxBytes, changed } = await retention.policy()
    return { keepDays, maxGb: maxBytes === null ? null : maxBytes / gb, changed }
  }
  const change = async (policy: RetentionPolicy | null) => {
    await retention.change(policy)
    return answer()
  }
  return [
    route({
      method: 'GET',
      url: '/api/retention',
      access: { permission: 'setting.read', organization: true },
      tag: 'Operation',
      summary: 'How long events are kept',
      status: 200,
      answer: Answer,
      handler: answer,
    }),
    route({
      method: 'PUT',
      url: '/api/retention',
      access: { permission: 'setting.update', organization: true },
      tag: 'Operation',
      summary: 'Say how long events are kept',
      description:
        'Holds at once, and after a restart, in the place of the settings. What is due is taken away in small steps.',
      body: Type.Object(given, strict),
      audit: 'retention.update',
      status: 200,
      answer: Answer,
      handler: ({ body }) => change(policyOf(body)),
    }),
    route({
      method: 'POST',
      url: '/api/retention/preview',
      access: { permission: 'setting.read', organization: true },
      tag: 'Operation',
      summary: 'How many events a retention would take away now',
      description:
        'Nothing is changed. Events whose runs are not final stay, and of a size it is reckoned by the average event.',
      body: Type.Object(given, strict),
      audit: { nothing: 'it only previews' },
      status: 200,
      answer: Type.Object({
        events: Type.Integer({ description: 'About so many' }),
        isExact: Type.Boolean({ description: 'Whether all were counted; else there are more' }),
        before: nullable(Time),
      }),
      async handler({ body }) {
        const { beforeMs, ...counted } = await retention.preview(policyOf(body))
        return { ...counted, before: timeTextOrNull(beforeMs) }
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/retention',
      access: { permission: 'setting.update', organization: true },
      tag: 'Operation',
      summary: 'Go back to the settings of the start',
      audit: 'retention.reset',
      status: 200,
      answer: Answer,
      handler: () => change(null),
    }),
  ]
}
