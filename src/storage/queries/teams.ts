import { type RawBuilder, sql } from 'kysely'

/** For `in (…)`, which takes no empty list in one of the engines; no team has an empty name. */
export const namesOf = (teams: readonly string[]): readonly string[] => (teams.length > 0 ? teams : [''])

/** Of rows that something else leads to already: the index by team would lead past all that the team ever had. */
export const isOwnedBy = (column: string, teams: readonly string[]): RawBuilder<boolean> =>
  sql<boolean>`coalesce(${sql.ref(column)}, '') in (${sql.join(teams.length > 0 ? teams : ['-'])})`
