import { AsyncLocalStorage } from 'node:async_hooks'
import type { FastifyRequest } from 'fastify'
import type { AuditEntry } from '../core/audit.ts'
import { newId } from '../core/ids.ts'
import { onlyFollows, tellsOf } from '../storage/audit/subjects.ts'
import type { Storage } from '../storage/port.ts'
import { toProblem } from './answer-error.ts'
import { errorTable } from './errors.ts'
import type { Audit } from './route.ts'
import type { Viewer } from './viewer.ts'

/** The request that is being handled, for the commands that it gives: each takes a row into its own transaction. */
const handled = new AsyncLocalStorage<{ entry: Omit<AuditEntry, 'id'>; isTold: boolean }>()

/** The store, for whatever requests reach: their changes are told in the audit trail. */
export const auditedStorage = (storage: Storage): Storage => ({
  ...storage,
  execute(name, input, audit) {
    const request = audit === undefined && tellsOf(name) ? handled.getStore() : undefined
    if (request === undefined || (request.isTold && onlyFollows.has(name)))
      return storage.execute(name, input, audit)
    return storage.execute(name, input, { ...request.entry, id: newId('aud') }).then(output => {
      request.isTold = true
      return output
    })
  },
})

/** Refusals may be had in any number by whoever has a list of passwords; the trail keeps so many a minute. */
const refusalsPerMinute = 60

export interface Auditor {
  /** Handles a request whose changes the trail tells of; what it is refused as not allowed is told too. */
  handle<T>(audit: Audit, request: Asked, viewer: Asker, work: () => Promise<T>): Promise<T>
  /** Somebody who is known asks for what they may not do. */
  refused(audit: Audit, request: Asked, viewer: Asker, error: unknown): Promise<void>
}

type Asked = Pick<FastifyRequest, 'ip' | 'headers' | 'params'>
type Asker = Pick<Extract<Viewer, { kind: 'visitor' }>, 'actor'> & { by: string }

export const askerOf = (viewer: Viewer): Asker =>
  viewer.kind === 'nobody'
    ? { actor: 'nobody', by: 'nothing' }
    : { actor: viewer.actor, by: howKnown(viewer) }

const howKnown = (viewer: Exclude<Viewer, { kind: 'nobody' }>): string => {
  if (viewer.kind === 'visitor') return 'view key'
  return viewer.keyId === null ? viewer.by : 'key'
}

export function createAuditor({ storage, now }: { storage: Storage; now(): number }): Auditor {
  let minute = 0
  let kept = 0
  let untold = 0

  const entryOf = (action: string, { ip, headers }: Asked, { actor, by }: Asker) => ({
    atMs: now(),
    actor,
    by,
    from: ip,
    userAgent: (headers['user-agent'] ?? '').slice(0, 300),
    action,
  })
  const refused: Auditor['refused'] = async (audit, request, viewer, error) => {
    const action = actionOf(audit)
    const refusal = refusalOf(error)
    if (action === null || refusal === null) return
    const thisMinute = Math.floor(now() / 60_000)
    if (thisMinute !== minute) [minute, kept] = [thisMinute, 0]
    if (kept >= refusalsPerMinute) return void untold++
    kept++
    const more =
      untold > 0 ? ` (and ${untold} more were refused since the row before, too many to be kept)` : ''
    untold = 0
    const [reference = ''] = Object.values(request.params as Record<string, string>)
    await storage.execute('noteAudit', {
      entry: { ...entryOf(action, request, viewer), id: newId('aud') },
      name: reference.slice(0, 200),
      outcome: 'refused',
      detail: refusal + more,
    })
  }
  return {
    refused,
    async handle(audit, request, viewer, work) {
      const action = actionOf(audit)
      if (action === null) return work()
      const entry = entryOf(action, request, viewer)
      try {
        const done = await handled.run({ entry, isTold: false }, work)
        if (typeof audit === 'object' && 'inMemory' in audit)
          await storage.execute('noteAudit', { entry: { ...entry, id: newId('aud') } })
        return done
      } catch (error) {
        await refused(audit, request, viewer, error)
        throw error
      }
    },
  }
}

const actionOf = (audit: Audit): string | null => {
  if (typeof audit === 'string') return audit
  return 'inMemory' in audit ? audit.inMemory : null
}

/** Of what was not allowed, why: an error of ours, or one that has its status with it. */
function refusalOf(error: unknown): string | null {
  const problem = toProblem(error)
  const { status, message } = problem
    ? { status: errorTable[problem.code].status, message: problem.message }
    : (error as { status?: unknown; message?: unknown })
  return (status === 401 || status === 403) && typeof message === 'string' ? message : null
}
