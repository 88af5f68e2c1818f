import { permissions as ownPermissions } from '../../core/permission.ts'
import { goJson } from '../../core/template/tsuru/go-json.ts'
import { version } from '../../version.ts'
import type { Services } from '../services.ts'
import { listAnswer, type TsuruRoute } from './route.ts'

/** Who somebody is, and what they may do, as the `tsuru` command asks for it. */
export function accountRoutes({ storage }: Services): TsuruRoute[] {
  return [
    {
      method: 'GET',
      version: '1.0',
      path: '/info',
      access: 'token',
      handler: async () => ({ status: 200, json: goJson({ version }) }),
    },
    {
      method: 'GET',
      version: '1.0',
      path: '/users/info',
      access: 'token',
      handler: async ({ caller }) => ({
        status: 200,
        json: `${goJson({
          Email: caller.name,
          Roles: [],
          Permissions: caller.grants.map(({ permission, team }) => ({
            Name: permission === '*' ? '' : permission,
            ContextType: team === null ? 'global' : 'team',
            ContextValue: team ?? '',
          })),
          Groups: [],
        })}\n`,
      }),
    },
    {
      method: 'GET',
      version: '1.0',
      path: '/permissions',
      access: 'token',
      async handler() {
        // Names of kinds are looked up here by people who write filters.
        const seen = await storage.query('seenKinds', { teams: 'all' })
        const kinds = seen.filter(({ type }) => type === 'permission').map(({ name }) => name)
        const names = new Set(['', ...[...ownPermissions, ...kinds].toSorted()])
        return listAnswer([...names].map(Name => goJson({ Name, Contexts: ['global', 'team'] })))
      },
    },
    {
      method: 'GET',
      version: '1.0',
      path: '/teams',
      access: 'token',
      async handler({ caller }) {
        const teams = await storage.query('listTeams', { teams: 'all' })
        const theirs = teams.flatMap(({ name }) => {
          const permissions = caller.grants
            .filter(({ team }) => team === null || team === name)
            .map(({ permission }) => (permission === '*' ? '' : permission))
          return permissions.length === 0 ? [] : [{ name, tags: [], permissions }]
        })
        return listAnswer(theirs.map(goJson))
      },
    },
  ]
}
