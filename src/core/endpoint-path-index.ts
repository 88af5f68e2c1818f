import type { RE2JS } from 're2js'
import { decodeSegment, hasForm, parseEndpointPath, writePath } from './endpoint-path.ts'
import type { EndpointPath, PathSegment } from './endpoint-path.ts'

/**
 * Finds the endpoint of a request's path. Segment by segment from the left, fixed text beats a parameter with a form,
 * that beats a plain parameter, and that the rest (`*`). Two paths with the same sequence of these are equally
 * specific: the second is refused when saved, so the winner never depends on the order in which paths were added.
 *
 * A path without parameters is found by one look-up in a map; others in a tree, which costs at most a visit to each of
 * its nodes. All matching time is linear in the path.
 */
export interface PathIndex<T> {
  /** The path as it came, without the query string. Parameters are percent-decoded; what `*` took is named `0`. */
  match: (path: string) => PathMatch<T> | null
  /** Whom a new path would be equally specific with. An entry that is being changed finds itself here, too. */
  conflicts: (path: EndpointPath) => PathConflict<T>[]
  /** Entries that could not be taken in, though they should have been refused when saved. */
  refused: { entry: T; message: string }[]
}

export interface PathMatch<T> {
  entry: T
  params: Readonly<Record<string, string>>
}

export interface PathConflict<T> {
  entry: T
  /** A sentence for whoever chose the new path; it names the other. */
  message: string
}

export function buildPathIndex<T extends { path: string }>(entries: Iterable<T>): PathIndex<T> {
  const root = newNode<T>()
  const exact = new Map<string, PathMatch<T>>()
  const refused: PathIndex<T>['refused'] = []
  const conflicts = (path: EndpointPath) => findConflicts(root, path)

  for (const entry of inTextOrder(entries)) {
    const parsed = parseEndpointPath(entry.path)
    const [conflict] = parsed.ok ? conflicts(parsed.path) : []
    if (!parsed.ok || conflict !== undefined) {
      refused.push({ entry, message: parsed.ok ? (conflict?.message ?? '') : parsed.message })
      continue
    }
    for (const variant of variantsOf(parsed.path)) {
      insert(root, variant, entry)
      if (variant.every(isStatic)) exact.set(writePath(variant), { entry, params: noParams })
    }
  }
  return { match: path => exact.get(path) ?? matchInTree(root, path), conflicts, refused }
}

const noParams: PathMatch<never>['params'] = Object.freeze({})

/** So that which of two equally specific entries is refused does not depend on the order in which they came. */
const inTextOrder = <T extends { path: string }>(entries: Iterable<T>): T[] =>
  [...entries].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))

const isStatic = (segment: PathSegment): boolean => segment.kind === 'static'

/** With the parameter that may be left out, and without it. */
function variantsOf({ segments }: EndpointPath): PathSegment[][] {
  const shorter = segments.filter(segment => !(segment.kind === 'parameter' && segment.optional))
  return shorter.length === segments.length ? [[...segments]] : [[...segments], shorter]
}

interface Node<T> {
  statics: Map<string, Node<T>>
  formed: Node<T> | null
  plain: Node<T> | null
  rest: Leaf<T> | null
  leaf: Leaf<T> | null
}

interface Leaf<T> {
  entry: T
  parameters: { at: number; name: string; form: RE2JS | null }[]
}

const newNode = <T>(): Node<T> => ({ statics: new Map(), formed: null, plain: null, rest: null, leaf: null })

function insert<T>(root: Node<T>, variant: readonly PathSegment[], entry: T): void {
  const parameters = variant.flatMap((segment, at) =>
    segment.kind === 'parameter' ? { at, name: segment.name, form: segment.form } : [],
  )
  const leaf = { entry, parameters }
  let node = root
  for (const segment of variant) {
    if (segment.kind === 'wildcard') {
      node.rest = leaf
      return
    }
    node = childFor(node, segment) ?? addChild(node, segment)
  }
  node.leaf = leaf
}

type InnerSegment = Exclude<PathSegment, { kind: 'wildcard' }>

function childFor<T>(node: Node<T>, segment: InnerSegment): Node<T> | null {
  if (segment.kind === 'static') return node.statics.get(segment.text) ?? null
  return segment.form === null ? node.plain : node.formed
}

function addChild<T>(node: Node<T>, segment: InnerSegment): Node<T> {
  const child = newNode<T>()
  if (segment.kind === 'static') node.statics.set(segment.text, child)
  else if (segment.form === null) node.plain = child
  else node.formed = child
  return child
}

function findConflicts<T extends { path: string }>(root: Node<T>, path: EndpointPath): PathConflict<T>[] {
  const taken = new Set(variantsOf(path).flatMap(variant => leafFor(root, variant)?.entry ?? []))
  return [...taken].map(entry => ({ entry, message: conflictMessage(path.text, entry.path) }))
}

function leafFor<T>(root: Node<T>, variant: readonly PathSegment[]): Leaf<T> | null {
  let node: Node<T> | null = root
  for (const segment of variant) {
    if (node === null) return null
    if (segment.kind === 'wildcard') return node.rest
    node = childFor(node, segment)
  }
  return node?.leaf ?? null
}

function conflictMessage(path: string, other: string): string {
  if (path === other) return `The path ${path} is taken already.`
  const both = `${path} is as specific as ${other}, which is taken: a request could belong to either.`
  return `${both} Make a fixed part of them differ.`
}

function matchInTree<T>(root: Node<T>, path: string): PathMatch<T> | null {
  if (!path.startsWith('/')) return null
  const parts = path.slice(1).split('/')
  const segments = path.includes('%') ? parts.map(part => decodeSegment(part) ?? part) : parts
  if (segments.some(segment => segment === '.' || segment === '..')) return null
  return walk(root, segments, 0)
}

function walk<T>(node: Node<T>, segments: readonly string[], at: number): PathMatch<T> | null {
  const segment = segments[at]
  if (segment === undefined) return node.leaf === null ? null : accept(node.leaf, segments, null)
  const fixed = node.statics.get(segment)
  return (
    (fixed === undefined ? null : walk(fixed, segments, at + 1)) ??
    (node.formed === null || segment === '' ? null : walk(node.formed, segments, at + 1)) ??
    (node.plain === null || segment === '' ? null : walk(node.plain, segments, at + 1)) ??
    (node.rest === null ? null : accept(node.rest, segments, at))
  )
}

function accept<T>(leaf: Leaf<T>, segments: readonly string[], restAt: number | null): PathMatch<T> | null {
  const params: [name: string, value: string][] = []
  for (const { at, name, form } of leaf.parameters) {
    const value = segments[at] ?? ''
    if (form !== null && !hasForm(form, value)) return null
    params.push([name, value])
  }
  if (restAt !== null) params.push(['0', segments.slice(restAt).join('/')])
  return { entry: leaf.entry, params: Object.fromEntries(params) }
}
