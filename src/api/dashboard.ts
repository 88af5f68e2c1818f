import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RefuseUnrouted } from './allowed-methods.ts'
import { answerProblem, toProblem } from './answer-error.ts'
import { Problem } from './errors.ts'
import { pageHeaders, refuseHost } from './guard.ts'
import type { Services } from './services.ts'

/**
 * Serves the built dashboard at /, each of its own addresses (/events, /reactions/…) with the same page. Addresses of
 * machines are never answered with a page: a sender with a typo in its URL must get a 404.
 */
export async function registerDashboard(
  fastify: FastifyInstance,
  directory: string,
  services: Pick<Services, 'config' | 'proxies'>,
  refuseUnrouted: RefuseUnrouted,
): Promise<void> {
  const page = readPage(directory, services.config.basePath)
  await fastify.register(async scope => {
    scope.addHook('onRequest', async (request, reply) => {
      reply.headers(pageHeaders)
      const unknown = refuseHost(services, request.headers)
      if (unknown) throw unknown
    })
    scope.setErrorHandler((error, request, reply) => {
      const isUnrouted = request.is404 && !(error instanceof Problem)
      const problem = isUnrouted ? refuseUnrouted(request, reply) : toProblem(error)
      return answerProblem(reply, problem ?? new Problem('internal', 'The page could not be served'))
    })
    if (existsSync(directory)) {
      await scope.register(fastifyStatic, {
        root: directory,
        serve: false,
        cacheControl: false,
        setHeaders: (reply, path) => void reply.header('cache-control', cachingOf(path)),
      })
      const sendFile = (request: FastifyRequest, reply: FastifyReply) =>
        reply.sendFile(request.url.slice(1).split('?', 1)[0]!)
      // Looked up with each request: a new build brings new names.
      scope.get('/assets/*', sendFile)
      for (const name of publicFiles(directory)) scope.get(`/${name}`, sendFile)
    }
    scope.get('/', async (_request, reply) => sendPage(reply, page))
    scope.setNotFoundHandler(async (request, reply) => {
      if (!wantsPage(request)) throw refuseUnrouted(request, reply)
      return sendPage(reply, page)
    })
  })
}

/** Icons and the like, beside the page itself. */
const publicFiles = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true }).flatMap(entry =>
    entry.isFile() && entry.name !== 'index.html' ? [entry.name] : [],
  )

interface Page {
  status: 200 | 503
  read(): string
}

/** Read again when it changes, so that a new build needs no restart; without a build, a page says how to make one. */
function readPage(directory: string, basePath: string): Page {
  const file = join(directory, 'index.html')
  if (!existsSync(file)) return { status: 503, read: () => unbuiltPage.replace('"/api', `"${basePath}/api`) }
  let text = ''
  let readAtMs = -1
  return {
    status: 200,
    read() {
      const { mtimeMs } = statSync(file)
      if (mtimeMs !== readAtMs) {
        text = readFileSync(file, 'utf8').replace('<base href="/"', `<base href="${basePath}/"`)
        readAtMs = mtimeMs
      }
      return text
    },
  }
}

const sendPage = (reply: FastifyReply, page: Page): FastifyReply =>
  reply
    .code(page.status)
    .header('cache-control', 'no-cache')
    .type('text/html; charset=utf-8')
    .send(page.read())

/** Vite puts a hash of the content into the names under assets/. */
const cachingOf = (path: string): string =>
  /[/\\]assets[/\\]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'

const machinePaths = /^\/(?:api|hooks|triggers|data|v1|metrics|healthz|readyz|assets)(?:[/?]|$)/

const wantsPage = ({ method, url, headers }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') &&
  (headers.accept ?? '').includes('text/html') &&
  !machinePaths.test(url)

const unbuiltPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Signalbox</title>
<h1>The dashboard is not built</h1>
<p>Signalbox itself is running: its API answers, and endpoints take requests.</p>
<p>Started with <code>npm start</code>, it builds the dashboard first; <code>npx vite build web</code> builds it alone.</p>
<p><a href="/api/docs">Description of the API</a></p>
</html>
`
