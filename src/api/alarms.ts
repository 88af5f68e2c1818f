import Type, { type Static } from 'typebox'
import { type AlarmKind, alarmKinds, alarmPage } from '../core/alarm.ts'
import { includesTeam, type Teams } from '../core/permission.ts'
import { timeText } from '../core/summary.ts'
import { tellsOfAlarms } from '../core/tells-of-alarms.ts'
import { teamsOf } from './permit.ts'
import { type Route, route } from './route.ts'
import { nullable, Time } from './schemas.ts'
import type { Services } from './services.ts'

export const Alarm = Type.Object({
  kind: Type.String({ description: 'Of the event that told of it' }),
  subject: Type.Object({
    type: Type.Enum(['endpoint', 'reaction', 'lane', 'disk']),
    id: Type.String(),
    name: Type.String(),
  }),
  since: nullable(Time),
  text: Type.String({ description: 'What is wrong, in one sentence' }),
  advice: Type.String({ description: 'What to do now' }),
  page: Type.String({ description: 'Where the dashboard shows it, under its own root' }),
  eventId: nullable(Type.String()),
})
export type Alarm = Static<typeof Alarm>

/** What is wrong now: what is kept as long as it lasts, and what shows in how things stand. */
export async function currentAlarms(services: Services, teams: Teams): Promise<Alarm[]> {
  const rows = await services.storage.read('alarms', null)
  const kept = rows
    .filter(row => includesTeam(teams, row.team))
    .map((row): Alarm => {
      const { about, advice } = alarmKinds[row.kind as AlarmKind]
      return {
        kind: row.kind,
        subject: { type: about, id: row.subject_id, name: row.subject_name },
        since: timeText(row.started_at),
        text: row.text,
        advice,
        page: alarmPage(about, row.subject_id),
        eventId: row.event_id,
      }
    })
  return [...(teams === 'all' ? diskAlarm(services) : []), ...kept, ...disabledReactions(services, teams)]
}

function diskAlarm({ disk, config }: Services): Alarm[] {
  if (disk.level === 'ok') return []
  return [
    {
      kind: 'disk.low',
      subject: { type: 'disk', id: config.data, name: config.data },
      since: null,
      text: `The disk of the store is ${disk.level === 'full' ? 'full' : 'nearly full'}: ${disk.note ?? ''}`,
      advice: 'Make room on the disk, or keep events for a shorter time: `signalbox retention`.',
      page: alarmPage('disk', ''),
      eventId: null,
    },
  ]
}

/** By Signalbox itself: somebody who does it knows. */
function disabledReactions({ configuration }: Services, teams: Teams): Alarm[] {
  return [...configuration.reactions.values()]
    .filter(
      ({ state, stateReason, team }) =>
        state === 'disabled' && stateReason !== '' && includesTeam(teams, team),
    )
    .map(({ id, definition: { name }, updatedAtMs, stateReason }) => ({
      kind: 'reaction.disabled',
      subject: { type: 'reaction' as const, id, name },
      since: timeText(updatedAtMs),
      text: `${name} was disabled: ${stateReason}`,
      advice: 'Nothing is sent any more. Correct its URL and enable it, or delete it.',
      page: alarmPage('reaction', id),
      eventId: null,
    }))
}

export function alarmRoutes(services: Services): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/alarms',
      access: { permission: 'alarm.read' },
      tag: 'Operation',
      summary: 'What is wrong now',
      description: 'Each began with an event of our own, and ends with another: see docs/alarms.md.',
      status: 200,
      answer: Type.Object({
        items: Type.Array(Alarm),
        tellers: Type.Array(Type.Object({ id: Type.String(), name: Type.String() }), {
          description: 'Reactions that tell somebody of alarms',
        }),
      }),
      async handler({ viewer }) {
        const teams = teamsOf(viewer, 'alarm.read')
        const tellers = [...services.configuration.reactions.values()].filter(
          ({ state, definition, team }) =>
            state === 'active' && tellsOfAlarms(definition) && includesTeam(teams, team),
        )
        return {
          items: await currentAlarms(services, teams),
          tellers: tellers.map(({ id, definition: { name } }) => ({ id, name })),
        }
      },
    }),
  ]
}
