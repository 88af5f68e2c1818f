import Type, { type Static } from 'typebox'
import { root } from '../core/permission.ts'
import { timeTextOrNull } from '../core/summary.ts'
import { Problem } from './errors.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'

const Status = Type.Object({
  where: Type.String({ description: 'The setting or the file that holds the key' }),
  inFile: Type.Boolean(),
  state: Type.Enum(['idle', 'working', 'failed']),
  resealed: Type.Integer({ description: 'How many texts were sealed anew since the start' }),
  finishedAt: schema.nullable(schema.Time),
})

/** The key that seals secrets: where it is, and its rotation. Nothing of the key itself. */
export function secretKeyRoutes({ rotation }: Services): Route[] {
  const status = (): Static<typeof Status> => {
    const { where, isFile, state, resealed, finishedAtMs } = rotation.status()
    return { where, inFile: isFile, state, resealed, finishedAt: timeTextOrNull(finishedAtMs) }
  }
  return [
    route({
      method: 'GET',
      url: '/api/secret-key',
      access: { permission: root, organization: true },
      tag: 'Secrets',
      summary: 'Where the key that seals secrets is, and how far its rotation got',
      status: 200,
      answer: Status,
      handler: async () => status(),
    }),
    route({
      method: 'POST',
      url: '/api/secret-key/rotation',
      access: { permission: root, organization: true },
      tag: 'Secrets',
      summary: 'Make a new key, and seal everything with it',
      description: 'Everything goes on meanwhile, and a stop or a crash is made up for at the next start.',
      audit: { inMemory: 'secret-key.rotate' },
      status: 202,
      answer: Status,
      async handler() {
        if (!rotation.status().isFile)
          throw new Problem(
            'secret-key.is-setting',
            'The key is given by --secret-key or SIGNALBOX_SECRET_KEY, which only whoever starts Signalbox can change',
          )
        rotation.begin()
        return status()
      },
    }),
  ]
}
