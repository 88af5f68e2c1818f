import type { ReactionDefinition } from '../core/reaction.ts'
import { mask } from '../core/mask.ts'
import { type Confinement, SecretError } from '../core/secret.ts'
import { SealError, type Sealer } from '../core/seal.ts'
import type { Storage } from '../storage/port.ts'
import { toSecret } from '../storage/rows.ts'
import { templatesOf } from './templates.ts'

/** The secrets that one attempt, or one rehearsal, may read: those that its reaction's templates name. */
export interface ReadableSecrets {
  /** Throws a SecretError. */
  find(name: string): Confinement & { value: string }
  /** Every value: what records are kept clear of. */
  readonly values: readonly string[]
}

export const noSecrets: ReadableSecrets = { find: missing, values: [] }

/**
 * Looks secrets up at the time of each attempt, so that a value that was changed between two tries is the new one in
 * the second. Null for a reaction that names none, for which nothing is read. A rehearsal reads dots in the place of each
 * value: it would otherwise show what a template makes of it.
 */
export type ReadSecrets = (
  definition: ReactionDefinition,
  team: string | null,
  how?: 'rehearsed',
) => Promise<ReadableSecrets> | null

export function createReadSecrets(storage: Pick<Storage, 'read'>, sealer: Pick<Sealer, 'open'>): ReadSecrets {
  return (definition, team, how) => {
    const names = secretNames(definition)
    return names.length === 0 ? null : readable(names, team)

    async function readable(given: readonly string[], ofTeam: string | null): Promise<ReadableSecrets> {
      const rows = await storage.read('secretsNamed', { names: given, team: ofTeam })
      const secrets = new Map(rows.map(toSecret).map(secret => [secret.name, secret]))
      const values = new Map<string, string | SecretError>()
      for (const { name, valueSealed } of secrets.values())
        values.set(name, how === 'rehearsed' ? mask : opened(name, valueSealed))
      return {
        find(name) {
          const secret = secrets.get(name)
          const value = values.get(name)
          if (secret === undefined || value === undefined) return missing(name)
          if (value instanceof SecretError) throw value
          return { id: secret.id, secret: name, hosts: secret.hosts, value }
        },
        values: [...values.values()].filter(value => typeof value === 'string'),
      }
    }
  }

  function opened(name: string, sealed: string): string | SecretError {
    try {
      return sealer.open(sealed)
    } catch (error) {
      if (!(error instanceof SealError)) throw error
      return new SecretError(
        'secret.unreadable',
        `the secret ${name} cannot be read: it was sealed with another key. Set its value anew, or put back the former key`,
      )
    }
  }
}

function missing(name: string): never {
  throw new SecretError(
    'secret.missing',
    `there is no secret ${name}; make it under Settings, Secrets, or take it out of the reaction`,
  )
}

const namesOf = new WeakMap<ReactionDefinition, readonly string[]>()

/** What its templates name; nothing of one that does not compile. */
export function secretNames(definition: ReactionDefinition): readonly string[] {
  let names = namesOf.get(definition)
  if (names === undefined) {
    const named = templatesOf(definition.action).flatMap(({ compile }) => {
      try {
        return compile().secrets
      } catch {
        return []
      }
    })
    names = [...new Set(named.flatMap(({ name }) => name ?? []))]
    namesOf.set(definition, names)
  }
  return names
}
