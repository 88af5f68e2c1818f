import { RE2JS } from 're2js'

/**
 * The paths that owners choose for their endpoints: URLPattern's pathname syntax, by whole segments.
 *
 *   /hooks/orders            fixed text
 *   /hooks/:shop             a parameter: one segment that is not empty
 *   /hooks/:id(\d+)          a parameter of that form
 *   /hooks/orders/:id?       a parameter that may be left out, its slash with it; one a path, and not beside a *
 *   /triggers/files/*        the rest, slashes and all, possibly empty; only at the end
 *
 * What URLPattern has besides is refused: parts of segments (`v:major`), unnamed groups, braces, `+` and `*` after a
 * parameter. What is accepted means the same there, but for three things: segments are compared percent-decoded (so
 * %C3%A4, %c3%a4 and ä are one, and parameters come decoded), a parameter never spans a slash and is never empty,
 * whatever its form says, and forms run on RE2, in time linear in the segment.
 */
export interface EndpointPath {
  /** In one spelling: percent-encoded where URLs and this syntax need it. Parsing it again gives the same. */
  text: string
  /** The first is `hooks` or `triggers`. */
  segments: readonly PathSegment[]
}

export type PathSegment =
  | { kind: 'static'; text: string }
  | { kind: 'parameter'; name: string; form: RE2JS | null; optional: boolean }
  | { kind: 'wildcard' }

export type PathErrorCode =
  | 'path.prefix'
  | 'path.too-long'
  | 'path.too-many-segments'
  | 'path.empty-segment'
  | 'path.trailing-slash'
  | 'path.dot-segment'
  | 'path.bad-character'
  | 'path.bad-encoding'
  | 'path.bad-parameter'
  | 'path.duplicate-parameter'
  | 'path.ambiguous-optional'
  | 'path.bad-regex'
  | 'path.bad-wildcard'

export interface PathProblem {
  code: PathErrorCode
  /** A sentence for whoever chose the path. */
  message: string
}

export type ParsedPath = { ok: true; path: EndpointPath } | ({ ok: false } & PathProblem)

export const endpointPathPrefixes = ['/hooks/', '/triggers/'] as const
export const maxEndpointPathLength = 512
const maxSegments = 32

/** Checks and reads a chosen path; never throws. */
export function parseEndpointPath(text: string): ParsedPath {
  if (text.length > maxEndpointPathLength) return tooLong(text.length)
  if (!endpointPathPrefixes.some(prefix => text.startsWith(prefix))) {
    return problem('path.prefix', `A path begins with ${endpointPathPrefixes.join(' or ')}.`)
  }
  const parts = text.slice(1).split('/')
  if (parts.length > maxSegments) {
    return problem(
      'path.too-many-segments',
      `A path has at most ${maxSegments} segments; this has ${parts.length}.`,
    )
  }
  const segments: PathSegment[] = []
  for (const [index, part] of parts.entries()) {
    const segment = parseSegment(part, index === parts.length - 1)
    if ('code' in segment) return { ok: false, ...segment }
    segments.push(segment)
  }
  const path = { text: writePath(segments), segments }
  const across = problemAcross(segments)
  if (across !== null) return { ok: false, ...across }
  return path.text.length > maxEndpointPathLength ? tooLong(path.text.length) : { ok: true, path }
}

const problem = (code: PathErrorCode, message: string) => ({ ok: false, code, message }) as const

const tooLong = (length: number) =>
  problem(
    'path.too-long',
    `A path has at most ${maxEndpointPathLength} characters, encoded; this has ${length}.`,
  )

function parseSegment(part: string, last: boolean): PathSegment | PathProblem {
  if (part === '') {
    return last
      ? problem(
          'path.trailing-slash',
          'Leave out the slash at the end: /hooks/a and /hooks/a/ are two paths.',
        )
      : problem('path.empty-segment', 'Two slashes stand side by side; write one.')
  }
  if (part === '*') {
    return last
      ? { kind: 'wildcard' }
      : problem('path.bad-wildcard', 'A * takes all the rest, so it can only stand at the end.')
  }
  return part.startsWith(':') ? parseParameter(part) : parseStatic(part)
}

