import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import type { RateLimit } from '../core/endpoint.ts'

/**
 * The rate limit of one endpoint, on this node. `requests` are taken in each window of a second or a minute, and
 * `burst` more in each window of ten of them.
 *
 * The headers are those of draft-ietf-httpapi-ratelimit-headers-11 (May 2026): RateLimit-Policy names each quota (q)
 * and its window in seconds (w), RateLimit what remains of it (r) and in how many seconds it begins anew (t).
 */
export interface Limit {
  readonly rule: RateLimit
  take(): Promise<Taken>
}

export interface Taken {
  allowed: boolean
  headers: { 'ratelimit-policy': string; ratelimit: string }
  /** For a 429. */
  retryAfterSeconds: number
}

export const inWords = ({ requests, per, burst }: RateLimit): string =>
  `${requests} requests a ${per}${burst > 0 ? ` and ${burst} more in ten ${per}s` : ''}`

const key = ''

export function createLimit(rule: RateLimit): Limit {
  const windowSeconds = rule.per === 'second' ? 1 : 60
  const rate = new RateLimiterMemory({ points: rule.requests, duration: windowSeconds })
  const burst =
    rule.burst > 0 ? new RateLimiterMemory({ points: rule.burst, duration: windowSeconds * 10 }) : null
  const policy = [
    `"rate";q=${rule.requests};w=${windowSeconds}`,
    ...(burst ? [`"burst";q=${rule.burst};w=${windowSeconds * 10}`] : []),
  ].join(', ')

  const answer = (allowed: boolean, ofRate: RateLimiterRes, ofBurst: RateLimiterRes | null): Taken => {
    const waitMs = Math.min(ofRate.msBeforeNext, ofBurst?.msBeforeNext ?? Number.POSITIVE_INFINITY)
    const left = [`"rate";${remaining(ofRate)}`]
    if (burst)
      left.push(ofBurst ? `"burst";${remaining(ofBurst)}` : `"burst";r=${rule.burst};t=${windowSeconds * 10}`)
    return {
      allowed,
      headers: { 'ratelimit-policy': policy, ratelimit: left.join(', ') },
      retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
    }
  }
  return {
    rule,
    async take() {
      const ofRate = await consume(rate)
      if (ofRate.allowed || burst === null)
        return answer(ofRate.allowed, ofRate.state, burst && (await burst.get(key)))
      const ofBurst = await consume(burst)
      return answer(ofBurst.allowed, ofRate.state, ofBurst.state)
    },
  }
}

async function consume(limiter: RateLimiterMemory): Promise<{ allowed: boolean; state: RateLimiterRes }> {
  try {
    return { allowed: true, state: await limiter.consume(key) }
  } catch (spent) {
    if (spent instanceof Error) throw spent
    return { allowed: false, state: spent as RateLimiterRes }
  }
}

const remaining = ({ remainingPoints, msBeforeNext }: RateLimiterRes): string =>
  `r=${Math.max(0, remainingPoints)};t=${Math.max(0, Math.ceil(msBeforeNext / 1000))}`
