import type { Event } from './event.ts'
import { type OwnEvent, ownEvent } from './own-events.ts'

/** Nothing is wrong: somebody wants to see whether they would be told. Read by react like any other event. */
export function alarmTestEvent(
  { actor, team, dashboardUrl }: Pick<Event, 'actor' | 'team'> & { dashboardUrl: string },
  nowMs: number,
): OwnEvent {
  const { event, body } = ownEvent(
    {
      name: 'alarm.test',
      targets: [{ type: 'signalbox', value: 'signalbox' }],
      error: null,
      team,
      cause: null,
      hops: 0,
      data: {
        text: `This is a test message, asked for by ${actor}: alarms are told like this`,
        url: `${dashboardUrl}/overview`,
      },
    },
    nowMs,
  )
  return { event: { ...event, actor }, body }
}
