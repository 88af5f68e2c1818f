import type { KeyObject } from 'node:crypto'
import { METHODS } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { eventContext, mediaType } from '../core/context.ts'
import { AnswerError } from '../core/custom-answer.ts'
import { hasExpired } from '../core/endpoint.ts'
import type { Event } from '../core/event.ts'
import { Refusal } from '../storage/refusal.ts'
import { StorageError } from '../storage/port.ts'
import type { Accept } from './accept.ts'
import type { HandshakeAnswer } from './handshakes.ts'
import { encodingOf, inflateBody } from './inflate.ts'
import { normalise, parseJson } from './normalise.ts'
import type { OpenEndpoint, OpenEndpoints } from './open-endpoints.ts'
import type { FormerTokenUses } from './former-tokens.ts'
import { inWords } from './rate-limit.ts'
import { readBody } from './read-body.ts'
import { answerFailed, handshakePrefix, type Rejections } from './rejections.ts'
import { bearerToken } from './verify/bearer.ts'
import type { Accepted, ReceivedRequest } from './verify/verdict.ts'

export interface ReceiveOptions {
  endpoints: OpenEndpoints
  accept: Accept
  rejections: Rejections
  formerTokenUses: FormerTokenUses
  causeKey: KeyObject
  bodyTimeoutMs: number
  now(): number
}

/** The answers that a sender gets instead of a 202. They say whose move it is, and nothing that helps a forger. */
export const refusals = {
  401: 'The credentials or the signature of this request were not accepted',
  403: 'This request is refused by a rule of the endpoint',
  404: 'There is no endpoint here',
  405: 'The endpoint does not take this method',
  400: 'The body was not complete, or not what its content encoding says',
  408: 'The request took too long to arrive',
  410: 'The endpoint has expired',
  413: 'The body is larger than the endpoint takes',
  415: 'The endpoint does not take this content type or encoding',
  429: 'Too many requests; wait and send it again',
  503: 'The event could not be stored just now; send it again',
} as const
type Refused = keyof typeof refusals

/** How the endpoint was found. */
type Door = 'path' | 'token' | 'former-token'

/**
 * ① ingest: find the endpoint, verify, normalise, append, 202. The hot path: nothing else happens on it, and it is
 * not logged (a log line a request costs 40 %).
 */
export async function registerIngest(fastify: FastifyInstance, options: ReceiveOptions): Promise<void> {
  const { endpoints } = options
  for (const method of METHODS)
    if (method !== 'CONNECT' && !fastify.supportedMethods.includes(method))
      fastify.addHttpMethod(method, { hasBody: true })

  const receive = async (
    request: FastifyRequest,
    reply: FastifyReply,
    open: OpenEndpoint,
    params: Readonly<Record<string, string>>,
    door: Door,
  ): Promise<FastifyReply> => {
    const { endpoint } = open
    const sender = request.ip
    const reject = (status: Refused, reason: string, detail: string) => {
      options.rejections.add(endpoint.id, reason, sender, detail)
      return refuse(reply, status)
    }
    const count = (reason: string, detail: string) =>
      options.rejections.add(endpoint.id, reason, sender, detail)
    if (endpoint.state === 'disabled') return reject(403, 'endpoint.disabled', 'The endpoint is disabled')
    if (open.addresses !== null && !open.addresses.has(sender))
      return reject(403, 'address.not-allowed', `The address ${sender} is not in the list of the endpoint`)
    if (hasExpired(endpoint, options.now()))
      return reject(410, 'endpoint.expired', 'The endpoint has expired; renew it, or tell the sender')
    if (door === 'former-token' && formerHasEnded(open, options.now()))
      return reject(401, 'token.ended', 'The token was rotated away, and its time has ended')
    const { method } = request
    if (open.handshakes !== null && door === 'path') {
      const asked = open.handshakes.unproven(asReceived(request, noBody, options.now()))
      if (asked !== null) return answerHandshake(reply, asked, reject, count)
    }
    if (open.methods !== null && !open.methods.has(method)) {
      void reply.header('allow', [...open.methods].join(', '))
      return reject(405, 'method.not-allowed', `The method was ${method}`)
    }
    const { headers } = request
    const encoding = encodingOf(headers['content-encoding'])
    if (encoding === undefined) {
      const detail = `The content encoding was ${headers['content-encoding']}`
      return reject(415, 'content-encoding.not-taken', detail)
    }
    const unsupported = unsupportedType(open, headers)
    if (unsupported !== null) return reject(415, 'content-type.not-taken', unsupported)
    if (open.limit !== null) {
      const { allowed, headers, retryAfterSeconds } = await open.limit.take()
      void reply.headers(headers)
      if (!allowed) {
        void reply.header('retry-after', retryAfterSeconds)
        return reject(429, 'rate.exceeded', `More than ${inWords(open.limit.rule)}`)
      }
    }
    const read = await readBody(request.raw, endpoint.definition.maxBytes, options.bodyTimeoutMs)
    if (!read.ok) {
      // A body that came too slowly would keep the connection from carrying another request.
      if (read.status === 408) void reply.header('connection', 'close')
      return reject(
        read.status,
        read.reason,
        `The limit is ${endpoint.definition.maxBytes} bytes and ${options.bodyTimeoutMs} ms`,
      )
    }
    const received = asReceived(request, read.body, options.now())
    const judged = (door === 'path' ? open.check : open.checkBehindToken)(received)
    const byFormer = judged.ok || door !== 'path' ? null : acceptFormer(open, received)
    const verdict = byFormer ?? judged
    if (!verdict.ok) return reject(verdict.status, verdict.reason, verdict.detail)
    // Signatures cover the bytes as they were sent; what is kept is what they inflate to.
    if (encoding !== null) {
      const inflated = await inflateBody(encoding, read.body, endpoint.definition.maxBytes)
      if (!inflated.ok) return reject(inflated.status, inflated.reason, inflated.detail)
      received.body = inflated.body
    }
    if (byFormer !== null || door === 'former-token') options.formerTokenUses.add(endpoint, sender)
    const asked = open.handshakes?.proven(verdict, () => parseJson(received.body)) ?? null
    if (asked !== null) return answerHandshake(reply, asked, reject, count)
    const event = normalise(open, {
      request: received,
      params,
      sender,
      verdict,
      byToken: door === 'path' ? null : door === 'token' ? 'send token' : 'former send token',
      causeKey: options.causeKey,
      inflated: encoding === null ? null : { encoding, bytes: read.body.length },
    })
    try {
      const { id, duplicate } = await options.accept(event, received.body)
      if (open.answer !== null) {
        const failure = answerAsChosen(reply, open.answer, { ...event, id }, received.body)
        if (failure === null) return reply
        options.rejections.add(endpoint.id, answerFailed, sender, failure)
      }
      return reply
        .code(duplicate ? 200 : 202)
        .header('content-type', 'application/json')
        .send(duplicate ? `{"id":"${id}","duplicate":true}` : `{"id":"${id}"}`)
    } catch (error) {
      if (!(error instanceof StorageError) && !(error instanceof Refusal)) throw error
      void reply.header('retry-after', 5)
      return reject(503, error.code, error.message)
    }
  }

  // Answered before Fastify looks at the body: it is read once its limit is known, whatever its type is called.
  // With a third parameter, never called, Fastify does not wait for a promise: that costs 15 % of the rate.
  const answer = (
    find: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> | FastifyReply,
  ) => ({
    onRequest(request: FastifyRequest, reply: FastifyReply, _done: () => void) {
      const answered = find(request, reply)
      if (answered instanceof Promise) answered.catch((error: unknown) => reply.send(error))
    },
  })
  const atPath = answer((request, reply) => {
    const found = endpoints.byPath(splitUrl(request.raw.url!)[0])
    return found ? receive(request, reply, found.entry, found.params, 'path') : refuse(reply, 404)
  })
  const byToken = answer((request, reply) => {
    const { authorization } = request.headers
    const found = authorization === undefined ? null : endpoints.byToken(bearerToken(authorization))
    if (found === null) return refuse(reply, 401)
    return receive(request, reply, found.open, {}, found.isFormer ? 'former-token' : 'token')
  })
  for (const url of ['/hooks', '/hooks/*', '/triggers', '/triggers/*'])
    fastify.all(url, atPath, answeredBefore)
  fastify.all('/data', byToken, answeredBefore)
}

