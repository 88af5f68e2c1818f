import { decodeText } from '../../core/context.ts'
import { goJson } from '../../core/template/tsuru/go-json.ts'
import type { Services } from '../services.ts'
import { readEventQuery } from './event-query.ts'
import { findTsuruEvent, listTsuruEvents, maySee, type ShownEvent } from './find-events.ts'
import { listAnswer, type TsuruRoute } from './route.ts'
import { denied, TextError } from './text-error.ts'

const at = { version: '1.1', access: 'token' } as const

/** tsuru's events: those that came from it, and ours as it would tell of them. */
export function eventRoutes(services: Services): TsuruRoute[] {
  const find = async (uuid: string): Promise<ShownEvent> => {
    if (!/^[0-9a-f]{24}$/i.test(uuid)) throw new TextError(400, `uuid parameter is not ObjectId: ${uuid}`)
    const found = await findTsuruEvent(services, uuid.toLowerCase())
    if (found === null) throw new TextError(404, 'event not found')
    return found
  }
  return [
    {
      ...at,
      method: 'GET',
      path: '/events',
      async handler({ query, caller }) {
        const events = await listTsuruEvents(services, readEventQuery(query), caller)
        return listAnswer(events.map(goJson))
      },
    },
    {
      ...at,
      method: 'GET',
      path: '/events/kinds',
      async handler({ caller }) {
        const seen = await services.storage.query('seenKinds', { teams: caller.teams('event.read') })
        return listAnswer(seen.map(({ type, name }) => goJson({ Type: type, Name: name })))
      },
    },
    {
      ...at,
      method: 'GET',
      path: '/events/:uuid',
      async handler({ params, caller }) {
        const found = await find(params['uuid']!)
        if (!maySee(found.event, caller)) throw denied()
        return { status: 200, json: `${infoJson(found)}\n` }
      },
    },
    {
      ...at,
      method: 'POST',
      audit: { nothing: 'what has happened is never cancelled' },
      path: '/events/:uuid/cancel',
      async handler({ params, body, query, caller }) {
        const { event } = await find(params['uuid']!)
        const form = new URLSearchParams(`${body.toString('utf8')}&${query}`)
        if (!form.get('reason')) throw new TextError(400, 'reason is mandatory')
        const { Scheme, Contexts } = event.AllowedCancel
        const teams = (Contexts ?? []).filter(({ CtxType }) => CtxType === 'team').map(({ Value }) => Value)
        if (![null, ...teams].some(team => caller.allows(Scheme, team))) throw denied()
        // What is kept here has happened.
        throw new TextError(400, 'event is not cancelable')
      },
    },
  ]
}

function infoJson(found: ShownEvent): string {
  try {
    return goJson({ ...found.event, ...customData(found) })
  } catch (error) {
    // Parsing goes as deep as memory does, writing only as deep as the stack.
    if (error instanceof RangeError)
      return goJson({ ...found.event, ...customData({ ...found, body: noBody }) })
    throw error
  }
}

const noBody = new Uint8Array()
const nothing = { Kind: 0, Data: null }

/** What a webhook is not sent: of tsuru's event as far as it brought it along, of ours the data. */
function customData({ body, isOurs }: ShownEvent): object {
  const given = json(body)
  const told = isOurs ? { CustomData: { Start: given, End: null, Other: null } } : maps(given)
  return {
    StartCustomData: told['StartCustomData'] ?? nothing,
    EndCustomData: told['EndCustomData'] ?? nothing,
    OtherCustomData: told['OtherCustomData'] ?? nothing,
    CustomData: told['CustomData'] ?? { Start: null, End: null, Other: null },
  }
}

const maps = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

function json(body: Uint8Array): unknown {
  const text = decodeText(body)
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text === '' ? null : text
  }
}
