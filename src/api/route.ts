import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Permission, root } from '../core/permission.ts'
import type { Member } from './member.ts'
import type { Viewer } from './viewer.ts'

/**
 * Who may use a route: anybody; whoever is signed in; or whoever holds a permission in some team, or for the whole
 * organization where that is asked for. Its handler looks at the team of what it is about. Visitors come in where they
 * are named, for what is their own.
 */
export type Access =
  | 'public'
  | 'member'
  | { permission: Permission; visitors?: true; organization?: undefined }
  | { permission: Permission | typeof root; organization: true; visitors?: undefined }

/**
 * What the audit trail calls it when a request changes something; `inMemory` where no command of the store does it;
 * or why nothing is told of it. Every route but those that only read has to say.
 */
export type Audit = Action | { inMemory: Action } | { nothing: string }
type Action = `${string}.${string}`

export const tags = [
  'Session',
  'Endpoints',
  'Listeners',
  'Events',
  'Reactions',
  'Runs',
  'Jobs',
  'Views',
  'Shares',
  'People',
  'Secrets',
  'Audit',
  'Operation',
] as const

/** What a handler of that access is called with. */
type ViewerOf<A extends Access> = A extends 'public'
  ? Viewer
  : A extends { visitors: true }
    ? Extract<Viewer, { kind: 'member' | 'visitor' }>
    : Member

type Part<S extends TSchema | undefined> = S extends TSchema ? Static<S> : object

type RouteOf<
  A extends Access,
  P extends TSchema | undefined,
  Q extends TSchema | undefined,
  B extends TSchema | undefined,
  R extends TSchema | null,
> = Told & {
  url: `/${string}`
  access: A
  summary: string
  description?: string
  tag: (typeof tags)[number]
  params?: P
  query?: Q
  body?: B
  /** The status of success, and what is answered with it; null is no body. */
  status: 200 | 201 | 202 | 204
  answer: R
  /** When the answer is not JSON: the types that it may have. */
  produces?: readonly string[]
  handler(context: {
    params: Part<P>
    query: Part<Q>
    body: Part<B>
    viewer: ViewerOf<A>
    request: FastifyRequest
    reply: FastifyReply
  }): Promise<R extends TSchema ? Static<R> : void>
}

/** What changes something has to say what the trail calls it. */
export type Told =
  | { method: 'GET'; audit?: Audit }
  | { method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'; audit: Audit }

/** One row of the table of routes, its types forgotten. */
export type Route = RouteOf<
  Access,
  TSchema | undefined,
  TSchema | undefined,
  TSchema | undefined,
  TSchema | null
>

/** Types the handler by the schemas beside it. */
export const route = <
  const A extends Access,
  R extends TSchema | null,
  P extends TSchema | undefined = undefined,
  Q extends TSchema | undefined = undefined,
  B extends TSchema | undefined = undefined,
>(
  row: RouteOf<A, P, Q, B, R>,
): Route => row
