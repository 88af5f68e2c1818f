import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from './errors.ts'

/** Versions of endpoints and reactions are numbers; their tag is that number. */
export const setEtag = (reply: FastifyReply, version: number): FastifyReply =>
  reply.header('etag', `"${version}"`)

/** The version that the caller has seen; null when any will do. */
export function expectedVersion(request: FastifyRequest): number | null {
  const given = request.headers['if-match']
  if (given === undefined || given.trim() === '*') return null
  const version = /^\s*"(\d{1,15})"\s*$/.exec(given)?.[1]
  if (version === undefined)
    throw new Problem('version-conflict', `If-Match is ${given.slice(0, 100)}; send the ETag as it came`)
  return Number(version)
}
