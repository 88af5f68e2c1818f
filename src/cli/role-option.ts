import { isRole } from '../core/permission.ts'

/** A role or a single permission, in a team or (null) in the whole organization. */
export interface Role {
  role?: string | null
  permission?: string | null
  team: string | null
}

/** `editor@core`, `admin`, `event.send@core`; the server says what is no permission. */
export function collectRole(text: string, before: Role[] = []): Role[] {
  const [name = '', team = null] = text.split('@', 2)
  return [...before, { ...(isRole(name) ? { role: name } : { permission: name }), team }]
}

export const roleText = ({ role, permission, team }: Role): string =>
  `${role ?? permission ?? ''}${team === null ? '' : `@${team}`}`
