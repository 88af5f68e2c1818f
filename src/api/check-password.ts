import type { UserTable } from '../storage/schema.ts'
import { isPassword } from './password.ts'
import type { Services } from './services.ts'
import { createThrottle } from './sign-in.ts'

/** Whose password it is; null for a wrong one, and for whoever is unknown or disabled. */
type CheckPassword = (email: string, password: string, address: string) => Promise<UserTable | null>

export interface PasswordChecks {
  byAddress: ReturnType<typeof createThrottle>
  byAccount: ReturnType<typeof createThrottle>
  check: CheckPassword
}

const failuresPerMinute = 10
/** Of one account, from wherever they come. */
const failuresOfAccount = { count: 10, seconds: 600 }

const made = new WeakMap<object, PasswordChecks>()

/** Failures are counted together, whichever door they came by; one count for each server. */
export function passwordChecks(services: Services): PasswordChecks {
  const known = made.get(services)
  if (known) return known
  const byAddress = createThrottle('session.throttled', failuresPerMinute, 60)
  const byAccount = createThrottle('session.throttled', failuresOfAccount.count, failuresOfAccount.seconds)
  const checks: PasswordChecks = {
    byAddress,
    byAccount,
    async check(given, password, address) {
      const email = given.trim().toLowerCase()
      await byAddress.check(address)
      await byAccount.check(email)
      const user = await services.storage.query('findUser', { reference: email })
      const isRight = await isPassword(password, user?.password ?? null)
      if (user !== null && isRight && user.state === 'active') return user
      // Both, so that neither many accounts nor many addresses are a way around.
      await Promise.all([byAddress.count(address), byAccount.count(email)])
      return null
    },
  }
  made.set(services, checks)
  return checks
}
