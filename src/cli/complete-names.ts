import { findConnection } from './connection.ts'
import type { GlobalOptions } from './global-options.ts'
import type { Terminal } from './terminal.ts'
import { escapeControls } from './text.ts'

export interface Candidate {
  value: string
  about: string
}

export type NameKind = 'endpoint' | 'reaction' | 'event' | 'run' | 'job' | 'kind' | 'secret'

/** Whoever presses Tab does not wait for longer. */
const withinMs = 700

interface Item {
  id: string
  name: string
  url: string
  state: string
  label: string
  reactionName: string
  meaning: string
  description: string
  preview: string
  kind: { name: string }
  definition: { name: string; description: string }
}

/** A path that ends with `search=` is asked for what begins as the word that is being typed. */
const sources: Record<NameKind, { path: string; candidate(item: Item): Candidate }> = {
  endpoint: {
    path: 'api/endpoints?limit=200&search=',
    candidate: ({ name, url }) => ({ value: name, about: url }),
  },
  reaction: {
    path: 'api/reactions?limit=200&search=',
    candidate: ({ definition: { name, description }, state }) => ({
      value: name,
      about: description || state,
    }),
  },
  event: {
    path: 'api/events?limit=20',
    candidate: ({ id, kind, preview }) => ({ value: id, about: `${kind.name} ${preview}` }),
  },
  run: {
    path: 'api/runs?limit=20',
    candidate: ({ id, reactionName, state, label }) => ({
      value: id,
      about: `${reactionName}, ${state}: ${label}`,
    }),
  },
  job: { path: 'api/jobs?limit=20', candidate: ({ id, state }) => ({ value: id, about: state }) },
  secret: {
    path: 'api/secrets',
    candidate: ({ name, description }) => ({ value: name, about: description }),
  },
  kind: { path: 'api/kinds', candidate: ({ name, meaning }) => ({ value: name, about: meaning }) },
}

/** Names that came from outside too: nothing of them may be more than a word to a shell. */
const isWord = /^[A-Za-z0-9._:@/-]{1,200}$/

/** What the server knows; nothing when it cannot be asked, or is slow. */
export async function findNames(
  kind: NameKind,
  typed: string,
  given: GlobalOptions,
  terminal: Terminal,
): Promise<Candidate[]> {
  const { path, candidate } = sources[kind]
  try {
    const { url, token } = findConnection(given, terminal)
    const asked = path.endsWith('=') ? path + encodeURIComponent(typed) : path
    const response = await fetch(new URL(asked, url), {
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(withinMs),
    })
    if (!response.ok) return []
    const { items } = (await response.json()) as { items: Item[] }
    return items
      .map(candidate)
      .filter(({ value }) => isWord.test(value))
      .map(({ value, about }) => ({ value, about: escapeControls(about).slice(0, 80) }))
  } catch {
    return []
  }
}
