import Type from 'typebox'
import { kindTypes, type KindType, type Target } from '../core/event.ts'
import { kinds, spellings } from '../core/kinds.ts'
import { timeText } from '../core/summary.ts'
import { mostCounted, type SeenKind } from '../storage/queries/seen-kind.ts'
import { teamsOf } from './permit.ts'
import { type Route, route } from './route.ts'
import { nullable, Time } from './schemas.ts'
import type { Services } from './services.ts'

const Kind = Type.Object({
  name: Type.String({ description: 'Dotted; a filter on a name also takes what lies below it' }),
  type: Type.Enum([...kindTypes], { description: 'As it was last seen, or as the code has it' }),
  known: Type.Boolean({ description: 'Whether the code knows it; names are an open set' }),
  meaning: Type.String(),
  error: Type.String({ description: 'When it tells of a failure; empty when that is not known' }),
  targets: Type.Array(
    Type.Object({
      type: Type.String(),
      example: nullable(Type.String({ description: 'Of the last event; null when none was seen' })),
    }),
    { description: 'The primary one first' },
  ),
  data: Type.Array(
    Type.Object({
      path: Type.String(),
      type: Type.Enum(['text', 'number', 'time']),
      example: Type.Union([Type.String(), Type.Number()]),
      meaning: Type.String(),
      template: Type.String({ description: 'As a template writes it' }),
      where: Type.String({ description: 'As a `where` writes it' }),
    }),
  ),
  seen: nullable(
    Type.Object({
      count: Type.Integer(),
      countIsComplete: Type.Boolean({ description: `Counted up to ${mostCounted}` }),
      lastAt: Time,
    }),
  ),
})

const targetsOf = ({ detail }: SeenKind): Target[] => (JSON.parse(detail) as { targets: Target[] }).targets

function toAnswer(name: string, seen: SeenKind | undefined) {
  const known = kinds.find(kind => kind.name === name)
  const found = seen ? targetsOf(seen) : []
  const types = new Set([...(known?.targets ?? []), ...found.map(({ type }) => type)])
  return {
    name,
    type: (seen?.type ?? known?.type ?? 'external') as KindType,
    known: known !== undefined,
    meaning: known?.meaning ?? '',
    error: known?.error ?? '',
    targets: [...types].map(type => ({
      type,
      example: found.find(target => target.type === type)?.value ?? null,
    })),
    data: (known?.data ?? []).map(field => ({ ...field, ...spellings(field.path) })),
    seen: seen
      ? { count: seen.count, countIsComplete: seen.count < mostCounted, lastAt: timeText(seen.lastAtMs) }
      : null,
  }
}

export function kindRoutes({ storage }: Services): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/kinds',
      access: { permission: 'event.read' },
      tag: 'Events',
      summary: 'Kinds of events',
      description: 'Those that the code knows and those that are stored, with what their events hold.',
      status: 200,
      answer: Type.Object({ items: Type.Array(Kind) }),
      async handler({ viewer }) {
        const teams = teamsOf(viewer, 'event.read')
        const seen = new Map((await storage.query('seenKinds', { teams })).map(kind => [kind.name, kind]))
        const names = new Set([...kinds.map(({ name }) => name), ...seen.keys()])
        return { items: [...names].toSorted().map(name => toAnswer(name, seen.get(name))) }
      },
    }),
  ]
}
