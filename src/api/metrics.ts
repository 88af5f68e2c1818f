import type { Registry } from 'prom-client'
import Type from 'typebox'
import { type Route, route } from './route.ts'
import type { Services } from './services.ts'

/** What operators watch, asked for when it is scraped. No label is made of what users name: their number has no bound. */
export function metricsRoutes(services: Services): Route[] {
  let registry: Registry | null = null
  return [
    route({
      method: 'GET',
      url: '/metrics',
      access: { permission: 'setting.read', organization: true },
      tag: 'Operation',
      summary: 'Numbers for Prometheus',
      status: 200,
      answer: Type.Unsafe<string>({ type: 'string' }),
      produces: ['text/plain'],
      async handler({ reply }) {
        registry ??= (await import('./metrics-registry.ts')).createRegistry(services)
        reply.type(registry.contentType)
        return registry.metrics()
      },
    }),
  ]
}
