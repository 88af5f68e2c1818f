// A disk that loses whatever was not synced, replayed from a trace up to the moment of a power cut.
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Random } from './random.ts'
import type { Call, Step } from './trace.ts'

/**
 * What has a content, synced or pending: a file has bytes, a folder has names. A file's name is its folder's content:
 * syncing the file alone does not keep it.
 */
interface Kept<Content, Change> {
  synced: Content
  /** Changes since the last sync, oldest first: none, some or all of them may be on the disk. */
  pending: { change: Change; ended: boolean }[]
}
interface File extends Kept<Buffer, Write | Truncate> {
  type: 'file'
  /** As the process sees it. */
  length: number
}
interface Folder extends Kept<Names, Renaming> {
  type: 'folder'
  now: Names
}

interface Write {
  offset: number
  bytes: Buffer
}
interface Truncate {
  length: number
}
type Names = Map<string, File | Folder>
/** Happens whole or not at all. null: removed. */
type Renaming = [name: string, entry: File | Folder | null][]

/**
 * lost: of what was not synced, nothing survives. torn: of each write, any of its sectors may survive; of the changes
 * of names, any number in their order.
 */
export type Cut = 'lost' | 'torn'

const sectorBytes = 512

export interface Disk {
  step(step: Step): void
  /** Writes the files as they are after a power cut now. */
  putAfterCut(folder: string, cut: Cut, random: Random): void
}

/** `folder` is there, empty and synced, before the trace begins. */
export function createDisk(folder: string): Disk {
  const root: Folder = { type: 'folder', synced: new Map(), pending: [], now: new Map() }
  const endings = new Map<Call, () => void>()

  const find = (path: string): File | Folder | undefined => {
    let entry: File | Folder | undefined = root
    for (const name of path.slice(folder.length).split('/').filter(Boolean))
      entry = entry?.type === 'folder' ? entry.now.get(name) : undefined
    return entry
  }
  const fileAt = (path: string): File => {
    const file = find(path)
    if (file?.type !== 'file') throw new Error(`The trace writes to ${path}, which it did not create`)
    return file
  }
  const folderOf = (path: string): Folder => {
    const found = find(dirname(path))
    if (found?.type !== 'folder') throw new Error(`The trace names ${path}, whose folder it did not make`)
    return found
  }
  const rename = (parent: Folder, renaming: Renaming) => {
    for (const [name, entry] of renaming) {
      if (entry) parent.now.set(name, entry)
      else parent.now.delete(name)
    }
    return add(parent, renaming)
  }
  const write = (file: File, change: Write | Truncate) => {
    file.length = 'bytes' in change ? Math.max(file.length, endOf(change)) : change.length
    return add(file, change)
  }

  /** Answers what happens when the call ends. */
  const begin = (call: Call): (() => void) => {
    switch (call.type) {
      case 'create': {
        const existing = find(call.path)
        if (existing?.type === 'file') return call.truncates ? write(existing, { length: 0 }) : nothing
        const file: File = { type: 'file', synced: Buffer.alloc(0), pending: [], length: 0 }
        return rename(folderOf(call.path), [[basename(call.path), file]])
      }
      case 'mkdir': {
        const made: Folder = { type: 'folder', synced: new Map(), pending: [], now: new Map() }
        return rename(folderOf(call.path), [[basename(call.path), made]])
      }
      case 'write': {
        const file = fileAt(call.path)
        return write(file, { offset: call.offset ?? file.length, bytes: call.bytes })
      }
      case 'truncate':
        return write(fileAt(call.path), { length: call.length })
      case 'unlink':
        return rename(folderOf(call.path), [[basename(call.path), null]])
      case 'link':
        return rename(folderOf(call.path), [[basename(call.path), fileAt(call.from)]])
      case 'rename': {
        const parent = folderOf(call.path)
        if (parent !== folderOf(call.from)) throw new Error(`${call.from} was moved to another folder`)
        return rename(parent, [
          [basename(call.from), null],
          [basename(call.path), fileAt(call.from)],
        ])
      }
      case 'sync': {
        const entry = find(call.path)
        if (!entry) throw new Error(`The trace syncs ${call.path}, which it did not create`)
        return entry.type === 'file' ? sync(entry, changeBytes) : sync(entry, changeNames)
      }
      case 'sent':
        return nothing
    }
  }

  return {
    step({ phase, call }) {
      if (phase === 'begin') endings.set(call, begin(call))
      else {
        endings.get(call)?.()
        endings.delete(call)
      }
    },
    putAfterCut: (target, cut, random) => put(root, target, cut, random),
  }
}

const nothing = () => {}
const endOf = ({ offset, bytes }: Write): number => offset + bytes.length

function add<Content, Change>(entry: Kept<Content, Change>, change: Change): () => void {
  const pending = { change, ended: false }
  entry.pending.push(pending)
  return () => {
    pending.ended = true
  }
}

/** A sync covers what had ended when it began, and holds once it has ended itself. */
function sync<Content, Change>(
  entry: Kept<Content, Change>,
  apply: (content: Content, change: Change) => Content,
): () => void {
  const covered = new Set(entry.pending.filter(pending => pending.ended))
  return () => {
    for (const pending of entry.pending)
      if (covered.has(pending)) entry.synced = apply(entry.synced, pending.change)
    entry.pending = entry.pending.filter(pending => !covered.has(pending))
  }
}

function changeNames(names: Names, renaming: Renaming): Names {
  for (const [name, entry] of renaming) {
    if (entry) names.set(name, entry)
    else names.delete(name)
  }
  return names
}

function changeBytes(bytes: Buffer, change: Write | Truncate): Buffer {
  const length = 'bytes' in change ? Math.max(bytes.length, endOf(change)) : change.length
  // A copy only where the length changes: files of some megabytes are written page by page.
  const changed = length === bytes.length ? bytes : resized(bytes, length)
  if ('bytes' in change) change.bytes.copy(changed, change.offset)
  return changed
}

function resized(bytes: Buffer, length: number): Buffer {
  const changed = Buffer.alloc(length)
  bytes.copy(changed)
  return changed
}

function put(folder: Folder, target: string, cut: Cut, random: Random): void {
  mkdirSync(target, { recursive: true })
  const survive = cut === 'torn' ? random.integer(0, folder.pending.length) : 0
  const names = new Map(folder.synced)
  for (const { change } of folder.pending.slice(0, survive)) changeNames(names, change)
  for (const [name, entry] of names) {
    const path = join(target, name)
    if (entry.type === 'folder') put(entry, path, cut, random)
    else writeFileSync(path, cut === 'torn' ? torn(entry, random) : entry.synced)
  }
}

/** The synced bytes, and of each write since any of the sectors that it touched. */
function torn(file: File, random: Random): Buffer {
  const odds = random.pick([0.1, 0.5, 0.9])
  let bytes: Buffer = Buffer.from(file.synced)
  for (const { change } of file.pending) {
    if ('length' in change) bytes = random.chance(odds) ? changeBytes(bytes, change) : bytes
    else for (const part of sectorsOf(change)) bytes = random.chance(odds) ? changeBytes(bytes, part) : bytes
  }
  return bytes
}

function sectorsOf({ offset, bytes }: Write): Write[] {
  const parts: Write[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + sectorBytes - ((offset + at) % sectorBytes))
    parts.push({ offset: offset + at, bytes: bytes.subarray(at, end) })
    at = end
  }
  return parts
}
