import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createSecureContext } from 'node:tls'
import Fastify, { type FastifyInstance } from 'fastify'
import { answerProblem } from './api/answer-error.ts'
import { Problem } from './api/errors.ts'
import { answerUnreadable } from './api/unreadable.ts'
import { type Config, ConfigError } from './config.ts'

/** The one HTTP server. */
export function createServer(config: Config): FastifyInstance {
  const limits = {
    requestTimeout: config.bodyTimeoutMs + 5_000,
    headersTimeout: Math.min(config.bodyTimeoutMs, config.headersTimeoutMs),
    connectionsCheckingInterval: 1_000,
    keepAliveTimeout: config.keepAliveTimeoutMs,
    maxHeaderSize: config.maxHeaderBytes,
  }
  const certificate =
    config.tlsCert === null || config.tlsKey === null ? null : certificateOf(config.tlsCert, config.tlsKey)
  return Fastify({
    logger: false,
    trustProxy: false,
    bodyLimit: 2 * 1024 * 1024,
    routerOptions: { maxParamLength: 600 },
    ...rewriting(config.basePath),
    forceCloseConnections: 'idle',
    clientErrorHandler: answerUnreadable,
    // What cannot even be routed, such as /%zz.
    frameworkErrors: (error, _request, reply) =>
      void answerProblem(reply, new Problem('request.malformed', error.message)),
    serverFactory(handler): Server {
      if (!certificate) return bounded(createHttpServer(limits, handler), config)
      const server = createHttpsServer({ ...limits, ...certificate.read() }, handler)
      server.once(
        'close',
        certificate.onChange(pair => server.setSecureContext(pair)),
      )
      return bounded(server as unknown as Server, config)
    },
  })
}

/** The timeouts above are for what comes; this one also ends a connection that takes no more of its answer. */
function bounded(server: Server, { idleTimeoutMs, maxConnections }: Config): Server {
  server.setTimeout(idleTimeoutMs)
  server.maxConnections = maxConnections
  return server
}

/** A proxy may take the base path away or leave it: below it and without it, everything is found. */
const rewriting = (basePath: string): { rewriteUrl?: (request: { url?: string | undefined }) => string } =>
  basePath === '' ? {} : { rewriteUrl: ({ url }) => withoutBasePath(basePath, url ?? '/') }

function withoutBasePath(basePath: string, url: string): string {
  if (!url.startsWith(basePath)) return url
  const rest = url.slice(basePath.length)
  if (rest.startsWith('/')) return rest
  return rest === '' || rest.startsWith('?') ? `/${rest}` : url
}

/** Where it listens, as a browser on this machine reaches it. */
export function listeningUrl(server: FastifyInstance, config: Config): string {
  const address = server.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : config.port
  const host =
    config.host === '0.0.0.0' || config.host === '::'
      ? 'localhost'
      : config.host.includes(':')
        ? `[${config.host}]`
        : config.host
  return `${config.tlsCert === null ? 'http' : 'https'}://${host}:${port}`
}

/** Looked at as often as this. Watching them instead would lose sight of a file that is put in the place of the former one. */
const certificateCheckMs = 1_000

/** Read again when either file changes, so that a renewed certificate needs no restart. */
function certificateOf(certFile: string, keyFile: string) {
  const read = () => {
    try {
      const pair = { cert: readFileSync(certFile), key: readFileSync(keyFile) }
      createSecureContext(pair)
      return pair
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new ConfigError(`The TLS files could not be read or used, ${certFile} and ${keyFile}: ${why}`)
    }
  }
  return {
    read,
    /** Answers how to stop. */
    onChange(apply: (pair: { cert: Buffer; key: Buffer }) => void): () => void {
      let timer: NodeJS.Timeout | undefined
      const changed = () => {
        clearTimeout(timer)
        // Both files are replaced one after the other; a half pair would be refused and the former one kept.
        timer = setTimeout(() => {
          try {
            apply(read())
          } catch (error) {
            console.error(
              `The new TLS certificate is not used: ${error instanceof Error ? error.message : String(error)}`,
            )
          }
        }, certificateCheckMs)
      }
      const files = [certFile, keyFile]
      for (const file of files) watchFile(file, { persistent: false, interval: certificateCheckMs }, changed)
      return () => {
        clearTimeout(timer)
        for (const file of files) unwatchFile(file, changed)
      }
    },
  }
}
