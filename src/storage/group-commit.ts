import { bytesOf, type Command, type Failure, type Outcome } from './command.ts'
import { StorageError } from './port.ts'
import { Refusal } from './refusal.ts'

/**
 * Gathers commands into transactions. One batch is under way; the next leaves when its commit answers, with all
 * that came meanwhile. No timer: one of 2 ms halved the rate.
 */
export interface GroupCommit {
  execute(command: Command): Promise<unknown>
  health(): { ok: true } | { ok: false; reason: string }
  /** Not healthy from now on, until a write succeeds. */
  suspect(reason: string): void
  /** Takes nothing more; resolves once what waits is committed. */
  drain(): Promise<void>
  /** Fails what waits, and everything that comes later. */
  end(error: StorageError): void
}

/** More than this many commands, or bytes of bodies, waiting means that the disk does not keep up: refuse at the door. */
const maxWaiting = 20_000
const maxWaitingBytes = 256 * 1024 * 1024
/** Bounds a transaction: 2,000 events of 1 KB commit in some 50 ms. */
const maxBatch = 2_000
const maxBatchBytes = 32 * 1024 * 1024

/**
 * A node that is not healthy may be sent nothing more, and would never learn that the disk has room again. So it
 * tries by itself, with a write that changes nothing.
 */
const probeMs = 1_000
const probe: Command = { name: 'setInstallation', input: { key: 'probe', value: '' } }

interface Waiting {
  command: Command
  bytes: number
  resolve(value: unknown): void
  reject(error: Error): void
}

export function createGroupCommit(
  commit: (commands: Command[]) => Promise<Outcome[]>,
  onCommitted: (commands: readonly Command[]) => void,
): GroupCommit {
  const waiting: Waiting[] = []
  let waitingBytes = 0
  let underWay: Waiting[] = []
  let ended: StorageError | null = null
  let lastFailure: string | null = null
  let drained: (() => void) | null = null
  let probing: NodeJS.Timeout | undefined

  const suspect = (reason: string) => {
    lastFailure = reason
    if (ended || drained) return
    clearTimeout(probing)
    probing = setTimeout(() => void execute(probe).catch(() => {}), probeMs).unref()
  }
  const takeBatch = (): Waiting[] => {
    let bytes = 0
    let count = 0
    for (const one of waiting) {
      bytes += one.bytes
      if (count > 0 && (count === maxBatch || bytes > maxBatchBytes)) break
      count++
    }
    const batch = waiting.splice(0, count)
    for (const one of batch) waitingBytes -= one.bytes
    return batch
  }
  const flush = () => {
    if (underWay.length > 0) return
    if (waiting.length === 0) return drained?.()
    underWay = takeBatch()
    void commit(underWay.map(one => one.command)).then(settle, fail)
  }
  const settle = (outcomes: Outcome[]) => {
    const done = underWay
    underWay = []
    const failure = failureOf(outcomes)
    if (failure === null) lastFailure = null
    else suspect(failure)
    // Not at once: what these answers set off leaves with the next batch.
    setImmediate(flush)
    const committed: Command[] = []
    for (const [index, one] of done.entries()) {
      const outcome = outcomes[index]!
      if (outcome.ok) {
        if (one.command !== probe) committed.push(one.command)
        one.resolve(outcome.value)
      } else one.reject(errorOf(outcome))
    }
    if (committed.length > 0) onCommitted(committed)
  }
  const fail = (cause: unknown) => {
    const failure = {
      code: 'storage.failed',
      message: 'The store could not write',
      retryable: false,
    } as const
    settle(underWay.map(() => ({ ok: false, failure: { ...failure, cause: String(cause) } })))
  }

  const execute = (command: Command): Promise<unknown> => {
    if (ended) return Promise.reject(ended)
    if (drained) return Promise.reject(closed())
    const bytes = bytesOf(command)
    if (waiting.length >= maxWaiting || (waiting.length > 0 && waitingBytes + bytes > maxWaitingBytes))
      return Promise.reject(busy())
    return new Promise((resolve, reject) => {
      waiting.push({ command, bytes, resolve, reject })
      waitingBytes += bytes
      // Everything that is asked for in the same turn of the event loop leaves together.
      if (waiting.length === 1) setImmediate(flush)
    })
  }

  return {
    execute,
    suspect,
    health() {
      const reason = ended?.message ?? lastFailure
      return reason === null ? { ok: true } : { ok: false, reason }
    },
    drain() {
      clearTimeout(probing)
      if (ended) return Promise.resolve()
      return new Promise(resolve => {
        drained = resolve
        flush()
      })
    },
    end(error) {
      ended ??= error
      clearTimeout(probing)
      for (const one of [...underWay.splice(0), ...waiting.splice(0)]) one.reject(error)
      waitingBytes = 0
      drained?.()
    },
  }
}

/** What keeps the store from writing at all; one command that it cannot take is that command's own trouble. */
function failureOf(outcomes: readonly Outcome[]): string | null {
  const failures = outcomes.flatMap(outcome => ('failure' in outcome ? [outcome.failure] : []))
  const general = failures.find(failure => failure.retryable || failure.code !== 'storage.failed')
  return general ? `${general.message} (${general.cause.split('\n')[0]})` : null
}

function errorOf(outcome: Exclude<Outcome, { ok: true }>): Error {
  if ('refused' in outcome) return new Refusal(outcome.refused, outcome.message)
  return storageError(outcome.failure)
}

export const storageError = ({ code, message, retryable, cause }: Failure): StorageError =>
  new StorageError(code, message, { retryable, cause })

export const closed = () => new StorageError('storage.closed', 'The store was closed', { retryable: false })

const busy = () =>
  new StorageError('storage.busy', 'More is waiting to be written than the disk keeps up with', {
    retryable: true,
  })
