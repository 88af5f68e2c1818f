import { findNodeAtLocation, type Node, parseTree, type ParseError } from 'jsonc-parser'
import { isUtf8 } from 'node:buffer'
import { isSecretHeader, mask } from './mask.ts'
import type { RequestDetails } from './event.ts'

/** A place in a request: `headers.x-key`, `query.page`, `body.card.number`, `body.items[0]["odd key"]`, or all of `body`. */
export interface RedactPath {
  part: 'headers' | 'query' | 'body'
  /** Empty: all of it. */
  steps: (string | number)[]
}

const step = /\.?([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y

/** Null when it is none. */
export function parseRedactPath(text: string): RedactPath | null {
  const steps: (string | number)[] = []
  step.lastIndex = 0
  while (step.lastIndex < text.length) {
    const found = step.exec(text)
    if (found === null) return null
    const [, name, index, quoted] = found
    if (quoted === undefined) steps.push(name ?? Number(index))
    else {
      const key = unquoted(quoted)
      if (key === null) return null
      steps.push(key)
    }
  }
  const [part, ...rest] = steps
  if (part !== 'headers' && part !== 'query' && part !== 'body') return null
  if (part !== 'body' && (rest.length > 1 || typeof rest[0] === 'number')) return null
  return { part, steps: rest }
}

function unquoted(text: string): string | null {
  try {
    return JSON.parse(text) as string
  } catch {
    return null
  }
}

/** Names whose values are secrets with most senders: always masked, wherever they stand. */
const secretWords =
  /authori[sz]ation|cookie|token|secret|passw|signature|hmac|jwt|session|credential|(?:api|access|private|webhook|signing|shared|account|encryption)[-_]?key/i
const secretNames = /^(?:x-)?(?:auth|key|sig|code|pwd|pass)$/i
const isSecret = (name: string): boolean =>
  secretWords.test(name) || secretNames.test(name) || isSecretHeader(name)

/** Where proxies and browsers repeat the path of a URL. */
const pathHeaders = /^(?:referer|:path|x-(?:original|rewrite|forwarded|envoy-original)-(?:url|uri|path))$/i

/**
 * As was asked; since no path leads into a body of its sort, or it may hold a secret that cannot be told from the rest; or
 * since it cannot be read whole.
 */
export const withheldReasons = ['asked', 'no-paths', 'maybe-secret', 'too-deep', 'too-large'] as const
export type Withheld = (typeof withheldReasons)[number]

export interface Redacted {
  method: string | null
  query: string
  headers: Record<string, string | string[]>
  body: {
    contentType: string | null
    bytes: number
    text: string | null
    /** Why it is left out. */
    withheld: Withheld | null
  }
}

/** What somebody else may see of a request. Its path is left out: with most endpoints it is what lets one send. */
export function redact(
  request: Pick<RequestDetails, 'method' | 'query' | 'headers'> | null,
  body: { contentType: string | null; bytes: Uint8Array },
  paths: readonly RedactPath[],
): Redacted {
  const of = (part: RedactPath['part']) => paths.filter(path => path.part === part).map(({ steps }) => steps)
  return {
    method: request?.method ?? null,
    query: redactQuery(request?.query ?? '', of('query')),
    headers: redactHeaders(request?.headers ?? {}, of('headers')),
    body: { contentType: body.contentType, bytes: body.bytes.length, ...redactBody(body, of('body')) },
  }
}

type Steps = (string | number)[]

const isNamed = (name: string, paths: readonly Steps[]): boolean =>
  isSecret(name) ||
  paths.some(([first]) => first === undefined || String(first).toLowerCase() === name.toLowerCase())

function redactHeaders(headers: RequestDetails['headers'], paths: readonly Steps[]): Redacted['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      isNamed(name, paths) || pathHeaders.test(name) ? mask : value,
    ]),
  )
}

function redactQuery(query: string, paths: readonly Steps[]): string {
  if (query === '') return ''
  const masked = [...new URLSearchParams(query)].map(([name, value]): [string, string] => [
    name,
    isNamed(name, paths) ? mask : redactInner(value),
  ])
  return decodeMask(new URLSearchParams(masked).toString())
}

/** Dots, not what they are encoded as. */
const decodeMask = (text: string): string => text.replaceAll(encodeURIComponent(mask), mask)

