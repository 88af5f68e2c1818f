import type { FastifyRequest } from 'fastify'

const texts = new WeakMap<FastifyRequest, string>()

export const keepRawBody = (request: FastifyRequest, text: string): void => void texts.set(request, text)

/** The body as it was sent, for what is kept byte by byte. */
export const rawBody = (request: FastifyRequest): string => texts.get(request) ?? ''
