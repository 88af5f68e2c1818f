import type { Transaction } from '../hot.ts'

export async function createSession(
  trx: Transaction,
  input: { tokenHash: string; actor: string; userId: string | null; nowMs: number; expiresAtMs: number },
): Promise<void> {
  await trx.db
    .insertInto('session')
    .values({
      token_hash: input.tokenHash,
      actor: input.actor,
      created_at: input.nowMs,
      expires_at: input.expiresAtMs,
      user_id: input.userId,
      last_seen_at: input.nowMs,
    })
    .execute()
}

export async function deleteSession(trx: Transaction, input: { tokenHash: string }): Promise<void> {
  await trx.db.deleteFrom('session').where('token_hash', '=', input.tokenHash).execute()
}

/** All of somebody's but one, or all. Answers how many that still held have ended. */
export async function deleteOtherSessions(
  trx: Transaction,
  input: { actor: string; keepTokenHash: string | null; nowMs: number },
): Promise<number> {
  const ended = await trx.db
    .deleteFrom('session')
    .where('actor', '=', input.actor)
    .where('token_hash', '!=', input.keepTokenHash ?? '')
    .returning('expires_at')
    .execute()
  return ended.filter(session => session.expires_at > input.nowMs).length
}

export async function setInstallation(
  trx: Transaction,
  input: { key: string; value: string },
): Promise<void> {
  await trx.db
    .insertInto('installation')
    .values(input)
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value: input.value }))
    .execute()
}

export interface IdempotentAnswer {
  key: string
  actor: string
  /** Hash of method, path and body: the same key with another request is a mistake of the client. */
  fingerprint: string
  status: number
  response: string
  nowMs: number
}

/** Keeps the first answer under a key; answers the one that is kept. */
export async function keepIdempotent(
  trx: Transaction,
  input: IdempotentAnswer,
): Promise<{ fingerprint: string; status: number; response: string }> {
  await trx.db
    .insertInto('idempotency')
    .values({
      key: input.key,
      actor: input.actor,
      fingerprint: input.fingerprint,
      status: input.status,
      response: input.response,
      created_at: input.nowMs,
    })
    .onConflict(conflict => conflict.columns(['key', 'actor']).doNothing())
    .execute()
  return trx.db
    .selectFrom('idempotency')
    .select(['fingerprint', 'status', 'response'])
    .where('key', '=', input.key)
    .where('actor', '=', input.actor)
    .executeTakeFirstOrThrow()
}

/** So long a link that has expired says that it has. */
const keepSharesMs = 7 * 86_400_000

/** Sessions and shares that ended, and idempotency keys and delivery ids that are too old to be sent again. */
export async function sweep(
  trx: Transaction,
  input: { nowMs: number; keepKeysMs: number; keepDeliveriesMs: number },
): Promise<void> {
  await trx.db.deleteFrom('session').where('expires_at', '<=', input.nowMs).execute()
  await trx.db.deleteFrom('invitation').where('expires_at', '<=', input.nowMs).execute()
  await trx.db
    .deleteFrom('share')
    .where('expires_at', '<=', input.nowMs - keepSharesMs)
    .execute()
  await trx.db
    .deleteFrom('idempotency')
    .where('created_at', '<=', input.nowMs - input.keepKeysMs)
    .execute()
  await trx.db
    .deleteFrom('delivery')
    .where('received_at', '<=', input.nowMs - input.keepDeliveriesMs)
    .execute()
}
