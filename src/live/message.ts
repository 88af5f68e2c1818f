import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { topics } from './change.ts'
import { beginning, positionOf } from './cursor.ts'
import type { Filter } from './filter.ts'

/** What a watcher says. */
export type Incoming =
  | { type: 'subscribe'; filter: Filter; from: number | null }
  | { type: 'ping' }
  | { type: 'invalid'; code: 'message.malformed' | 'message.unknown' | 'cursor.invalid'; detail: string }

const strict = { additionalProperties: false }
const ids = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 200 })

const Subscribe = Type.Object(
  {
    type: Type.Literal('subscribe'),
    filter: Type.Optional(
      Type.Object(
        {
          topics: Type.Optional(Type.Array(Type.Enum([...topics]), { minItems: 1, maxItems: topics.length })),
          endpoints: Type.Optional(ids),
          kinds: Type.Optional(ids),
          reactions: Type.Optional(ids),
          outcome: Type.Optional(Type.Literal('error')),
        },
        strict,
      ),
    ),
    cursor: Type.Optional(Type.Union([Type.String({ maxLength: 100 }), Type.Null()])),
  },
  strict,
)
const subscribe = Compile(Subscribe)

export function readMessage(text: string): Incoming {
  const message = parse(text)
  if (message === null) return malformed('A message is a JSON object with a "type"')
  if (message.type === 'ping') return { type: 'ping' }
  if (message.type !== 'subscribe') {
    const name = JSON.stringify(message.type.slice(0, 50))
    return {
      type: 'invalid',
      code: 'message.unknown',
      detail: `${name} is no type of message; send "subscribe" or "ping"`,
    }
  }
  return subscribe.Check(message) ? toSubscribe(message) : malformed(firstMistake(message))
}

function toSubscribe({ filter = {}, cursor = null }: Static<typeof Subscribe>): Incoming {
  if (cursor === null) return { type: 'subscribe', filter, from: null }
  const from = cursor === beginning ? 0 : positionOf(cursor)
  if (from !== null) return { type: 'subscribe', filter, from }
  const detail = `The cursor is none of this feed; send one as it came, "${beginning}", or null to start from now`
  return { type: 'invalid', code: 'cursor.invalid', detail }
}

function parse(text: string): { type: string } | null {
  try {
    const message: unknown = JSON.parse(text)
    const hasType = typeof message === 'object' && message !== null && 'type' in message
    return hasType && typeof message.type === 'string' ? { ...message, type: message.type } : null
  } catch {
    return null
  }
}

const malformed = (detail: string): Incoming => ({ type: 'invalid', code: 'message.malformed', detail })

function firstMistake(message: object): string {
  for (const { instancePath, keyword, message: what } of subscribe.Errors(message)) {
    const path = instancePath.slice(0, 100)
    if (keyword === 'boolean') return `${path} is not known here`
    if (path !== '') return `${path} ${what}`
  }
  return 'The message does not fit; see docs/live.md'
}
