import { Pause, Play } from 'lucide-react'
import type { Feed, FeedState } from '../live/feed.ts'
import { Button } from './button.tsx'

interface PauseButtonProps<T> {
  state: FeedState<T>
  feed: Feed<T>
}

/** Stops the view, not the recording; says what waits. */
export function PauseButton<T>({ state, feed }: PauseButtonProps<T>) {
  if (!state.paused) {
    return (
      <Button size="small" onClick={feed.pause} title="Pause the view; events are still recorded">
        <Pause size={14} aria-hidden />
        Pause
      </Button>
    )
  }
  return (
    <Button size="small" look="primary" onClick={feed.resume}>
      <Play size={14} aria-hidden />
      <span aria-live="polite">{state.waiting > 0 ? `${state.waiting.toLocaleString()} new` : 'Resume'}</span>
    </Button>
  )
}
