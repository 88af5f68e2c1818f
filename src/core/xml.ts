import { SaxesParser, type SaxesTagPlain } from 'saxes'

/** What is larger, deeper or has more elements and attributes stays text: no expression may hold up all others. */
export const xmlLimits = { characters: 1024 * 1024, depth: 200, nodes: 100_000 }

export type XmlValue = string | { [name: string]: XmlValue | XmlValue[] }

interface Open {
  name: string
  text: string
  fields: { [name: string]: XmlValue | XmlValue[] } | null
}

/**
 * An XML document as plain values: `<order id="7"><item>a</item><item>b</item></order>` is
 * `{order: {_id: '7', item: ['a', 'b']}}`. Namespace prefixes fall away, text beside attributes or elements is `_`.
 * Undefined for what is not well-formed, or too large. No entity but XML's own five is known, so none can be expanded
 * or fetched.
 */
export function parseXml(text: string): Record<string, XmlValue | XmlValue[]> | undefined {
  if (text.length > xmlLimits.characters) return undefined
  const document = newFields()
  const open: Open[] = [{ name: '', text: '', fields: document }]
  let nodes = 0
  const parser = new SaxesParser<{ xmlns: false }>()
  const addText = (more: string) => {
    open.at(-1)!.text += more
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  const count = () => {
    if (++nodes > xmlLimits.nodes) throw new Error('too large')
  }
  parser.on('attribute', count)
  parser.on('opentag', tag => {
    count()
    if (open.length > xmlLimits.depth) throw new Error('too deep')
    open.push({ name: localName(tag.name), text: '', fields: attributesOf(tag) })
  })
  parser.on('closetag', () => {
    const { name, text, fields } = open.pop()!
    add((open.at(-1)!.fields ??= newFields()), name, valueOf(text.trim(), fields))
  })
  try {
    parser.write(text).close()
  } catch {
    return undefined
  }
  return document
}

function valueOf(text: string, fields: Open['fields']): XmlValue {
  if (fields === null) return text
  if (text !== '') add(fields, '_', text)
  return fields
}

function attributesOf({ attributes }: SaxesTagPlain): Open['fields'] {
  let fields: Open['fields'] = null
  for (const name of Object.keys(attributes))
    if (name !== 'xmlns' && !name.startsWith('xmlns:'))
      add((fields ??= newFields()), `_${localName(name)}`, attributes[name]!)
  return fields
}

/** What has one name is a list. */
function add(fields: NonNullable<Open['fields']>, name: string, value: XmlValue): void {
  const former = fields[name]
  if (former === undefined) fields[name] = value
  else if (Array.isArray(former)) former.push(value)
  else fields[name] = [former, value]
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** Without a prototype, so that an element named `__proto__` is a name like any other. */
const newFields = (): NonNullable<Open['fields']> => Object.create(null) as NonNullable<Open['fields']>
