import type { Sealer } from '../core/seal.ts'
import { ListingError } from '../integrations/tsuru/listing.ts'
import type { SourceTable } from '../storage/schema.ts'
import { type ReadOptions, readSource } from './read.ts'

export interface SourcesOptions extends ReadOptions {
  sealer: Sealer
  intervalMs: number
  onError(error: unknown): void
}

export interface SourceReader {
  /** One was added or taken away. */
  wake(): void
  stop(): Promise<void>
}

const longestRestMs = 300_000
const mostKnown = 20_000

/** Asks each source again and again. While there are none, no timer runs. */
export function startSources(options: SourcesOptions): SourceReader {
  const { storage, intervalMs, now } = options
  const known = new Map<string, Set<string>>()
  const failures = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let round: Promise<void> | null = null
  let again = false
  let stopped = false

  const rest = ({ id }: SourceTable): number =>
    Math.min(longestRestMs, intervalMs * 2 ** Math.min(16, failures.get(id) ?? 0))
  const isDue = (source: SourceTable): boolean => now() - (source.asked_at ?? 0) >= rest(source) - 1

  const readOne = async (source: SourceTable): Promise<void> => {
    const seen = known.get(source.id) ?? new Set()
    known.set(source.id, seen)
    try {
      await readSource(source, options.sealer.open(source.token_sealed), seen, options)
      failures.delete(source.id)
    } catch (error) {
      if (stopped) return
      failures.set(source.id, (failures.get(source.id) ?? 0) + 1)
      if (!(error instanceof ListingError)) options.onError(error)
      const problem = error instanceof Error ? error.message : String(error)
      await storage.execute('noteSource', { id: source.id, problem, asked_at: now() })
    }
    for (const id of seen) if (seen.size > mostKnown) seen.delete(id)
  }

  const readAll = async (): Promise<void> => {
    const sources = await storage.read('sources', null)
    await Promise.all(sources.filter(isDue).map(readOne))
    if (!stopped && sources.length > 0) {
      timer = setTimeout(wake, intervalMs)
      timer.unref()
    }
  }

  const wake = (): void => {
    if (stopped) return
    if (round) {
      again = true
      return
    }
    clearTimeout(timer)
    round = readAll()
      .catch(options.onError)
      .finally(() => {
        round = null
        if (again) wake()
        again = false
      })
  }

  wake()
  return {
    wake,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await round
    },
  }
}
