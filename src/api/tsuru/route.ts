import type { Told } from '../route.ts'
import type { Caller } from './caller.ts'

/** One row of the table of tsuru's routes. Each is there under its version, and under no other. */
export type TsuruRoute = Told & {
  version: `1.${number}`
  path: `/${string}`
  /** Also without the version, where no page of the dashboard lives. */
  isBare?: true
  access: 'public' | 'token'
  handler(request: TsuruRequest): Promise<TsuruAnswer>
}

export interface TsuruRequest {
  params: Record<string, string>
  query: string
  contentType: string | undefined
  body: Buffer
  authorization: string | undefined
  /** Where it came from. */
  sender: string
  /** Of a public route: asks for nothing. */
  caller: Caller
}

/** `json` is written already, as Go writes it. */
export type TsuruAnswer = { status: 200; json: string } | { status: 200 | 204 }

/** A list of nothing is no content. */
export const listAnswer = (items: readonly string[]): TsuruAnswer =>
  items.length === 0 ? { status: 204 } : { status: 200, json: `[${items.join(',')}]\n` }