const noBody = Buffer.alloc(0)

function asReceived(request: FastifyRequest, body: Buffer, receivedAtMs: number): ReceivedRequest {
  const [path, query] = splitUrl(request.raw.url!)
  const { method, headers } = request
  return { method, path, query, headers, body, receivedAtMs }
}

function answerHandshake(
  reply: FastifyReply,
  { name, status, headers, body, detail }: HandshakeAnswer,
  reject: (status: 403, reason: string, detail: string) => FastifyReply,
  count: (reason: string, detail: string) => void,
): FastifyReply {
  if (status !== 200) return reject(status, name, detail)
  count(handshakePrefix + name, detail)
  return reply.code(200).headers(headers).send(body)
}

const answeredBefore = () => {
  throw new Error('The request was not answered before its body was read')
}

const formerHasEnded = ({ endpoint: { formerToken } }: OpenEndpoint, nowMs: number): boolean =>
  formerToken === null || formerToken.endsAtMs <= nowMs

/** While a rotation overlaps, the token before it is as good as the new one. */
function acceptFormer(open: OpenEndpoint, received: ReceivedRequest): Accepted | null {
  if (open.checkFormer === null || formerHasEnded(open, received.receivedAtMs)) return null
  const verdict = open.checkFormer(received)
  return verdict.ok ? { ...verdict, detail: 'former send token' } : null
}

/** Answers why it could not be done, for the owner; the sender then gets the plain answer. */
function answerAsChosen(
  reply: FastifyReply,
  render: NonNullable<OpenEndpoint['answer']>,
  event: Event,
  body: Buffer,
): string | null {
  try {
    const answer = render(eventContext(event, body))
    for (const [name, value] of answer.headers) void reply.header(name, value)
    void reply.code(answer.status).send(answer.body === '' ? undefined : answer.body)
    return null
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error
    const { path, message, line, column } = error.mistake
    const where = line === undefined ? '' : `, line ${line}, column ${column}`
    return `${path}${where}: ${message}. The sender got the plain answer; the event is stored`
  }
}

function refuse(reply: FastifyReply, status: Refused): FastifyReply {
  if (status === 401) void reply.header('www-authenticate', 'Bearer')
  return reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .send(
      JSON.stringify({
        type: `/docs/errors#ingest.${status}`,
        title: refusals[status],
        status,
        code: `ingest.${status}`,
        detail: refusals[status],
      }),
    )
}

function unsupportedType(open: OpenEndpoint, headers: FastifyRequest['headers']): string | null {
  if (open.contentTypes === null) return null
  const type = mediaType(headers['content-type'] ?? null)
  return open.contentTypes.has(type) ? null : `The content type was ${type || 'missing'}`
}

/** Some proxies' clients write the whole URL (RFC 9112 section 3.2.2). */
const origin = /^https?:\/\/[^/?]*/i

function splitUrl(url: string): [path: string, query: string] {
  const local = url.startsWith('/') ? url : url.replace(origin, '')
  const mark = local.indexOf('?')
  return mark === -1 ? [local, ''] : [local.slice(0, mark), local.slice(mark + 1)]
}
