export const sessionCookie = 'signalbox_session'
export const viewCookie = 'signalbox_view'

/** The value of one cookie; ours need no decoding. The first counts: browsers send the most specific path first. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=')
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim()
  }
  return null
}

export interface CookieTerms {
  /** Where it is sent: the base path; nothing for everywhere. */
  path: string
  isSecure: boolean
}

/** `seconds` 0 makes the browser forget it. */
export function writeCookie(name: string, value: string, seconds: number, terms: CookieTerms): string {
  const { path, isSecure } = terms
  const secure = isSecure ? '; Secure' : ''
  return `${name}=${value}; Path=${path || '/'}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`
}

const maxViewKeys = 10
/** Marks a key that came by a share link: it lets its holder look, but says nothing of who the holder is. */
const sharedMark = '~'

export interface ViewKey {
  key: string
  shared: boolean
}

const viewKeyPattern = /^sb_view_[A-Za-z0-9_-]{43}$/

export function readViewKeys(header: string | undefined): ViewKey[] {
  const parts = (readCookie(header, viewCookie) ?? '').split('.', maxViewKeys)
  return parts
    .map(part => ({ key: part.replace(sharedMark, ''), shared: part.startsWith(sharedMark) }))
    .filter(({ key }) => viewKeyPattern.test(key))
}

/** The newest keys stay when there are too many; a key that is there already keeps its place. */
export function withViewKey(keys: readonly ViewKey[], added: ViewKey): string {
  const known = keys.some(({ key }) => key === added.key)
  return (known ? keys : [...keys, added])
    .slice(-maxViewKeys)
    .map(({ key, shared }) => (shared ? sharedMark + key : key))
    .join('.')
}
