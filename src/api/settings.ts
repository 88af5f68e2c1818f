import Type from 'typebox'
import { type SettingName, settings } from '../config.ts'
import { type Route, route } from './route.ts'
import type { Services } from './services.ts'

const Value = Type.Union([
  Type.String(),
  Type.Number(),
  Type.Boolean(),
  Type.Array(Type.String()),
  Type.Null(),
])

const Setting = Type.Object({
  name: Type.String({ description: 'As its flag has it, without the dashes' }),
  flag: Type.String(),
  variable: Type.String(),
  meaning: Type.String(),
  value: Type.Union([Value], { description: 'What holds now; null for a secret, and for what is unset' }),
  default: Value,
  source: Type.Enum(['default', 'environment', 'flag', 'administrator'], {
    description: 'Who said so; an administrator is one who changed the retention while it runs',
  }),
  secret: Type.Boolean({ description: 'Its value is never told' }),
  given: Type.Boolean({ description: 'Whether it was set at all' }),
})

/** What an administrator changed while it runs holds in the place of the setting. */
async function changedSince({ retention }: Services): Promise<Partial<Record<SettingName, number | null>>> {
  const { keepDays, maxBytes, changed } = await retention.policy()
  return changed ? { keepEventsDays: keepDays, keepMaxGb: maxBytes === null ? null : maxBytes / 1e9 } : {}
}

export function settingsRoutes(services: Services): Route[] {
  const { config, sources } = services
  return [
    route({
      method: 'GET',
      url: '/api/settings',
      access: { permission: 'setting.read', organization: true },
      tag: 'Operation',
      summary: 'Every setting: what it is, who said so, and what it means',
      status: 200,
      answer: Type.Object({ items: Type.Array(Setting) }),
      async handler() {
        const changed = await changedSince(services)
        const names = Object.keys(settings) as SettingName[]
        return {
          items: names.map(name => {
            const { flag, variable, meaning, secret = false, default: fallback } = settings[name]
            const isChanged = name in changed
            const value = isChanged ? (changed[name] ?? null) : config[name]
            return {
              name: flag,
              flag: `--${flag}`,
              variable,
              meaning,
              value: secret ? null : value,
              default: fallback,
              source: isChanged ? ('administrator' as const) : sources[name],
              secret,
              given: isChanged || sources[name] !== 'default',
            }
          }),
        }
      },
    }),
  ]
}
