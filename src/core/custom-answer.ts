import Type, { type Static } from 'typebox'
import type { EventContext } from './context.ts'
import { mediaType } from './context.ts'
import { compileTemplate, type Template, TemplateError } from './template/template.ts'

/**
 * What a sender is answered instead of `202 {"id": …}`. It is rendered after the event was stored, so only a status of
 * success can be chosen: with any other one the sender would send again what is stored already.
 *
 * It is served from the origin of the dashboard, and may repeat what the sender wrote. So it is never a page that can
 * do anything: only types that no browser runs are let through (no script, no style sheet, no SVG), never guessed
 * otherwise (nosniff), and whatever is shown is shown in a sandbox (CSP) that has no scripts, forms or origin.
 */
export const CustomAnswer = Type.Object(
  {
    status: Type.Integer({ minimum: 100, maximum: 599, default: 200, description: '200 to 299' }),
    headers: Type.Array(
      Type.Object(
        { name: Type.String({ minLength: 1, maxLength: 100 }), value: Type.String({ maxLength: 4000 }) },
        { additionalProperties: false },
      ),
      { maxItems: 20, default: [], description: 'Each value is a template' },
    ),
    body: Type.String({ maxLength: 64 * 1024, default: '', description: 'Template of the body' }),
  },
  { additionalProperties: false, title: 'Custom answer' },
)
export type CustomAnswer = Static<typeof CustomAnswer>

export interface RenderedAnswer {
  status: number
  /** Lower-case names; the content type and what keeps browsers safe among them. */
  headers: [name: string, value: string][]
  body: string
}

/** Where an answer does not compile, or does not fit an event. */
export interface AnswerMistake {
  /** Into the answer: /headers/0/value. */
  path: string
  message: string
  line?: number
  column?: number
}

export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  readonly mistake: AnswerMistake

  constructor(mistake: AnswerMistake) {
    super(`${mistake.path} ${mistake.message}`)
    this.mistake = mistake
  }
}

const maxHeaderBytes = 8 * 1024
const maxBodyBytes = 256 * 1024
/** A few milliseconds: it is rendered while the sender waits. */
const maxSteps = 50_000

const safeHeaders: [string, string][] = [
  ['content-security-policy', "default-src 'none'; sandbox; frame-ancestors 'none'"],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['referrer-policy', 'no-referrer'],
]

/** The characters of a field name, RFC 9110 section 5.6.2. */
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** What a header can carry as it is. */
const headerValue = /^[\t\x20-\x7e]*$/

const refusals: readonly (readonly [names: RegExp, why: string])[] = [
  [
    /^(?:connection|content-length|content-encoding|date|keep-alive|te|trailer|transfer-encoding|upgrade|via)$/,
    'belongs to the connection, and Signalbox sets it',
  ],
  [
    /^(?:set-cookie2?|clear-site-data|strict-transport-security|public-key-pins|alt-svc|service-worker-allowed|sourcemap|speculation-rules|x-dns-prefetch-control)$/,
    'would reach the dashboard, which has the same origin',
  ],
  [/^(?:refresh|link)$/, 'would lead whoever opens it elsewhere'],
  [
    /^(?:content-security-policy(?:-report-only)?|x-content-type-options|x-frame-options|x-xss-protection|referrer-policy|permissions-policy|document-policy|origin-agent-cluster|report-to|reporting-endpoints|nel|cross-origin-.*|access-control-allow-credentials|sec-.*)$/,
    'is one of those by which Signalbox keeps browsers safe',
  ],
  [/^(?:ratelimit.*|signalbox-.*|proxy-.*)$/, 'is set by Signalbox, or belongs to proxies'],
]

/** Types that no browser runs, nor lends to a page as a script or a style. */
const harmlessType =
  /^(?:application\/(?:json|xml|x-www-form-urlencoded|octet-stream|yaml|(?!xhtml)[\w.-]+\+(?:json|xml))|text\/(?:plain|xml|html|csv|markdown))$/
const typeRule =
  'has to be JSON, XML, plain text, HTML, CSV, a form or application/octet-stream: what a browser could run is not sent from here'

