import Type from 'typebox'
import { alarmTestEvent } from '../core/alarm-test.ts'
import { isFinal } from '../core/run.ts'
import { toRun } from '../storage/rows.ts'
import { findReaction } from './reaction-answer.ts'
import { type Route, route } from './route.ts'
import { runAnswers } from './run-answer.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'

/** Well below the 10 s after which many clients give up. */
const longestWaitMs = 5_000
const pollMs = 50

/** An event like any other goes the way of all events; what became of its runs is answered. */
export function tellMeTestRoutes(services: Services): Route[] {
  const { storage, now } = services

  /** Once each run has been tried, or when that takes too long. */
  async function runsOf(eventId: string) {
    const endMs = performance.now() + longestWaitMs
    for (;;) {
      const { partition, position } = (await storage.read('event', { id: eventId }))!.event
      const reacted = (await storage.query('configVersionOf', { partition, position })) !== null
      const runs = (await storage.query('runsOfEvent', { eventId })).map(toRun)
      const tried = runs.every(run => isFinal(run.state) || (run.state === 'due' && run.attempts > 0))
      if ((reacted && tried) || performance.now() > endMs) return runAnswers(services, runs)
      await new Promise(resolve => setTimeout(resolve, pollMs))
    }
  }

  return [
    route({
      method: 'POST',
      url: '/api/tell-me/test',
      access: { permission: 'event.send', organization: true },
      tag: 'Reactions',
      audit: { nothing: 'the event is the record' },
      summary: 'Send a test message to whoever is told of alarms',
      description:
        'It makes an event `alarm.test`; every reaction on that kind fires. What became of the runs is answered, after ' +
        '5 seconds at the latest.',
      body: Type.Object(
        {
          reaction: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 200,
              description: 'The event gets the team of this one; left out: it belongs to the organization',
            }),
          ),
        },
        schema.strict,
      ),
      status: 200,
      answer: Type.Object({
        eventId: Type.String(),
        runs: Type.Array(schema.ref(schema.RunSummary), {
          description: 'None: no active reaction takes the kind alarm.test',
        }),
      }),
      async handler({ body: { reaction }, viewer }) {
        const team = reaction === undefined ? null : (await findReaction(services, viewer, reaction)).team
        const about = { actor: viewer.actor, team, dashboardUrl: services.baseUrl() }
        const { event, body } = alarmTestEvent(about, now())
        const { id } = await services.accept(event, body)
        return { eventId: id, runs: await runsOf(id) }
      },
    }),
  ]
}
