import type { EventDetail } from '../../api/types.ts'

const mostFields = 6

/** A body template to begin with: the event's kind, and what its body holds at the top. */
export function templateFor({ body }: Pick<EventDetail, 'body'>): string {
  const fields = fieldsOf(body.text).map(name => `  ${JSON.stringify(name)}: {{ toJson ${reach(name)} }}`)
  const content = fields.length > 0 ? fields : ['  "text": {{ toJson .raw }}']
  return `{\n  "event": {{ toJson .event.kind }},\n${content.join(',\n')}\n}`
}

function fieldsOf(text: string | null): string[] {
  try {
    const value: unknown = JSON.parse(text ?? '')
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
    return Object.keys(value)
      .filter(name => name !== 'event')
      .slice(0, mostFields)
  } catch {
    return []
  }
}

const reach = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `.body.${name}` : `(index .body ${JSON.stringify(name)})`
