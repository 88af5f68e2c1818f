import { enableCompileCache, flushCompileCache } from 'node:module'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { dropStartGarbageSoon } from '../../memory.ts'

/** Sources are run as they are, published as JavaScript: each names its own kind. */
const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'))

/**
 * Starts a thread on one of this folder's modules. Each thread compiles for itself, so each keeps its compiled code
 * for the next start: that spares it 60 ms and 8 MB.
 */
export function startThread(
  name: 'reader-thread' | 'writer-thread',
  data: { file: string },
  youngGenerationMb?: number,
): Worker {
  const module = new URL(`./${name}${extension}`, import.meta.url)
  return new Worker(new URL(import.meta.url), {
    workerData: { ...data, module: module.href },
    ...(youngGenerationMb === undefined
      ? {}
      : { resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb } }),
  })
}

if (!isMainThread && isOurs(workerData)) {
  enableCompileCache()
  await import(workerData.module)
  flushCompileCache()
  dropStartGarbageSoon()
}

function isOurs(data: unknown): data is { module: string } {
  return typeof data === 'object' && data !== null && 'module' in data && typeof data.module === 'string'
}
