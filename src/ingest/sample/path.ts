import { hasForm, parseEndpointPath, type PathSegment } from '../../core/endpoint-path.ts'

/** Texts that most forms are satisfied by. */
const words = [
  'sample',
  '1',
  '4620',
  'a',
  'main',
  '2026-11-21',
  'v1.4.0',
  'b6a4c1de-0000-7000-8000-000000004620',
]

/** A path that the endpoint takes; null where its forms ask for what only its owner knows. */
export function samplePath(text: string): string | null {
  const parsed = parseEndpointPath(text)
  if (!parsed.ok) return text
  const parts = parsed.path.segments.map(sampleOf)
  return parts.includes(null) ? null : parts.join('')
}

function sampleOf(segment: PathSegment): string | null {
  if (segment.kind === 'static') return `/${encodeURIComponent(segment.text)}`
  if (segment.kind === 'wildcard') return '/sample'
  if (segment.optional) return ''
  const { form } = segment
  const word = form === null ? words[0] : words.find(one => hasForm(form, one))
  return word === undefined ? null : `/${word}`
}
