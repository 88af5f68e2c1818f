import { useEffect, useSyncExternalStore } from 'react'
import { urlOf } from '../api/base.ts'
import { createLiveClient, type LiveStatus } from './client.ts'

export const live = createLiveClient({
  connect: () => new WebSocket(urlOf('api/live').replace(/^http/, 'ws')),
  later(work, delayMs) {
    const timer = setTimeout(work, delayMs)
    return () => clearTimeout(timer)
  },
  random: Math.random,
})

export const useLiveStatus = (): LiveStatus => useSyncExternalStore(live.onStatus, live.status)

/** Connects while `wanted`; another `identity` sees other things, so it connects anew. */
export function useLiveConnection(wanted: boolean, identity: string): void {
  useEffect(() => {
    if (!wanted) return
    live.start()
    return () => live.stop()
  }, [wanted, identity])
}
