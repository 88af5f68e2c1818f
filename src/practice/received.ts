import type { IncomingMessage } from 'node:http'
import { isSecretHeader, mask } from '../core/mask.ts'
import type { Proof } from './proof.ts'

/** A request that reached the practice target, as it is shown. */
export interface Received {
  number: number
  receivedAtMs: number
  method: string
  path: string
  headers: [name: string, value: string][]
  body: string
  bodyBytes: number
  bodyTruncated: boolean
  /** Null while it is under way. */
  answeredStatus: number | null
  proof: Proof
}

const keptRequests = 20
const keptBodyBytes = 64 * 1024

/** The last requests, newest first: 20 with at most 64 KiB of body and 16 KiB of headers each. */
export class ReceivedList {
  #requests: Received[] = []
  #count = 0

  get count(): number {
    return this.#count
  }

  get requests(): readonly Received[] {
    return this.#requests
  }

  nextNumber(): number {
    this.#count += 1
    return this.#count
  }

  add(request: Received): void {
    this.#requests = [request, ...this.#requests].slice(0, keptRequests)
  }

  clear(): void {
    this.#requests = []
  }
}

export interface Content {
  /** The beginning of it. */
  kept: Buffer
  bytes: number
  /** Whole, as long as it may be checked. */
  whole: Buffer | null
}

/** More than any action may send: it is read to its end, and not kept. */
const largestChecked = 5 * 1024 * 1024

export async function readContent(request: IncomingMessage): Promise<Content> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= largestChecked) chunks.push(chunk)
  }
  const read = Buffer.concat(chunks)
  return {
    kept: Buffer.from(read.subarray(0, keptBodyBytes)),
    bytes,
    whole: bytes === read.length ? read : null,
  }
}

/** As they came, but for what is secret. */
export function shownHeaders(raw: readonly string[], hide: (text: string) => string): [string, string][] {
  const headers: [string, string][] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? ''
    headers.push([name, isSecretHeader(name) ? mask : hide(raw[at + 1] ?? '')])
  }
  return headers
}