/** What the schema cannot say; empty when the answer can be given. */
export function answerMistakes(answer: CustomAnswer): AnswerMistake[] {
  const { status, headers, body } = answer
  const names = headers.map(({ name }) => name.toLowerCase())
  return [
    ...statusMistakes(status, body),
    ...headers.flatMap(({ name, value }, index) => [
      ...nameMistakes(name, names.indexOf(name.toLowerCase()) !== index, `/headers/${index}/name`),
      ...templateMistakes(value, `/headers/${index}/value`),
      ...(isTemplate(value) ? [] : valueMistakes(name, value, `/headers/${index}/value`)),
    ]),
    ...templateMistakes(body, '/body'),
  ]
}

function statusMistakes(status: number, body: string): AnswerMistake[] {
  if (status < 200 || status > 299)
    return [
      {
        path: '/status',
        message: `is ${status}, but the event is stored when it is sent: take 200 to 299, or the sender sends it again`,
      },
    ]
  const withoutBody = status === 204 || status === 205
  return withoutBody && body !== '' ? [{ path: '/body', message: `has to be empty with ${status}` }] : []
}

function nameMistakes(name: string, isTwice: boolean, path: string): AnswerMistake[] {
  if (!headerName.test(name)) return [{ path, message: 'is not a header name: letters, digits and - only' }]
  const refused = refusals.find(([names]) => names.test(name.toLowerCase()))
  if (refused) return [{ path, message: `cannot be ${name}: it ${refused[1]}` }]
  return isTwice ? [{ path, message: `is ${name} for the second time` }] : []
}

function valueMistakes(name: string, value: string, path: string): AnswerMistake[] {
  if (!headerValue.test(value)) return [{ path, message: 'has to be one line of ASCII' }]
  const isType = name.toLowerCase() === 'content-type'
  return isType && !harmlessType.test(mediaType(value)) ? [{ path, message: typeRule }] : []
}

const isTemplate = (text: string): boolean => text.includes('{{')
const secretRule = 'names a secret, which an answer cannot hold: whoever sends a request would read it'

function templateMistakes(source: string, path: string): AnswerMistake[] {
  try {
    const { secrets } = isTemplate(source) ? compileTemplate('go', 'template', source) : { secrets: [] }
    return secrets.map(({ line, column }) => ({ path, message: secretRule, line, column }))
  } catch (error) {
    return [mistakeOf(path, error, 'does not compile: ')]
  }
}

function mistakeOf(path: string, error: unknown, before = ''): AnswerMistake {
  if (!(error instanceof TemplateError)) throw error
  const help = error.hint === undefined ? '' : ` (${error.hint})`
  return { path, message: `${before}${error.message}${help}`, line: error.line, column: error.column }
}

/** Compiles at the first render, and then no more. The render throws an AnswerError and nothing else. */
export function compileAnswer(answer: CustomAnswer): (context: EventContext) => RenderedAnswer {
  const compiled = new Map<string, Template>()
  const render = (path: string, source: string, context: EventContext, maxOutputBytes: number): string => {
    if (!isTemplate(source)) return source
    try {
      let template = compiled.get(source)
      if (!template) compiled.set(source, (template = compileTemplate('go', 'template', source)))
      // What asks for the time gets that of the request.
      const nowMs = Date.parse(String(context.event['time']))
      return template.render(context, { maxOutputBytes, maxSteps, nowMs })
    } catch (error) {
      throw new AnswerError(mistakeOf(path, error))
    }
  }
  return context => {
    const headers = answer.headers.map(({ name, value }, index): [string, string] => {
      const path = `/headers/${index}/value`
      const rendered = render(path, value, context, maxHeaderBytes).trim()
      const [mistake] = valueMistakes(name, rendered, path)
      if (mistake) throw new AnswerError({ ...mistake, message: `came out wrong: it ${mistake.message}` })
      return [name.toLowerCase(), rendered]
    })
    const body = render('/body', answer.body, context, maxBodyBytes)
    return { status: answer.status, headers: withUsual(headers, body), body }
  }
}

function withUsual(headers: [string, string][], body: string): [string, string][] {
  const has = (name: string) => headers.some(([other]) => other === name)
  return [
    ...headers,
    ...(has('content-type') || body === '' ? [] : [['content-type', usualType(body)] as [string, string]]),
    ...(has('cache-control') ? [] : [['cache-control', 'no-store'] as [string, string]]),
    ...safeHeaders,
  ]
}

const usualType = (body: string): string =>
  /^\s*[{["]/.test(body) ? 'application/json' : 'text/plain; charset=utf-8'
