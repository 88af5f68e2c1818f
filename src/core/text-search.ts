/**
 * A search for a text, in any case, also where JSON spells it otherwise (`ü` as `\u00fc`, `"` as `\"`).
 *
 * Engines compare bytes fast and know the case of ASCII letters only. So each text is searched in two steps: the engine
 * looks for a fragment that stands in every spelling of it, and what it finds is read and looked at here, where that
 * fragment is not already the whole.
 */
export interface TextSearch {
  /** What is searched for holds one of these, as bytes, upper and lower case of ASCII letters being the same. */
  readonly fragments: readonly string[]
  /** The fragment is the whole text, and no name of ours: whatever holds it has been found. */
  readonly isExact: boolean
  foundIn(body: Uint8Array, detail: string): boolean
}

/** Characters that every JSON writer leaves as they are; some write `/`, `<`, `&` and the like as an escape. */
const plainRun = /[ !#$%()*,\-.0-9:;=?@A-Z[\]^_`a-z{|}~]+/g

/** Names in an event's detail: a text that is part of one of them would be found in every event. */
const ownNames =
  'targets,type,value,owner,name,cause,runId,eventId,request,method,path,query,headers,params,sender,verified,deliveryId,null'.toLowerCase()

export function textSearch(text: string): TextSearch {
  const wanted = text.toLowerCase()
  const longest = (text.match(plainRun) ?? []).reduce((a, b) => (b.length > a.length ? b : a), '')
  return {
    fragments: longest === '' ? spellings(text) : [longest],
    isExact: longest === text && !ownNames.includes(wanted),
    foundIn: (body, detail) =>
      holds(decoder.decode(body), wanted) || valuesOf(detail).some(one => one.toLowerCase().includes(wanted)),
  }
}

const decoder = new TextDecoder()

function holds(text: string, wanted: string): boolean {
  if (text.toLowerCase().includes(wanted)) return true
  return text.includes('\\') && unescaped(text).toLowerCase().includes(wanted)
}

/** How the first character may be written: in both cases, and as an escape of JSON. */
function spellings(text: string): string[] {
  const [first = ''] = text
  const cases = new Set([first, first.toLowerCase(), first.toUpperCase()])
  return [...cases].flatMap(one => {
    const short = Object.entries(shortEscapes).find(([, meant]) => meant === one)?.[0]
    return [one, escapeOf(one), ...(short === undefined ? [] : [`\\${short}`])]
  })
}

/** `\u00fc`; two of them for a character beyond the first plane. */
const escapeOf = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('')

const shortEscapes: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

const unescaped = (text: string): string =>
  text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/g, (_, code?: string, short?: string) =>
    code === undefined ? shortEscapes[short ?? '']! : String.fromCharCode(Number.parseInt(code, 16)),
  )

/** What people know of an event's detail: values, and the names of headers, but none of ours. */
function valuesOf(detail: string): string[] {
  const { targets, owner, request } = JSON.parse(detail) as Partial<Record<string, unknown>>
  const values: string[] = []
  const collect = (value: unknown): void => {
    if (typeof value === 'string') values.push(value)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect)
  }
  collect([targets, owner, request])
  if (
    typeof request === 'object' &&
    request !== null &&
    'headers' in request &&
    typeof request.headers === 'object'
  )
    values.push(...Object.keys(request.headers ?? {}))
  return values
}
