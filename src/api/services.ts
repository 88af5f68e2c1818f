import type { Event } from '../core/event.ts'
import type { Run } from '../core/run.ts'
import type { Reaction, ReactionDefinition } from '../core/reaction.ts'
import type { Teams } from '../core/permission.ts'
import type { Verdict } from '../core/filter.ts'
import type { Sealer } from '../core/seal.ts'
import type { Accept } from '../ingest/accept.ts'
import type { Sampled } from '../ingest/sample/sampling.ts'
import type { Config, Sources } from '../config.ts'
import type { Configuration } from '../storage/configuration-view.ts'
import type { PracticeTarget } from '../practice/target.ts'
import type { Disk } from '../disk.ts'
import type { Retention } from '../retention.ts'
import type { Rotation } from '../secrets/rotation.ts'
import type { Storage } from '../storage/port.ts'
import type { Proxies } from './proxies.ts'
import type { SignInTokens } from './sign-in.ts'
import type { Trial } from './trial.ts'

/** What the routes work with; app.ts fills it in. */
export interface Services {
  config: Config
  /** Who said what each setting is. */
  sources: Sources
  storage: Storage
  configuration: Configuration
  sealer: Sealer
  /** Of the key that seals. */
  rotation: Pick<Rotation, 'status' | 'begin'>
  trial: Trial
  proxies: Proxies
  retention: Retention
  disk: Pick<Disk, 'level' | 'freeBytes' | 'totalBytes' | 'note'>
  now(): number
  /** The way into the store (ingest). */
  accept: Accept
  /** Sends a sample in as if it came from outside (ingest). */
  deliverSample(
    request: SampleRequest,
    actor: string,
  ): Promise<{ answer: { status: number; body: string }; sampled: Sampled }>
  /** Puts a stored event before the current reactions again (react). */
  replay(
    event: Event,
    body: Uint8Array,
    on: { reactionId: string | null; teams: Teams },
    actor: string,
  ): Promise<Replayed>
  /** What a reaction would send for an event, without sending it (act). */
  rehearse(
    definition: ReactionDefinition,
    sample: { event: Event; body: Uint8Array; team: string | null },
  ): Promise<Rehearsal>
  lanes(): LaneStatus[]
  /** The receiver to practise with; whether it may be called says the setting. */
  practice: PracticeTarget
  /** Where people reach this process, for URLs that are shown: the public URL, else the listening address; with the base path. */
  baseUrl(): string
  /** Tokens of sign-in links, from createSignInTokens. */
  signIn: SignInTokens
  /** A fault of ours that a request ran into: for the log. */
  onError(error: unknown): void
  /** A job was made, or goes on. */
  wakeJobs(): void
  /** A source was added. */
  wakeSources(): void
  startedAtMs: number
  organizationId: string
}

export interface SampleRequest {
  method: string
  url: string
  headers: Record<string, string>
  body: string
  /** The address that it comes from. */
  sender: string
}

export interface Replayed {
  occasion: string
  runs: Run[]
  verdicts: { reaction: Reaction; verdict: Verdict }[]
}

export interface Rehearsal {
  request: {
    method: string
    url: string
    headers: [name: string, value: string][]
    body: string
    bodyBytes: number
  } | null
  /** Path into the definition, such as /action/url; line and column are 1-based. */
  problems: { path: string; message: string; line?: number; column?: number }[]
}

export interface LaneStatus {
  lane: string
  underWay: number
  waitingHere: number
  breaker: 'closed' | 'open' | 'probing'
  probeAtMs: number | null
  failuresInARow: number
}
