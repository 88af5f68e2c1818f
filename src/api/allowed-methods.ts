import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from './errors.ts'
import type { Route } from './route.ts'

/** Says what is wrong with a request that no route takes: its method, or its address. */
export type RefuseUnrouted = (request: FastifyRequest, reply: FastifyReply) => Problem

export function createRefuseUnrouted(routes: readonly Pick<Route, 'method' | 'url'>[]): RefuseUnrouted {
  const places = routes.map(({ method, url }) => ({
    methods: method === 'GET' ? ['GET', 'HEAD'] : [method],
    pattern: new RegExp(`^${url.replaceAll('.', '\\.').replace(/:[a-z]+/gi, '[^/]+')}$`),
    isFixed: !url.includes(':'),
  }))
  const methodsAt = (path: string): string[] => {
    const all = places.filter(({ pattern }) => pattern.test(path))
    const fixed = all.filter(({ isFixed }) => isFixed)
    return [...new Set((fixed.length > 0 ? fixed : all).flatMap(({ methods }) => methods))]
  }
  return ({ method, url }, reply) => {
    const shown = url.slice(0, 200)
    const allowed = methodsAt(url.replace(/[?#].*$/s, ''))
    if (allowed.length === 0) return new Problem('route.not-found', `There is nothing at ${method} ${shown}`)
    reply.header('allow', allowed.join(', '))
    return new Problem('method.not-allowed', `${shown} takes ${allowed.join(', ')}, and not ${method}`)
  }
}
