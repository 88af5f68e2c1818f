import { useSyncExternalStore } from 'react'
import { ago, fullTime, shortTime } from './format.ts'

export function Time({ time }: { time: string }) {
  return (
    <time dateTime={time} title={fullTime(time)} className="whitespace-nowrap tabular-nums">
      {shortTime(time)}
    </time>
  )
}

export function Ago({ time }: { time: string }) {
  const nowMs = useNow()
  return (
    <time dateTime={time} title={fullTime(time)} className="whitespace-nowrap">
      {ago(time, nowMs)}
    </time>
  )
}

let nowMs = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  nowMs = Date.now()
  timer ??= setInterval(() => {
    nowMs = Date.now()
    for (const notify of listeners) notify()
  }, 1000)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time, told anew each second to whoever shows it. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => nowMs)
