import { isTemplate } from './template/language.ts'
import type { HttpAction, Reaction } from './reaction.ts'

/**
 * Runs of one lane share a concurrency limit and a breaker, so that a slow or dead target delays only its own runs.
 *
 *   hooks.example.com                a target host
 *   hooks.example.com|rea_…          … of a reaction with a limit of its own
 *   hooks.example.com|once           … of reactions that must not be sent twice: nothing waits claimed in memory
 *   reaction:rea_…                   a host that only the rendered URL tells
 */
export function laneOf(reaction: Reaction): string {
  const { action, concurrency, onLost } = reaction.definition
  const base = staticHost(action) ?? `reaction:${reaction.id}`
  const own = concurrency === null ? '' : `|${reaction.id}`
  return base + own + (onLost === 'fail' ? once : '')
}

const once = '|once'
/** Has its reaction a limit of its own, which only the reaction tells? */
export const hasOwnLimit = (lane: string): boolean => /\|rea_[^|]*(\|once)?$/.test(lane)
/** May runs of this lane be claimed before there is room to try them? Should the process die, they count as lost. */
export const mayWaitClaimed = (lane: string): boolean => !lane.endsWith(once)

/** The host and port of a URL whose template leaves them fixed; null when they are rendered. */
export function staticHost(action: HttpAction): string | null {
  const beforePath = /^https?:\/\/[^/?#]*/i.exec(action.url)?.[0]
  if (beforePath === undefined || isTemplate(action.language, action.url.slice(0, beforePath.length + 2)))
    return null
  if (!URL.canParse(beforePath)) return null
  return new URL(beforePath).host
}