/** More is nothing to read on a page. */
const mostBytes = 256 * 1024

type ShownBody = Pick<Redacted['body'], 'text' | 'withheld'>
const shownAs = (text: string | null): ShownBody => ({ text, withheld: null })
const withheldAs = (withheld: Withheld): ShownBody => ({ text: null, withheld })

function redactBody(
  { contentType, bytes }: { contentType: string | null; bytes: Uint8Array },
  paths: readonly Steps[],
): ShownBody {
  if (paths.some(steps => steps.length === 0)) return withheldAs('asked')
  if (bytes.length > mostBytes) return withheldAs('too-large')
  if (!isUtf8(bytes)) return paths.length > 0 ? withheldAs('no-paths') : shownAs(null)
  const text = Buffer.from(bytes).toString('utf8')
  if (/^application\/x-www-form-urlencoded/i.test(contentType ?? '')) return shownAs(redactQuery(text, paths))
  const tree = parsed(text)
  if (tree === 'too-deep') return withheldAs('too-deep')
  if (tree !== null) return shownAs(redactJson(text, tree, paths))
  if (paths.length > 0) return withheldAs('no-paths')
  return secretWords.test(text) ? withheldAs('maybe-secret') : shownAs(text)
}

interface Replacement {
  node: Node
  by: string
}
const masked = (node: Node): Replacement => ({ node, by: `"${mask}"` })

/** In the text itself, so that numbers, order and spacing stay as they came. */
function redactJson(text: string, tree: Node, paths: readonly Steps[]): string {
  const replacements: Replacement[] = []
  const visit = (node: Node): void => {
    if (node.type === 'property') {
      const [key, value] = node.children ?? []
      if (key && value && isSecret(String(key.value))) return void replacements.push(masked(value))
      if (value) visit(value)
      return
    }
    if (node.type === 'string') {
      const inner = redactInner(String(node.value))
      if (inner !== node.value) replacements.push({ node, by: JSON.stringify(inner) })
    }
    node.children?.forEach(visit)
  }
  visit(tree)
  for (const steps of paths) replacements.push(...nodesAt(tree, steps).map(masked))
  return replaced(text, replacements)
}

/** JSON inside of a text, as forms and queues carry it; it is left out when it cannot be read. */
function redactInner(text: string): string {
  if (!/^\s*[{[]/.test(text)) return text
  const tree = parsed(text)
  if (tree === 'too-deep') return mask
  if (tree === null) return secretWords.test(text) ? mask : text
  return redactJson(text, tree, [])
}

/** Null when it is no JSON. */
function parsed(text: string): Node | 'too-deep' | null {
  const errors: ParseError[] = []
  try {
    const tree = parseTree(text, errors, { disallowComments: true })
    return tree === undefined || errors.length > 0 ? null : tree
  } catch (error) {
    if (error instanceof RangeError) return 'too-deep'
    throw error
  }
}

/** A key may stand twice in an object, of which readers take the one or the other: both are meant. */
function nodesAt(tree: Node, steps: Steps): Node[] {
  const [first, ...rest] = steps
  if (first === undefined) return [tree]
  if (tree.type === 'array') {
    const node = typeof first === 'number' ? findNodeAtLocation(tree, [first]) : undefined
    return node ? nodesAt(node, rest) : []
  }
  const values = (tree.children ?? [])
    .filter(({ type, children }) => type === 'property' && children?.[0]?.value === String(first))
    .flatMap(({ children }) => children?.[1] ?? [])
  return values.flatMap(value => nodesAt(value, rest))
}

/** Of two that overlap the outer one is meant, which begins first. */
function replaced(text: string, replacements: Replacement[]): string {
  let shown = ''
  let copiedTo = 0
  const inOrder = replacements.toSorted(
    (a, b) =>
      a.node.offset - b.node.offset ||
      b.node.length - a.node.length ||
      Number(b.by === `"${mask}"`) - Number(a.by === `"${mask}"`),
  )
  for (const { node, by } of inOrder) {
    if (node.offset < copiedTo) continue
    shown += text.slice(copiedTo, node.offset) + by
    copiedTo = node.offset + node.length
  }
  return shown + text.slice(copiedTo)
}
