import type { FastifyRequest } from 'fastify'
import { hash } from 'node:crypto'
import { Problem } from './errors.ts'
import type { Services } from './services.ts'

/**
 * A client that does not know whether its request arrived sends it again under the same Idempotency-Key, and gets the
 * first answer. Only successes are kept: what failed changed nothing, and may be tried again under its key.
 * Answers may hold tokens, so they are sealed like secrets.
 */
export interface Idempotency {
  once(request: FastifyRequest, actor: string, perform: () => Promise<Answer>): Promise<Answer>
}

export interface Answer {
  status: number
  body: unknown
}

const keyPattern = /^[\x21-\x7e]{1,255}$/

export function createIdempotency({ storage, sealer, now }: Services): Idempotency {
  const underWay = new Set<string>()

  const replayed = async (key: string, actor: string, fingerprint: string): Promise<Answer | null> => {
    const kept = await storage.query('idempotentAnswer', { key, actor })
    if (kept === null) return null
    // Sealed: a hash of a body with a secret in it could be guessed.
    if (sealer.open(kept.fingerprint) !== fingerprint)
      throw new Problem('idempotency.key-reused', `The key ${key} was used for another request`)
    return { status: kept.status, body: JSON.parse(sealer.open(kept.response)) }
  }

  const perform = async (
    key: string,
    actor: string,
    request: FastifyRequest,
    work: () => Promise<Answer>,
  ): Promise<Answer> => {
    const fingerprint = fingerprintOf(request)
    const former = await replayed(key, actor, fingerprint)
    if (former !== null) return former
    const answer = await work()
    const response = sealer.seal(JSON.stringify(answer.body ?? null))
    await storage.execute('keepIdempotent', {
      key,
      actor,
      fingerprint: sealer.seal(fingerprint),
      status: answer.status,
      response,
      nowMs: now(),
    })
    return answer
  }

  return {
    async once(request, actor, work) {
      const key = request.headers['idempotency-key']
      if (key === undefined) return work()
      if (typeof key !== 'string' || !keyPattern.test(key))
        throw new Problem(
          'idempotency.key-invalid',
          'The Idempotency-Key must be 1 to 255 visible ASCII characters',
        )
      const place = `${actor} ${key}`
      if (underWay.has(place))
        throw new Problem('idempotency.in-progress', `A request with the key ${key} is still under way`)
      underWay.add(place)
      try {
        return await perform(key, actor, request, work)
      } finally {
        underWay.delete(place)
      }
    },
  }
}

const fingerprintOf = ({ method, url, body }: FastifyRequest): string =>
  hash('sha256', `${method} ${url}\n${JSON.stringify(body ?? null)}`, 'base64url')
