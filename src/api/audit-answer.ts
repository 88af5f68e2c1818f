import Type, { type Static } from 'typebox'
import { auditOutcomes, changedPaths } from '../core/audit.ts'
import { timeText } from '../core/summary.ts'
import type { AuditTable } from '../storage/schema.ts'
import * as schema from './schemas.ts'

const row = {
  id: Type.String(),
  time: schema.Time,
  actor: Type.String(),
  by: Type.String({ description: 'How the actor was known: `token`, `session`, …' }),
  from: Type.String({ description: 'The address that the request came from' }),
  userAgent: Type.String(),
  action: Type.String(),
  outcome: Type.Enum([...auditOutcomes]),
  detail: Type.String({ description: 'Why it was refused' }),
  subject: schema.nullable(
    Type.Object(
      { kind: Type.String(), id: Type.String(), name: Type.String() },
      { description: 'What was changed; null: no one thing' },
    ),
  ),
  team: schema.nullable(Type.String()),
  changed: Type.Array(Type.String(), { description: 'JSON pointers into `before` and `after`' }),
}
const Given = Type.Unsafe<object | null>({
  type: ['object', 'null'],
  additionalProperties: true,
  description: 'As the API showed it then, secrets masked; null: there was nothing',
})
export const AuditRow = Type.Object(row)
export const WholeAuditRow = Type.Object({ ...row, before: Given, after: Given })
export type WholeAuditRow = Static<typeof WholeAuditRow>

const parse = (text: string | null): object | null => (text === null ? null : (JSON.parse(text) as object))

/** A row of the trail as the API tells it. */
export function whole(stored: AuditTable): WholeAuditRow {
  const [before, after] = [parse(stored.before), parse(stored.after)]
  return {
    id: stored.id,
    time: timeText(stored.at),
    actor: stored.actor,
    by: stored.known_by,
    from: stored.sender,
    userAgent: stored.user_agent,
    action: stored.action,
    outcome: stored.outcome as WholeAuditRow['outcome'],
    detail: stored.detail,
    subject:
      stored.subject_kind === '' && stored.subject_name === ''
        ? null
        : { kind: stored.subject_kind, id: stored.subject_id, name: stored.subject_name },
    team: stored.team,
    changed: before === null || after === null ? [] : changedPaths(before, after),
    before,
    after,
  }
}

export function inShort(stored: AuditTable): Static<typeof AuditRow> {
  const { before: _before, after: _after, ...told } = whole(stored)
  return told
}
