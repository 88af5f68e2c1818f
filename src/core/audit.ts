/** Who changed something, how they were known, and from where: what a command takes along into the audit trail. */
export interface AuditEntry {
  id: string
  atMs: number
  actor: string
  /** How the actor was known: `token`, `session`, … */
  by: string
  /** The address that the request came from, as far as trusted proxies say. */
  from: string
  userAgent: string
  /** Dotted, the thing first: `reaction.update`. */
  action: string
}

export const auditOutcomes = ['done', 'refused'] as const
export type AuditOutcome = (typeof auditOutcomes)[number]

/** The setting of how long the trail is kept. */
export const auditKeptIn = 'auditRetention'

/**
 * Where two JSON values differ, as JSON pointers, in the order of the later one. What is missing on one side counts as
 * a whole; arrays are compared place by place.
 */
export function changedPaths(before: unknown, after: unknown, at = ''): string[] {
  if (Object.is(before, after)) return []
  if (!isBranch(before) || !isBranch(after) || Array.isArray(before) !== Array.isArray(after)) return [at]
  const names = new Set([...Object.keys(after), ...Object.keys(before)])
  return [...names].flatMap(name => {
    const path = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (!Object.hasOwn(before, name) || !Object.hasOwn(after, name)) return [path]
    return changedPaths(before[name], after[name], path)
  })
}

const isBranch = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