/** Unreserved characters and most of those that RFC 3986 allows in a segment, escapes, and whatever is not ASCII. */
const staticText = /^(?:[\w\-.~!$&',;=@%]|[^\p{ASCII}\p{C}\p{Z}])+$/u
const firstStrange = /[^\w\-.~!$&',;=@%\u{80}-\u{10ffff}]|[\p{C}\p{Z}]/u

function parseStatic(part: string): PathSegment | PathProblem {
  if (part.includes('*')) {
    return problem('path.bad-wildcard', `A * is a whole segment; "${part}" has it beside other characters.`)
  }
  if (part.includes(':')) {
    return problem(
      'path.bad-parameter',
      `A parameter is a whole segment; "${part}" has it beside other characters.`,
    )
  }
  if (!staticText.test(part)) {
    const strange = JSON.stringify(firstStrange.exec(part)?.[0] ?? part)
    return problem(
      'path.bad-character',
      `${strange} cannot stand in a path; percent-encode it to mean it literally.`,
    )
  }
  const text = decodeSegment(part)
  if (text === null) {
    return problem(
      'path.bad-encoding',
      `"${part}" is not percent-encoded UTF-8; a % by itself is written %25.`,
    )
  }
  if (text === '.' || text === '..') {
    return problem(
      'path.dot-segment',
      `Clients resolve ${text} before they send, so no request could come here.`,
    )
  }
  if (/[/\\\p{Cc}]/u.test(text)) {
    return problem(
      'path.bad-encoding',
      `"${part}" hides a slash, a backslash or a control character; proxies differ on it.`,
    )
  }
  return { kind: 'static', text }
}

/** Null when the escapes are not UTF-8. */
export function decodeSegment(part: string): string | null {
  if (!part.includes('%')) return part
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}

const parameterStart = /^:([A-Za-z_$][\w$]{0,63})(.*)$/s

function parseParameter(part: string): PathSegment | PathProblem {
  const [, name, rest] = parameterStart.exec(part) ?? []
  if (name === undefined || rest === undefined) {
    const rule = 'after the colon comes a name of letters, digits and _, up to 64, that begins with no digit'
    return problem('path.bad-parameter', `"${part}" is no parameter: ${rule}.`)
  }
  const end = rest.startsWith('(') ? endOfGroup(rest) : 0
  if (end === null) {
    const hint = 'Its brackets do not balance, or it holds a slash, which a parameter never spans.'
    return problem('path.bad-regex', `The form of :${name} has no end. ${hint}`)
  }
  const modifier = rest.slice(end)
  if (modifier !== '' && modifier !== '?') {
    const repeats = 'Only ? may follow a parameter. For several segments, end the path with *.'
    return problem('path.bad-parameter', `":${name}" is followed by "${modifier}". ${repeats}`)
  }
  const form = end === 0 ? null : parseForm(name, rest.slice(1, end - 1))
  if (form !== null && 'code' in form) return form
  return { kind: 'parameter', name, form, optional: modifier === '?' }
}

/** As URLPattern finds it: brackets count everywhere but after a backslash. */
function endOfGroup(text: string): number | null {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '(') depth++
    else if (text[at] === ')' && --depth === 0) return at + 1
  }
  return null
}

/** With segments of up to 256 characters this bounds one test to some 256 000 steps, a few milliseconds. */
const maxProgramSize = 1000
const maxTestedLength = 256

/** A form is in the language of both: JavaScript's, because URLPattern's is, and RE2's, because that one runs it. */
function parseForm(name: string, form: string): RE2JS | PathProblem {
  const refuse = (why: string) => problem('path.bad-regex', `The form of :${name} cannot be used: ${why}.`)
  if (form === '') return refuse('it is empty')
  if (form.startsWith('?')) return refuse('it begins with a question mark')
  if (!/^[ -~]+$/.test(form)) return refuse('it holds characters that are not ASCII')
  if (hasSetOperation(form)) return refuse('inside [], write \\[ and single & and - signs')
  try {
    void new RegExp(`^(?:${form})$`, 'v')
    const compiled = RE2JS.compile(form)
    if (compiled.groupCount() > 0) return refuse('it holds a group that captures; write (?: instead of (')
    return compiled.programSize() > maxProgramSize ? refuse('it is too large; lower its {} counts') : compiled
  } catch (error) {
    return refuse(error instanceof Error ? error.message : 'it is no regular expression')
  }
}

/** A class within a class, `&&` and `--`: JavaScript computes with them, RE2 takes them for characters. */
function hasSetOperation(form: string): boolean {
  const classes = form.replace(/\\./gs, '_').match(/\[[^\]]*/g) ?? []
  return classes.some(characters => /.\[|&&|--/s.test(characters))
}

/** Does a segment of a request, decoded, have the form? One of more than 256 characters has none. */
export const hasForm = (form: RE2JS, text: string): boolean =>
  text.length <= maxTestedLength && form.testExact(text)

function problemAcross(segments: readonly PathSegment[]): PathProblem | null {
  const parameters = segments.filter(segment => segment.kind === 'parameter')
  const names = parameters.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) {
    return problem('path.duplicate-parameter', `The parameter :${twice} comes twice; give each its own name.`)
  }
  const optional = parameters.filter(({ optional }) => optional).length
  const mayBeLong = segments.some(({ kind }) => kind === 'wildcard')
  return optional > 1 || (optional === 1 && mayBeLong)
    ? problem(
        'path.ambiguous-optional',
        'Only one parameter may be left out, and none beside a *: which part of a request is meant would be a guess.',
      )
    : null
}

/** The one spelling of a path, or of a part of one. */
export const writePath = (segments: readonly PathSegment[]): string =>
  segments.map(segment => `/${written(segment)}`).join('')

function written(segment: PathSegment): string {
  if (segment.kind === 'wildcard') return '*'
  if (segment.kind === 'static') return encodeSegment(segment.text)
  const form = segment.form === null ? '' : `(${segment.form.pattern()})`
  return `:${segment.name}${form}${segment.optional ? '?' : ''}`
}

const encodeSegment = (text: string): string =>
  encodeURIComponent(text)
    .replace(/%(?:40|24|26|2C|3B|3D)/g, decodeURIComponent)
    .replace(/[()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
