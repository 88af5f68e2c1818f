import { type Kysely, sql } from 'kysely'
import type { AuditTable, Database } from '../schema.ts'
import type { Spelling } from './spelling.ts'
import { isOwnedBy } from './teams.ts'

export interface AuditFilter {
  actor?: string
  /** An action, or the dotted beginning of several. */
  action?: string
  kind?: string
  /** The id or the name of what was changed. */
  subject?: string
  team?: string
  outcome?: string
  teams?: readonly string[]
  sinceMs?: number
  untilMs?: number
  text?: string
}

const searched = [
  'subject_name',
  'subject_id',
  'actor',
  'action',
  'sender',
  'user_agent',
  'detail',
  'before',
  'after',
]

export const auditQueries = (spelling: Spelling) => ({
  /** Newest first. */
  listAudit(
    db: Kysely<Database>,
    input: { filter: AuditFilter; before: number | null; limit: number },
  ): Promise<AuditTable[]> {
    const { actor, action, kind, subject, team, outcome, teams, sinceMs, untilMs, text } = input.filter
    let query = db.selectFrom('audit').selectAll()
    if (input.before !== null) query = query.where('position', '<', input.before)
    if (actor !== undefined) query = query.where('actor', '=', actor)
    if (action !== undefined)
      // Between the dot and the character after it lie exactly the names below.
      query = query.where(where =>
        where.or([
          where('action', '=', action),
          where.and([where('action', '>', `${action}.`), where('action', '<', `${action}/`)]),
        ]),
      )
    if (kind !== undefined) query = query.where('subject_kind', '=', kind)
    if (subject !== undefined)
      query = query.where(where =>
        where.or([where('subject_id', '=', subject), where('subject_name', '=', subject)]),
      )
    if (team !== undefined) query = query.where('team', '=', team)
    if (outcome !== undefined) query = query.where('outcome', '=', outcome)
    if (teams !== undefined) query = query.where(isOwnedBy('team', teams))
    if (sinceMs !== undefined) query = query.where('at', '>=', sinceMs)
    if (untilMs !== undefined) query = query.where('at', '<=', untilMs)
    if (text !== undefined)
      query = query.where(where =>
        where.or(searched.map(column => spelling.contains(sql.ref(`audit.${column}`), text))),
      )
    return query.orderBy('position', 'desc').limit(input.limit).execute()
  },
  async findAudit(db: Kysely<Database>, input: { id: string }): Promise<AuditTable | null> {
    return (await db.selectFrom('audit').selectAll().where('id', '=', input.id).executeTakeFirst()) ?? null
  },
})
